"""Excel 97 workbooks, as xlwt makes them."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlwt  # type: ignore[import-untyped]

from smsdrop.files.formats import find_reading
from smsdrop.reasons import FileRefused, Reason
from tests.support.workbooks import rows_of


def book_of(fill: Callable[[Any], object]) -> bytes:
    book = xlwt.Workbook()
    fill(book)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def styled(number_format: str) -> Any:
    style = xlwt.XFStyle()
    style.num_format_str = number_format
    return style


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        pytest.param("张三", "General", "张三", id="text"),
        pytest.param(13800138000, "General", "13800138000", id="number"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="fraction"),
        pytest.param(7, "000", "007", id="leading zeros"),
        pytest.param(True, "General", "TRUE", id="boolean"),
        pytest.param(date(2026, 1, 2), "yyyy-mm-dd", "2026-01-02", id="date"),
        pytest.param(
            date(2026, 7, 1), "[$-F800]dddd, mmmm dd, yyyy", "2026年7月1日", id="long date"
        ),
        pytest.param(0.25, "0%", "25%", id="percent"),
        pytest.param(100 / 3, "0.00", "33.33", id="decimals"),
        pytest.param(1234.5, "#,##0.00", "1,234.50", id="thousands"),
        pytest.param(7, '"VIP"0000', "VIP0007", id="words"),
        pytest.param(12345, '[>=10000]0!.0,"万";0', "1.2万", id="condition"),
        pytest.param("张三", '"to "@', "to 张三", id="words around a text"),
        pytest.param(0.5, "# ?/?", "1/2", id="a fraction"),
        pytest.param(5, "[DBNum2]0", "########", id="numerals of cheques"),
        pytest.param(110101199003070000, "General", "1.10101E+17", id="digits lost"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: Any, number_format: str, text: str) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_sheet("a")
        sheet.write(0, 0, "phone")
        sheet.write(0, 1, "x")
        sheet.write(1, 0, 13800138000, styled("0.00"))
        sheet.write(1, 1, value, styled(number_format))

    assert rows_of(book_of(fill))[2] == ["13800138000", text]


def test_rows_keep_their_numbers() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_sheet("a")
        sheet.write(1, 0, "phone")
        sheet.write(1, 2, "name")
        sheet.write(3, 1, "x")

    assert rows_of(book_of(fill)) == {1: [""], 2: ["phone", "", "name"], 3: [""], 4: ["", "x", ""]}


def test_a_hidden_sheet_is_not_read() -> None:
    def fill(book: Any) -> None:
        hidden = book.add_sheet("hidden")
        hidden.write(0, 0, "secret")
        hidden.visibility = 1
        book.add_sheet("shown").write(0, 0, "phone")
        book.active_sheet = 1

    assert rows_of(book_of(fill)) == {1: ["phone"]}


def test_other_sheets_are_named() -> None:
    def fill(book: Any) -> None:
        for name in ("July", "八月", "hidden"):
            book.add_sheet(name).write(0, 0, "phone")
        book.get_sheet("hidden").visibility = 1

    with ExitStack() as stack:
        reading = find_reading(BytesIO(book_of(fill)), stack)
        list(reading.blocks())

    assert reading.problems() == [Reason("other_sheets", ("July", "1"))]


def test_a_phone_number_that_was_rounded_is_rejected() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_sheet("a")
        sheet.write(0, 0, "phone")
        sheet.write(1, 0, 13912345700, styled("0.00000000E+00"))

    assert rows_of(book_of(fill))[2] == ["1.39123E+10"]


@pytest.mark.parametrize("how", ["hidden", "without height"])
def test_hidden_rows_refuse_the_file(how: str) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_sheet("a")
        for row, text in enumerate(["phone", "13800138000", "13900139000"]):
            sheet.write(row, 0, text)
        if how == "hidden":
            sheet.row(1).hidden = True
        else:
            sheet.row(1).height = 0
            sheet.row(1).height_mismatch = True

    with pytest.raises(FileRefused) as refused:
        rows_of(book_of(fill))

    assert refused.value.reason == Reason("rows_hidden", ("1",))


def test_a_failed_formula_is_an_error() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_sheet("a")
        sheet.row(0).set_cell_error(0, "#DIV/0!")

    assert rows_of(book_of(fill)) == {1: ["#DIV/0!"]}


def test_a_formula_that_was_never_calculated_refuses_the_file() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_sheet("a")
        sheet.write(0, 0, "phone")
        sheet.write(0, 1, "amount")
        sheet.write(1, 0, 13800138000)
        sheet.write(1, 1, xlwt.Formula("A2*2"))

    with pytest.raises(FileRefused) as refused:
        rows_of(book_of(fill))

    assert refused.value.reason == Reason("never_calculated", ("B2",))


def test_a_workbook_of_hidden_sheets_alone_is_refused_for_that() -> None:
    def fill(book: Any) -> None:
        book.add_sheet("hidden").visibility = 1

    with pytest.raises(FileRefused, match="no visible sheet"):
        rows_of(book_of(fill))


@pytest.mark.parametrize("size", [512, 2000])
def test_half_a_workbook_is_refused(size: int) -> None:
    content = book_of(lambda book: book.add_sheet("a").write(0, 0, "phone"))

    with pytest.raises(FileRefused, match="damaged"):
        rows_of(content[:size])

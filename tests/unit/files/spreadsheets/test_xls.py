"""Excel 97 workbooks, as xlwt makes them."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlwt  # type: ignore[import-untyped]

from smsdrop.reasons import FileRefused
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
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: Any, number_format: str, text: str) -> None:
    content = book_of(lambda book: book.add_sheet("a").write(0, 0, value, styled(number_format)))

    assert rows_of(content) == {1: [text]}


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

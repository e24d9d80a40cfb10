"""A file's header, whether it has one or not, and the rows under it."""

import gzip
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from smsdrop.files.recipient_file import FIRST_ROWS, IMPLIED_NAME, open_recipient_file
from smsdrop.reasons import FileRefused, Reason
from tests.support.blocks import rows_of
from tests.support.judged_files import judged
from tests.support.workbooks import open_document

Rows = list[tuple[int, list[str]]]


def read(content: str) -> tuple[list[str], Rows, int]:
    with open_recipient_file(BytesIO(content.encode())) as file:
        return file.header, list(rows_of(file.blocks)), file.blank


def test_the_first_row_is_the_header() -> None:
    header, rows, blank = read("phone,name\n1,a\n2,b\n")

    assert (header, blank) == (["phone", "name"], 0)
    assert rows == [(2, ["1", "a"]), (3, ["2", "b"])]


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param("\n \n", id="lines"),
        pytest.param(",,\n,,\n", id="separators"),
        pytest.param(",\u3000,\n\n", id="a wide space"),
    ],
)
def test_blank_rows_before_the_header_are_counted(beginning: str) -> None:
    header, rows, blank = read(f"{beginning}phone,name,x\n1,a,y\n")

    assert (header, blank) == (["phone", "name", "x"], 2)
    assert rows == [(4, ["1", "a", "y"])]


@pytest.mark.parametrize(
    ("content", "header", "rows"),
    [
        pytest.param("13800138000\n+86 139-0013-9000\n", [IMPLIED_NAME], 2, id="numbers"),
        pytest.param("13800138000\n\n13900139000\n", [IMPLIED_NAME], 3, id="a blank line amid"),
        pytest.param(",1.38E+10\n,13900139000\n", ["", IMPLIED_NAME], 2, id="the second column"),
        pytest.param("13800138000,张三\n", ["13800138000", "张三"], 0, id="two filled columns"),
        pytest.param("13800138000,\n,13900139000\n", ["13800138000", ""], 1, id="two columns"),
        pytest.param("13800138000\nphone\n", ["13800138000"], 1, id="a word"),
    ],
)
def test_bare_numbers_need_no_header(content: str, header: list[str], rows: int) -> None:
    read_header, read_rows, _ = read(content)

    assert (read_header, len(read_rows)) == (header, rows)


def test_only_the_first_rows_tell_bare_numbers() -> None:
    numbers = "13800138000\n" * FIRST_ROWS

    assert read(numbers + "oops\n")[0] == [IMPLIED_NAME]
    assert read("oops\n" + numbers)[0] == ["oops"]


@pytest.mark.parametrize("content", ["", "\n\n", ",,\n , \n", "\ufeff"])
def test_a_file_without_a_row_is_refused(content: str) -> None:
    with pytest.raises(FileRefused, match="file is empty"):
        read(content)


TITLE = ["2026年7月会员名单"]
NAMES = ["序号", "手机号", "name"]
ROW = ["1", "13800138000", "张三"]


def book_of(*sheets: tuple[str, list[list[str]]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def why_refused(content: bytes) -> Reason:
    with pytest.raises(FileRefused) as refused, open_recipient_file(BytesIO(content)) as file:
        file.read_header()
    return refused.value.reason


@pytest.mark.parametrize(
    ("content", "row"),
    [
        pytest.param(book_of(("July", [TITLE, [], NAMES, ROW])), "3", id="a workbook"),
        pytest.param("会员名单\n手机号\n13800138000\n".encode(), "2", id="a text"),
        pytest.param(b"list,of July\nx,y\nphone,name\n13800138000,a\n", "3", id="two titles"),
        pytest.param(
            book_of(("July", [["Hotline", "13800138000"], NAMES, ROW])), "2", id="a number in it"
        ),
    ],
)
def test_a_header_below_a_title_is_named_by_its_row(content: bytes, row: str) -> None:
    assert why_refused(content) == Reason("header_lower_down", (row, "1"))


def test_a_sheet_without_a_list_is_named_and_the_others_too() -> None:
    note = ("ReadMe", [["先看这里"], ["说明"]])

    assert why_refused(book_of(note, ("名单", [NAMES, ROW]), ("8", [NAMES]))) == Reason(
        "no_recipient_column_in_sheet", ("ReadMe", "名单 | 8", "先看这里")
    )
    assert why_refused(book_of(note)) == Reason("no_recipient_column", ("先看这里",))


def test_the_sheets_of_an_open_document_are_named_too() -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    row = f"<table:table-row>{cell}</table:table-row>"
    tables = "".join(
        f'<table:table table:name="{name}">{row.format(text) * 3000}</table:table>'
        for name, text in (("ReadMe", "说明"), ("名单", "手机号"))
    )

    assert why_refused(open_document(tables)) == Reason(
        "no_recipient_column_in_sheet", ("ReadMe", "名单", "说明")
    )


def test_a_header_below_a_title_and_other_sheets_are_both_named() -> None:
    content = book_of(("July", [TITLE, NAMES]), ("August", [NAMES]))

    assert why_refused(content) == Reason(
        "header_lower_down_in_sheet", ("2", "1", "July", "August")
    )


@pytest.mark.parametrize("rows", [[], [NAMES]])
def test_a_first_sheet_that_is_empty_is_named_and_the_others_too(rows: list[list[str]]) -> None:
    outcome = judged(book_of(("July", rows), ("August", [NAMES, ROW])))

    assert outcome.refused == "no_recipients_in_sheet"


def test_hidden_rows_are_read_where_they_are_meant() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["phone"])
    sheet.append([13800138000])
    sheet.row_dimensions[2].hidden = True
    content = BytesIO()
    book.save(content)

    with open_recipient_file(BytesIO(content.getvalue()), with_hidden_rows=True) as file:
        assert list(rows_of(file.blocks)) == [(2, ["13800138000"])]

    assert file.problems() == [Reason("hidden_rows", ("1",))]


def test_after_the_last_block_the_stream_is_at_its_end() -> None:
    """Whatever the reader does not need, here the zeros after the end of a gzip stream."""
    stream = BytesIO(gzip.compress(b"phone\n13800138000\n") + b"\0" * 1_000_000)

    with open_recipient_file(stream) as file:
        assert list(rows_of(file.blocks)) == [(2, ["13800138000"])]

    assert stream.read() == b""

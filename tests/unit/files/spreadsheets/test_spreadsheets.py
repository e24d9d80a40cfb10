"""What spreadsheets hold, beyond the files in recipient_files/, and a second opinion on those."""

from contextlib import ExitStack
from io import BytesIO
from itertools import dropwhile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from smsdrop.files.formats import find_reading
from smsdrop.files.spreadsheets.xlsx_parts import unescaped
from smsdrop.reasons import FileRefused
from tests.support import blocks
from tests.support.workbooks import MAIN, open_document, workbook

FOLDER = Path(__file__).parents[3] / "recipient_files"


def rows_of(content: bytes) -> dict[int, list[str]]:
    with ExitStack() as stack:
        return dict(blocks.rows_of(find_reading(BytesIO(content), stack).blocks()))


def cell(reference: str, value: str, kind: str = "n") -> str:
    return f'<c r="{reference}" t="{kind}"><v>{value}</v></c>'


def test_texts_that_cells_share_are_put_together() -> None:
    texts = (
        "<si><t>手机号</t></si>"
        "<si><r><t>na</t></r><r><rPr><b/></rPr><t>me</t></r>"
        '<rPh sb="0" eb="1"><t>spoken</t></rPh><phoneticPr fontId="1"/></si>'
        '<si><t xml:space="preserve"> a&amp;b\n</t></si><si/>'
    )
    sheet = (
        f"<row>{cell('A1', '0', 's')}{cell('B1', '1', 's')}</row>"
        f"<row>{cell('A2', '2', 's')}{cell('B2', '3', 's')}</row>"
    )

    rows = rows_of(workbook(sheet, shared_texts=f"<sst {MAIN}>{texts}</sst>"))

    assert rows == {1: ["手机号", "name"], 2: [" a&b\n", ""]}


def test_cells_and_rows_that_are_left_out_are_empty() -> None:
    sheet = (
        f'<row r="2">{cell("B2", "1")}{cell("D2", "2")}</row>'
        f'<row r="5"><c r="A5"/>{cell("C5", "3")}</row><row r="9"/>'
    )

    rows = rows_of(workbook(sheet))

    assert rows == {1: [""], 2: ["", "1", "", "2"], 3: [""], 4: [""], 5: ["", "", "3", ""]}


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("a_x000D_b", "a\rb"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x4E2D_", "中"),
        ("_xD83D_", "_xD83D_"),
        ("_x00_ _xyz_ x_", "_x00_ _xyz_ x_"),
    ],
)
def test_letters_that_xml_cannot_hold_are_unescaped(escaped: str, text: str) -> None:
    assert unescaped(escaped) == text


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(cell("A1", "7", "s"), id="no such shared text"),
        pytest.param(cell("A1", "x", "s"), id="shared text of no number"),
        pytest.param('<c r="A1" s="99"><v>1</v></c>', id="no such style"),
        pytest.param(cell("é1", "1"), id="no such column"),
        pytest.param("<c>", id="not closed"),
    ],
)
def test_a_workbook_that_contradicts_itself_is_refused(sheet: str) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        rows_of(workbook(f'<row r="1">{sheet}</row>'))


def test_a_number_in_an_open_document_keeps_the_zeros_that_are_shown() -> None:
    table = (
        "<table:table><table:table-row>"
        '<table:table-cell office:value-type="float" office:value="7"><text:p>007</text:p>'
        '</table:table-cell><table:table-cell office:value-type="float" office:value="1234.5">'
        "<text:p>1,234.50</text:p></table:table-cell>"
        '<table:table-cell office:value-type="percentage" office:value="0.25">'
        "<text:p>25%</text:p></table:table-cell></table:table-row></table:table>"
    )

    assert rows_of(open_document(table)) == {1: ["007", "1234.5", "0.25"]}


def test_only_the_first_of_several_tables_is_read() -> None:
    table = (
        "<table:table><table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )

    assert rows_of(open_document(table.format("a") + table.format("b"))) == {1: ["a"]}


SEEN_ALIKE = [
    "numbers-as-numbers.xlsx",
    "first-visible-sheet.xlsx",
    "merged-cells.xlsx",
    "plain-numbers.xlsx",
    "workbook-with-macros.xlsm",
]


@pytest.mark.parametrize("name", SEEN_ALIKE)
def test_another_reader_finds_the_same_in_a_workbook(name: str) -> None:
    """Those files that hold no dates, which calamine does not show as a person sees them."""
    content = (FOLDER / name).read_bytes()
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    visible = [each.name for each in book.sheets_metadata if str(each.visible) == VISIBLE]

    theirs = book.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False)

    ours = list(rows_of(content).values())
    assert [trimmed(row) for row in ours if any(row)] == [
        trimmed([plain(value) for value in row]) for row in theirs if any(row)
    ]


VISIBLE = "SheetVisibleEnum.Visible"


def plain(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) and value >= 1e-4 else number_text(value)


def number_text(value: Any) -> str:
    return f"{value:.7f}" if isinstance(value, float) else str(value)


def trimmed(row: list[str]) -> list[str]:
    """Leave out empty cells at the end."""
    return list(dropwhile(lambda cell: not cell, reversed(row)))

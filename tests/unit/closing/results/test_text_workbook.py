"""Workbooks of text, read back by libraries that read workbooks."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped] # it says nothing of its types
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from smsdrop.closing.results.text_workbook import SHEET, TextWorkbook
from tests.simulation.no_io import noticing
from tests.support.folder import Folder
from tests.support.workbooks import rows_of

HEADING = ["手机号", "name"]
NASTY = [
    "007",
    "+8613800138000",
    "1.39E+10",
    "=1+1",
    "TRUE",
    "2026-12-01",
    " a ",
    "a\nb",
    "a\rb",
    "<r>&amp;</r>",
    "_x0041_",
    "_x0041_x0042_",
    "\x01",
    "\ufffe",
    "🎉",
]


def workbook_of(rows: list[list[str]], **limits: int) -> bytes | None:
    folder = Folder()
    with TextWorkbook(folder.open_file, "a.xlsx", HEADING, **limits) as workbook:
        for row in rows:
            workbook.add(row)
    return folder.files.get("a.xlsx")


def whole(rows: list[list[str]]) -> bytes:
    content = workbook_of(rows)
    assert content is not None
    return content


@pytest.mark.parametrize("cell", NASTY)
def test_a_cell_is_read_as_it_was_typed(cell: str) -> None:
    assert rows_of(whole([[cell, "a"]])) == {1: HEADING, 2: [cell, "a"]}


cells = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(cells, cells).map(list), max_size=5))
@example([["_x005F_", "_x_x0041_"]])
def test_any_cells_are_read_as_they_were_typed(rows: list[list[str]]) -> None:
    assert list(rows_of(whole(rows)).values()) == [HEADING, *rows]


def test_other_programs_read_the_same_and_take_every_cell_for_text() -> None:
    content = whole([[cell, "a"] for cell in NASTY[:7]])

    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows()] == ["手机号", *NASTY[:7]]
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["手机号", *NASTY[:7]]


def sheet_of_xlsxwriter(rows: list[list[str]], path: Path) -> str:
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet()
    sheet.set_column(0, 16_383, 18, text)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    for row, row_cells in enumerate(rows):
        for column, cell in enumerate(row_cells):
            sheet.write_string(row, column, cell, text)
    book.close()
    return ZipFile(path).read("xl/worksheets/sheet1.xml").decode()


def test_the_sheet_is_what_xlsxwriter_makes_of_these_rows(tmp_path: Path) -> None:
    """Its output is compared with Excel's own by its tests; it knows a size beforehand."""
    rows = [[cell, "a" * number] for number, cell in enumerate(NASTY, 1) if cell[0] not in "<_"]

    theirs = sheet_of_xlsxwriter([HEADING, *rows], tmp_path / "theirs.xlsx")

    ours = ZipFile(BytesIO(whole(rows))).read(SHEET).decode()
    size = f'<dimension ref="A1:XFD{1 + len(rows)}"/>'
    assert theirs.count(size) == 1
    assert theirs.replace(size, "") == ours


def test_the_same_rows_give_the_same_bytes() -> None:
    assert whole([["1", "a"]]) == whole([["1", "a"]])


@pytest.mark.parametrize(
    ("rows", "fits"),
    [pytest.param(3, True, id="as many as it may hold"), pytest.param(4, False, id="one over")],
)
def test_a_workbook_of_too_many_rows_is_none(rows: int, fits: bool) -> None:
    content = workbook_of([["1", "a"]] * rows, max_rows=3)

    assert (content is not None) == fits


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        pytest.param(["x" * 32_767], True, id="a cell as long as excel takes"),
        pytest.param(["x" * 32_768], False, id="a cell that is too long"),
        pytest.param(["🎉" * 16_384], False, id="one of too many units"),
        pytest.param([""] * 16_384, True, id="as many columns as excel has"),
        pytest.param([""] * 16_385, False, id="a column too many"),
    ],
)
def test_what_excel_does_not_take_is_no_workbook(row: list[str], fits: bool) -> None:
    assert (workbook_of([row, ["1", "a"]]) is not None) == fits


def test_a_workbook_that_gets_too_long_is_none() -> None:
    assert workbook_of([["1", "a" * 1000]], max_bytes=1_000) is None
    assert workbook_of([["1", "a" * 1000]], max_bytes=2_000) is not None


def break_off(folder: Folder) -> None:
    with TextWorkbook(folder.open_file, "a.xlsx", HEADING) as workbook:
        workbook.add(["1", "a"])
        raise KeyError


def test_a_workbook_that_is_broken_off_is_no_file() -> None:
    folder = Folder()

    with pytest.raises(KeyError):
        break_off(folder)

    assert folder.files == {}


def test_a_workbook_takes_no_disk() -> None:
    whole([])  # what is imported on first use is imported

    with noticing() as noticed:
        whole([["1", "a"]] * 1_000)

    assert noticed == []

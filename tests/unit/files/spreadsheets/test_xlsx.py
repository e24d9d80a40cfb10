"""Excel workbooks, put together part by part."""

import pytest

from smsdrop.reasons import FileRefused
from tests.support.workbooks import MAIN, cell, rows_of, workbook


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
    ("value", "kind", "text"),
    [
        pytest.param("13800138000", "n", "13800138000", id="number"),
        pytest.param("1.3800138E10", "n", "13800138000", id="number in scientific notation"),
        pytest.param("0.30000000000000004", "n", "0.3", id="sum"),
        pytest.param("1", "b", "TRUE", id="boolean"),
        pytest.param("#N/A", "e", "#N/A", id="error"),
        pytest.param("a_x000D_b", "str", "a\rb", id="result of a formula"),
        pytest.param("2026-01-02T00:00:00", "d", "2026-01-02", id="date"),
        pytest.param("2026-01-02T03:04:05", "d", "2026-01-02 03:04:05", id="date and time"),
    ],
)
def test_a_cell_is_read_by_its_type(value: str, kind: str, text: str) -> None:
    assert rows_of(workbook(f"<row>{cell('A1', value, kind)}</row>")) == {1: [text]}


def test_a_text_may_stand_in_its_cell() -> None:
    sheet = '<row><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>'

    assert rows_of(workbook(sheet)) == {1: ["ab"]}


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


def test_a_workbook_whose_row_numbers_fall_is_refused() -> None:
    sheet = f'<row r="2">{cell("A2", "1")}</row><row r="1">{cell("A1", "2")}</row>'

    with pytest.raises(FileRefused, match="damaged"):
        rows_of(workbook(sheet))

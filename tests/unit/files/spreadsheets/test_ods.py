"""OpenDocument spreadsheets, put together element by element."""

import pytest

from tests.support.workbooks import open_document, rows_of


def row_of(cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def cell(content: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{content}</table:table-cell>"


def sheet(rows: str) -> bytes:
    return open_document(f"<table:table>{rows}</table:table>")


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


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param("<text:p>a</text:p><text:p>b</text:p>", "a\nb", id="two paragraphs"),
        pytest.param(
            '<text:p>a<text:s text:c="3"/>b<text:tab/>c</text:p>', "a   b\tc", id="blanks"
        ),
        pytest.param("<text:p>a<text:line-break/>b</text:p>", "a\nb", id="line break"),
        pytest.param(
            "<office:annotation><text:p>note</text:p></office:annotation><text:p>a</text:p>",
            "a",
            id="a note is left out",
        ),
    ],
)
def test_a_text_is_what_the_cell_shows(content: str, text: str) -> None:
    assert rows_of(sheet(row_of(cell(content)))) == {1: [text]}


@pytest.mark.parametrize(("value", "text"), [("true", "TRUE"), ("false", "FALSE")])
def test_a_boolean_is_spelled_as_a_spreadsheet_does(value: str, text: str) -> None:
    attributes = f'office:value-type="boolean" office:boolean-value="{value}"'

    assert rows_of(sheet(row_of(cell("", attributes)))) == {1: [text]}


def test_repeated_cells_and_rows_are_read_as_often() -> None:
    twice = cell("<text:p>a</text:p>", 'table:number-columns-repeated="2"')
    rows = row_of(twice, 'table:number-rows-repeated="3"') + row_of(cell("<text:p>b</text:p>"))

    assert rows_of(sheet(rows)) == {
        1: ["a", "a"],
        2: ["a", "a"],
        3: ["a", "a"],
        4: ["b", ""],
    }

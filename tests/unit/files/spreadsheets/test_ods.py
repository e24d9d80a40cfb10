"""OpenDocument spreadsheets, put together element by element."""

from contextlib import ExitStack
from io import BytesIO

import pytest

from smsdrop.files.formats import find_reading
from smsdrop.reasons import FileRefused, Reason
from tests.support.workbooks import open_document, rows_of


def row_of(cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def cell(content: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{content}</table:table-cell>"


def sheet(rows: str) -> bytes:
    return open_document(f"<table:table>{rows}</table:table>")


def test_a_number_in_an_open_document_is_what_is_shown() -> None:
    table = (
        "<table:table><table:table-row>"
        '<table:table-cell office:value-type="float" office:value="7"><text:p>007</text:p>'
        '</table:table-cell><table:table-cell office:value-type="float" office:value="1234.5">'
        "<text:p>1,234.50</text:p></table:table-cell>"
        '<table:table-cell office:value-type="percentage" office:value="0.25">'
        "<text:p>25%</text:p></table:table-cell></table:table-row></table:table>"
    )

    assert rows_of(open_document(table)) == {1: ["007", "1,234.50", "25%"]}


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
        pytest.param(
            "<text:p>a</text:p><draw:frame><draw:text-box><text:p>b</text:p></draw:text-box>"
            "</draw:frame>",
            "a",
            id="a text box is left out",
        ),
        pytest.param(
            "<draw:custom-shape><text:p>b</text:p></draw:custom-shape><text:p>a</text:p>",
            "a",
            id="a shape is left out",
        ),
        pytest.param(
            "<text:p>a<draw:g><draw:frame><text:p>x</text:p></draw:frame></draw:g>b</text:p>",
            "ab",
            id="a drawing within a paragraph is left out",
        ),
        pytest.param(
            "<text:p><text:ruby><text:ruby-base>张</text:ruby-base>"
            "<text:ruby-text>zhāng</text:ruby-text></text:ruby>三</text:p>",
            "张三",
            id="how it is spoken is left out",
        ),
        pytest.param("<text:p/><text:p>a</text:p>", "\na", id="an empty paragraph"),
        pytest.param(
            "<text:p>a</text:p><table:table><table:table-row><table:table-cell>"
            "<text:p>b</text:p></table:table-cell></table:table-row></table:table>",
            "a",
            id="a table in a cell is left out",
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


HEADER = row_of(cell("<text:p>phone</text:p>") + cell("<text:p>x</text:p>"))


def below_header(content: str, attributes: str, *, row: str = "", styles: str = "") -> bytes:
    """Make a sheet with a phone number and a param, whose cell is given."""
    number = cell(
        "<text:p>1.38E+10</text:p>", 'office:value-type="float" office:value="13800138000"'
    )
    rows = HEADER + row_of(number + cell(content, attributes), row)
    return open_document(f"<table:table table:name='July'>{rows}</table:table>", styles)


FLOAT = 'office:value-type="float" office:value="0.5"'


@pytest.mark.parametrize(
    ("content", "attributes", "text"),
    [
        pytest.param("<text:p>50%</text:p>", FLOAT, "50%", id="percent"),
        pytest.param("<text:p> 1/2</text:p>", FLOAT, "1/2", id="a fraction"),
        pytest.param("", FLOAT, "0.5", id="as programs write numbers"),
        pytest.param("<text:p/>", FLOAT, "", id="shown as nothing"),
        pytest.param(
            "", 'office:value-type="percentage" office:value="0.5"', "########", id="unknown"
        ),
        pytest.param(
            "<text:p>110101199003070000</text:p>",
            'office:value-type="float" office:value="1.1010119900307E+17"',
            "1.10101E+17",
            id="digits lost",
        ),
        pytest.param(
            "<text:p>2.03E+11</text:p>",
            'office:value-type="float" office:value="202607010012"',
            "2.03E+11",
            id="in scientific notation",
        ),
        pytest.param(
            "<text:p>2026年7月1日</text:p>",
            'office:value-type="date" office:date-value="2026-07-01"',
            "2026年7月1日",
            id="a date",
        ),
        pytest.param(
            "",
            'office:value-type="date" office:date-value="2026-07-01T00:00:00"',
            "2026-07-01",
            id="a date as programs write it",
        ),
        pytest.param(
            "",
            'office:value-type="time" office:time-value="PT10H59M59.99999999S"',
            "11:00:00",
            id="a time as programs write it",
        ),
        pytest.param(
            "<text:p>#VALUE!</text:p>",
            'office:value-type="string" calcext:value-type="error"',
            "#VALUE!",
            id="an error",
        ),
        pytest.param(
            "<text:p>Err:508</text:p>",
            'office:value-type="string" calcext:value-type="error"',
            "#N/A",
            id="an error of LibreOffice",
        ),
        pytest.param(
            "<text:p>Err:502</text:p>",
            'table:formula="of:=A(" office:value-type="float" office:value="0"',
            "#N/A",
            id="an error of an older one",
        ),
        pytest.param("<text:p>#FMT</text:p>", FLOAT, "########", id="a number beyond its format"),
        pytest.param("<text:p>#7</text:p>", FLOAT, "#7", id="a number behind its mark"),
        pytest.param(
            "<text:p>###</text:p>",
            'office:value-type="date" office:date-value="-0001-01-01"',
            "########",
            id="a date beyond its format",
        ),
        pytest.param(
            "<text:p>#今年夏天</text:p>",
            'office:value-type="string"',
            "#今年夏天",
            id="no error, though it looks like one",
        ),
    ],
)
def test_a_param_is_as_it_is_shown(content: str, attributes: str, text: str) -> None:
    assert rows_of(below_header(content, attributes))[2] == ["13800138000", text]


def test_a_phone_number_that_was_rounded_is_rejected() -> None:
    number = cell(
        "<text:p>1.39123457E+10</text:p>", 'office:value-type="float" office:value="13912345700"'
    )

    assert rows_of(sheet(HEADER + row_of(number)))[2][0] == "1.39123E+10"


@pytest.mark.parametrize(
    "attributes", ["", 'office:value-type="float" office:value="0"', 'office:value-type="float"']
)
def test_a_formula_that_was_never_calculated_refuses_the_file(attributes: str) -> None:
    with pytest.raises(FileRefused) as refused:
        rows_of(below_header("", f'table:formula="of:=[.A2]*2" {attributes}'))

    assert refused.value.reason == Reason("never_calculated", ("B2",))


@pytest.mark.parametrize(
    ("content", "attributes", "text"),
    [
        ("<text:p>0</text:p>", 'office:value-type="float" office:value="0"', "0"),
        ("", 'office:value-type="float" office:value="7"', "7"),
        ("", 'office:value-type="string" office:string-value=""', ""),
    ],
)
def test_a_formula_that_was_calculated_is_its_value(
    content: str, attributes: str, text: str
) -> None:
    rows = rows_of(below_header(content, f'table:formula="of:=[.A2]*2" {attributes}'))

    assert rows[2][1] == text


LOW = (
    '<style:style style:name="ro2"><style:table-row-properties style:row-height="{}"/>'
    "</style:style>"
)


@pytest.mark.parametrize(
    ("row", "height", "is_hidden"),
    [
        ('table:visibility="filter"', "1cm", True),
        ('table:visibility="collapse"', "1cm", True),
        ('table:style-name="ro2"', "0cm", True),
        ('table:style-name="ro2"', "0.00in", True),
        ('table:style-name="ro2"', "0.5cm", False),
        ('table:style-name="ro1"', "0cm", False),
    ],
)
def test_hidden_rows_refuse_the_file(row: str, height: str, is_hidden: bool) -> None:
    content = below_header("<text:p>a</text:p>", "", row=row, styles=LOW.format(height))

    if is_hidden:
        with pytest.raises(FileRefused) as refused:
            rows_of(content)
        assert refused.value.reason == Reason("rows_hidden", ("1",))
    else:
        assert rows_of(content)[2] == ["13800138000", "a"]


def test_rows_of_a_folded_group_are_hidden() -> None:
    number = row_of(cell("<text:p>13800138000</text:p>"))
    group = '<table:table-row-group table:display="false">{}</table:table-row-group>'

    with pytest.raises(FileRefused) as refused:
        rows_of(sheet(HEADER + group.format(number + number) + number))

    assert refused.value.reason == Reason("rows_hidden", ("2",))


def test_what_lies_under_a_merged_cell_is_not_read() -> None:
    covered = "<table:covered-table-cell><text:p>old</text:p></table:covered-table-cell>"

    rows = rows_of(sheet(row_of(cell("<text:p>a</text:p>") + covered + cell("<text:p>b</text:p>"))))

    assert rows == {1: ["a", "", "b"]}


@pytest.mark.parametrize("rows", [1, 3000])
def test_other_sheets_are_named(rows: int) -> None:
    tables = "".join(
        f'<table:table table:name="{name}">{row_of(cell("<text:p>a</text:p>")) * rows}'
        "</table:table>"
        for name in ("7 &amp; 8", "九月")
    )

    with ExitStack() as stack:
        reading = find_reading(BytesIO(open_document(tables)), stack)
        assert sum(map(len, reading.blocks())) == rows

    assert reading.problems() == [Reason("other_sheets", ("7 & 8", "1"))]

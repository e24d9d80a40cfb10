"""Excel workbooks, put together part by part."""

import re
from io import BytesIO
from xml.sax.saxutils import quoteattr

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from smsdrop.reasons import FileRefused, Reason
from tests.support.workbooks import MAIN, OFFICE, cell, rows_of, workbook


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


HEADER = f"<row>{cell('A1', 'phone', 'str')}{cell('B1', 'x', 'str')}</row>"


def styles(*codes: str) -> str:
    """Make styles; the nth has the nth format, counted from 1."""
    formats = "".join(
        f"<numFmt numFmtId='{number}' formatCode={quoteattr(code)}/>"
        for number, code in enumerate(codes, start=164)
    )
    cells = "".join(f'<xf numFmtId="{number}"/>' for number in range(164, 164 + len(codes)))
    cells = f"<cellXfs><xf/>{cells}</cellXfs>"
    return f"<styleSheet {MAIN}><numFmts>{formats}</numFmts>{cells}</styleSheet>"


def param_of(content: str, attributes: str = "", *, book: str = "", code: str = "0%") -> str:
    """Read a param's cell with this content."""
    sheet = (
        f"{HEADER}<row><c r='A2' s='1'><v>13800138000</v></c>"
        f"<c r='B2' {attributes}>{content}</c></row>"
    )
    parts = {"styles": styles(code), **({"book": book} if book else {})}
    return rows_of(workbook(sheet, **parts))[2][1]


@pytest.mark.parametrize(
    ("content", "attributes", "text"),
    [
        pytest.param("<v>1</v><is><t>a</t></is>", 't="inlineStr"', "a", id="in the cell"),
        pytest.param("<is><t>a</t></is><v>1</v>", 't="inlineStr"', "a", id="the other way round"),
        pytest.param("<v>b</v><is><t>a</t></is>", 't="str"', "b", id="of a formula"),
        pytest.param("<v>7</v><is><t>a</t></is>", "", "7", id="number"),
        pytest.param("<v>0</v><is><t>a</t></is>", 't="s"', "phone_number", id="shared"),
        pytest.param("<is><t>a</t></is>", "", "a", id="nothing else"),
        pytest.param("<v>a</v>", 't="inlineStr"', "a", id="in the wrong place"),
        pytest.param(
            "<is><t>a</t><rPh><t>b</t></rPh></is>", 't="inlineStr"', "a", id="how it is spoken"
        ),
    ],
)
def test_a_cell_has_one_text(content: str, attributes: str, text: str) -> None:
    assert param_of(content, attributes) == text


@pytest.mark.parametrize(
    ("content", "attributes", "code", "text"),
    [
        ("<v>0.25</v>", 's="1"', "0%", "25%"),
        ("<v>46204</v>", 's="1"', "[$-F800]dddd, mmmm dd, yyyy", "2026年7月1日"),
        ("<v>10:59:59.9999999999984025</v>", 's="1" t="d"', "h:mm", "11:00"),
        ("<v>2026-07-01</v>", 's="1" t="d"', 'yyyy"年"m"月"d"日"', "2026年7月1日"),
        ("<v>张三</v>", 's="1" t="str"', '"to "@', "to 张三"),
        ("<v>0</v>", 's="1" t="s"', '"to "@', "to phone_number"),
        ("<v>0.5</v>", 's="1"', "[DBNum2]0", "########"),
        ("<v>110101199003070000</v>", "", "0", "1.10101E+17"),
        ("<v>110101199003070000</v>", 's="1"', "0", "1.10101E+17"),
        ("<v>#FIELD!</v>", 't="e"', "0", "#N/A"),
        ("<v>INF</v>", "", "0", "INF"),
        ("<v>July</v>", 't="d"', "0", "July"),
    ],
)
def test_a_param_is_as_it_is_shown(content: str, attributes: str, code: str, text: str) -> None:
    assert param_of(content, attributes, code=code) == text


@pytest.mark.parametrize("code", ["0.00", "yyyy-mm-dd", '"to "@', "0.00E+00", "000000000000"])
def test_a_phone_number_is_its_exact_digits_in_any_format(code: str) -> None:
    sheet = f"{HEADER}<row><c r='A2' s='1'><v>13800138000</v></c></row>"

    assert rows_of(workbook(sheet, styles=styles(code)))[2][0] == "13800138000"


def test_a_phone_number_that_was_rounded_is_rejected() -> None:
    sheet = f"{HEADER}<row><c r='A2' s='1'><v>13912345700</v></c></row>"

    rows = rows_of(workbook(sheet, styles=styles("0.00000000E+00")))

    assert rows[2][0] == "1.39123E+10"


def book(properties: str) -> str:
    sheets = '<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets>'
    return f'<workbook {MAIN} xmlns:r="{OFFICE}">{sheets}{properties}</workbook>'


TO_BE_CALCULATED = book('<calcPr fullCalcOnLoad="1"/>')


@pytest.mark.parametrize(
    ("content", "attributes"),
    [
        pytest.param("<f>A2*2</f><v>0</v>", "", id="zero"),
        pytest.param("<f>A2*2</f><v>0.0</v>", 't="n"', id="zero with a point"),
        pytest.param("<f>A2*2</f><v></v>", "", id="no value"),
        pytest.param('<f t="shared" si="0"/><v>0</v>', "", id="a shared formula"),
        pytest.param("<f>A2*2</f>", "", id="no element for it"),
    ],
)
def test_a_formula_that_was_never_calculated_refuses_the_file(
    content: str, attributes: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        param_of(content, attributes, book=TO_BE_CALCULATED)

    assert refused.value.reason == Reason("never_calculated", ("B2",))


@pytest.mark.parametrize(
    ("content", "attributes", "text"),
    [
        pytest.param("<f>A2*2</f><v>7</v>", "", "7", id="a value"),
        pytest.param("<f>A2</f><v></v>", 't="str"', "", id="an empty text"),
        pytest.param("<f>A2</f><v>0</v>", 't="b"', "FALSE", id="no"),
        pytest.param("<v>0</v>", "", "0", id="a zero that is no formula"),
    ],
)
def test_values_of_a_workbook_that_is_to_be_calculated_are_good(
    content: str, attributes: str, text: str
) -> None:
    assert param_of(content, attributes, book=TO_BE_CALCULATED) == text


def test_a_zero_that_a_spreadsheet_has_calculated_is_good() -> None:
    assert param_of("<f>A2*0</f><v>0</v>", book=book('<calcPr calcId="191029"/>')) == "0"


def test_a_formula_without_a_value_is_never_calculated_whatever_the_workbook_says() -> None:
    with pytest.raises(FileRefused, match="never been calculated"):
        param_of("<f>A2*2</f>", book=book('<calcPr calcId="191029"/>'))


def test_a_formula_in_a_column_without_a_name_is_no_matter() -> None:
    sheet = f"{HEADER}<row>{cell('A2', '13800138000')}<c r='C2'><f>1</f></c></row>"

    assert rows_of(workbook(sheet))[2] == ["13800138000", ""]


@pytest.mark.parametrize(
    ("attributes", "is_hidden"),
    [
        ('hidden="1"', True),
        ('hidden="true"', True),
        ('ht="0" customHeight="1"', True),
        ('ht="0.0"', True),
        ('hidden="0"', False),
        ('ht="15"', False),
    ],
)
def test_hidden_rows_refuse_the_file(attributes: str, is_hidden: bool) -> None:
    content = workbook(f"{HEADER}<row {attributes}>{cell('A2', '13800138000')}</row><row/>")

    if is_hidden:
        with pytest.raises(FileRefused) as refused:
            rows_of(content)
        assert refused.value.reason == Reason("rows_hidden", ("1",))
    else:
        assert rows_of(content)[2] == ["13800138000", ""]


def test_rows_may_have_no_height_by_default() -> None:
    sheet = (
        f'<worksheet {MAIN}><sheetFormatPr defaultRowHeight="0"/><sheetData>'
        f'<row ht="15">{cell("A1", "phone", "str")}</row><row ht="15">{cell("A2", "1")}</row>'
        f"<row>{cell('A3', '2')}</row></sheetData></worksheet>"
    )

    with pytest.raises(FileRefused) as refused:
        rows_of(workbook(sheet=sheet))

    assert refused.value.reason == Reason("rows_hidden", ("1",))


def test_a_row_may_begin_anew_for_each_cell() -> None:
    with_references = "".join(
        f'<row r="{row}">{cell(f"{column}{row}", value, "str")}</row>'
        for row, values in ((1, ("phone", "name")), (2, ("13800138000", "张三")))
        for column, value in zip("AB", values, strict=True)
    )
    without = re.sub(r'(<c) r="..?"', r"\1", with_references)

    for sheet in (with_references, without):
        assert rows_of(workbook(sheet)) == {1: ["phone", "name"], 2: ["13800138000", "张三"]}


def test_references_may_be_in_lower_case_and_in_any_order() -> None:
    sheet = f'<row r="1">{cell("b1", "2")}{cell("a1", "1")}</row>'

    assert rows_of(workbook(sheet)) == {1: ["1", "2"]}


@pytest.mark.parametrize("libraries_value", [None, 21.5])
def test_formulas_as_libraries_write_them(libraries_value: float | None) -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["phone", "amount"])
    sheet.write_number(1, 0, 13800138000)
    sheet.write_formula(
        1, 1, "=A2*2", book.add_format({"num_format": "0.00"}), libraries_value or 0
    )
    book.close()

    if libraries_value:
        assert rows_of(content.getvalue())[2] == ["13800138000", "21.50"]
    else:
        with pytest.raises(FileRefused, match="B2"):
            rows_of(content.getvalue())


@pytest.mark.parametrize("second", ["2", "1"])
def test_a_workbook_whose_row_numbers_fall_in_between_is_refused(second: str) -> None:
    numbers = ("1", "2", "3", second)
    sheet = "".join(f'<row r="{row}">{cell(f"A{row}", row)}</row>' for row in numbers)

    with pytest.raises(FileRefused, match="out of order"):
        rows_of(workbook(sheet))


@pytest.mark.parametrize("number", ["0", "-1"])
def test_a_workbook_with_a_row_before_the_first_is_refused(number: str) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        rows_of(workbook(f'<row r="{number}">{cell("A1", "1")}</row>'))

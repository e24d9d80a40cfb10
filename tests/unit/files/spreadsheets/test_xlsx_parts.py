"""What a workbook has beside its sheets."""

from collections.abc import Iterator

import pytest

from smsdrop.files.spreadsheets.xlsx_parts import (
    SharedTexts,
    cell_formats,
    read_workbook,
    unescaped,
)
from smsdrop.files.streams import Spool
from smsdrop.reasons import FileRefused
from tests.support.workbooks import (
    MAIN,
    OFFICE,
    PARTS,
    RELATIONS,
    SHARED_TEXTS,
    SHEET,
    STYLES,
    archive,
    opened,
)

BOOK = "xl/workbook.xml"


@pytest.fixture
def spool() -> Iterator[Spool]:
    spool = Spool()
    yield spool
    spool.close()


def book_of(*sheets: str, properties: str = "") -> str:
    return (
        f'<workbook {MAIN} xmlns:r="{OFFICE}"><workbookPr {properties}/>'
        f"<sheets>{''.join(sheets)}</sheets></workbook>"
    )


def sheet(name: str, attributes: str = "") -> str:
    return f'<sheet name="{name}" sheetId="1" r:id="r1" {attributes}/>'


def test_the_first_visible_sheet_is_found_with_what_is_needed_to_read_it(spool: Spool) -> None:
    book = book_of(sheet("Secret", 'state="hidden"'), sheet("July"), sheet("August"))

    workbook = read_workbook(opened(archive({**PARTS, SHEET: "", BOOK: book}), spool))

    assert (workbook.sheet, workbook.part, workbook.other_sheets) == ("July", SHEET, ("August",))
    assert (workbook.shared_texts, workbook.formats) == (SHARED_TEXTS, ("",))
    assert not workbook.dates_from_1904


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("true", True), ("0", False)])
def test_a_workbook_may_count_dates_from_1904(spool: Spool, value: str, expected: bool) -> None:
    book = book_of(sheet("July"), properties=f'date1904="{value}"')

    workbook = read_workbook(opened(archive({**PARTS, SHEET: "", BOOK: book}), spool))

    assert workbook.dates_from_1904 == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('fullCalcOnLoad="1"', True),
        ('fullCalcOnLoad="true"', True),
        ('calcCompleted="0"', True),
        ('calcId="191029"', False),
        ('fullCalcOnLoad="0"', False),
    ],
)
def test_a_workbook_may_ask_to_be_calculated(spool: Spool, attributes: str, expected: bool) -> None:
    book = book_of(sheet("July")).replace("</workbook>", f"<calcPr {attributes}/></workbook>")

    workbook = read_workbook(opened(archive({**PARTS, SHEET: "", BOOK: book}), spool))

    assert workbook.is_to_be_calculated == expected


def test_styles_that_change_texts_are_known(spool: Spool) -> None:
    styles = (
        f"<styleSheet {MAIN}><numFmts><numFmt numFmtId='164' formatCode='\"to \"@'/></numFmts>"
        '<cellXfs><xf/><xf numFmtId="49"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    parts = {**PARTS, SHEET: "", BOOK: book_of(sheet("July")), STYLES: styles}

    workbook = read_workbook(opened(archive(parts), spool))

    assert workbook.styles_of_texts == {2}


def relation(path: str) -> dict[str, str]:
    link = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="{path}"/>'
    return {"_rels/.rels": f"<Relationships {RELATIONS}>{link}</Relationships>", path: "<a/>"}


@pytest.mark.parametrize(
    ("parts", "code", "name"),
    [
        pytest.param(relation("word/document.xml"), "format_unknown", "Word", id="Word"),
        pytest.param(relation("ppt/presentation.xml"), "format_unknown", "PowerPoint", id="slides"),
        pytest.param(relation("xl/workbook.bin"), "format_unknown", "XLSB", id="binary workbook"),
        pytest.param({"a.csv": "phone"}, "format_unknown", "ZIP", id="any archive"),
        pytest.param({BOOK: book_of()}, "no_visible_sheet", "", id="no sheet"),
        pytest.param(
            {**PARTS, BOOK: book_of(sheet("a", 'state="hidden"'))},
            "no_visible_sheet",
            "",
            id="hidden sheets alone",
        ),
    ],
)
def test_an_archive_without_a_sheet_to_read_is_refused(
    spool: Spool, parts: dict[str, str], code: str, name: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        read_workbook(opened(archive(parts), spool))

    assert (refused.value.reason.code, "".join(refused.value.reason.details)) == (code, name)


def test_each_cell_style_has_its_format(spool: Spool) -> None:
    styles = (
        f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="20"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/>'
        '<xf numFmtId="49"/></cellXfs></styleSheet>'
    )

    formats = cell_formats(opened(archive({STYLES: styles}), spool), STYLES)

    assert formats == ("", "yyyy-mm-dd", "yyyy/m/d", "")


def test_shared_texts_are_known_by_their_number(spool: Spool) -> None:
    texts = f"<sst {MAIN}><si><t>张</t></si><si/><si><t>b</t><rPh><t>c</t></rPh></si></sst>"

    shared = SharedTexts(opened(archive({SHARED_TEXTS: texts}), spool), SHARED_TEXTS)

    assert [shared[number] for number in range(len(shared))] == ["张", "", "b"]
    with pytest.raises(IndexError):
        shared[3]


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

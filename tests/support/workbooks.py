"""Spreadsheets put together part by part, as small or as monstrous as a test needs them."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from io import BytesIO
from typing import TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile

from smsdrop.files.formats import find_reading
from smsdrop.files.spreadsheets.archive import Archive
from smsdrop.files.streams import Spool
from tests.support import blocks

Part: TypeAlias = str | bytes | Iterable[bytes]

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

SHEET = "xl/worksheets/sheet1.xml"
SHARED_TEXTS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"

PARTS = {
    "_rels/.rels": f'<Relationships {RELATIONS}><Relationship Id="r1"'
    f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f"<Relationships {RELATIONS}>"
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    f'<Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    STYLES: f"<styleSheet {MAIN}><cellXfs><xf/></cellXfs></styleSheet>",
    SHARED_TEXTS: f"<sst {MAIN}><si><t>phone_number</t></si></sst>",
}

SHEET_BEGINNING = f"<worksheet {MAIN}><sheetData>"
SHEET_END = "</sheetData></worksheet>"


def archive(parts: Mapping[str, Part]) -> bytes:
    """Pack parts; large ones may come in pieces."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            with packed.open(name, "w") as stream:
                whole = part.encode() if isinstance(part, str) else part
                for piece in [whole] if isinstance(whole, bytes) else whole:
                    stream.write(piece)
    return content.getvalue()


def workbook(rows: str = "", **parts: Part) -> bytes:
    """Make an Excel workbook of these `row` elements, with some parts in the places of others."""
    sheet = SHEET_BEGINNING + rows + SHEET_END
    named = {NAMES[name]: part for name, part in parts.items()}
    return archive({**PARTS, SHEET: sheet, **named})


NAMES = {"book": "xl/workbook.xml", "sheet": SHEET, "shared_texts": SHARED_TEXTS, "styles": STYLES}


def open_document(tables: str, styles: str = "") -> bytes:
    """Make an OpenDocument spreadsheet of these `table:table` and `style:style` elements."""
    spaces = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "table", "text", "style", "draw", "calcext")
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mime_type = "application/vnd.oasis.opendocument.spreadsheet"
    return archive({"mimetype": mime_type, "content.xml": content})


def rows_of(content: bytes) -> dict[int, list[str]]:
    """Read a file of any format."""
    with ExitStack() as stack:
        return dict(blocks.rows_of(find_reading(BytesIO(content), stack).blocks()))


def cell(reference: str, value: str, kind: str = "n") -> str:
    """Make a cell of an Excel sheet."""
    return f'<c r="{reference}" t="{kind}"><v>{value}</v></c>'


def opened(content: bytes, spool: Spool) -> Archive:
    spool.fill(BytesIO(content))
    return Archive(spool)

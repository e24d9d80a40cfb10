"""
A workbook of one sheet in which every cell is text, so that a spreadsheet changes nothing.

It is uploaded while it is written, and takes neither disk nor memory. Source: ECMA-376, part 1; a
test holds the sheet against XlsxWriter's.
"""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from io import BufferedWriter
from typing import Any, Self

from smsdrop.closing.results.csv_parts import Open
from smsdrop.recipients.header import MAX_COLUMNS, column_letters

MAX_ROWS = 100_000
"""Our choice: more open slowly in a spreadsheet, and no one fixes so many by hand."""

MAX_BYTES = 512 * 1024**2
"""Our choice, for the unpacked sheet: zip's first form takes 2 GB, and spreadsheets much less."""

MAX_CELL_UNITS = 32_767
"""Excel's, in units of UTF-16."""

FASTEST = 1
"""A level of zlib's: the usual sixth takes twice as long for a seventh less output."""

BLOCK_BYTES = 64 * 1024

TO_ESCAPE = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
"""What XML, or Excel's escapes for what XML cannot hold, would read as something else."""

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

EDGES = re.compile(r"\A\s|\s\Z")
"""White space that XML would drop."""

PRESERVING = '<t xml:space="preserve">'

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

FRAME = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPES}.styles+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPES}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    f' ContentType="{SHEET_TYPES}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/>'
    '<name val="Calibri"/><family val="2"/></font></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>",
}
"""All but the sheet; number format 49 is text."""

SHEET = "xl/worksheets/sheet1.xml"

SHEET_BEGINNING = (
    f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetViews>'
    '<sheetView tabSelected="1" workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    '<selection pane="bottomLeft"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/>'
    f'<cols><col min="1" max="{MAX_COLUMNS}" width="18.7109375" style="1" customWidth="1"/></cols>'
    "<sheetData>"
)
"""The heading stays in sight, and anything a person types is text too."""

SHEET_END = (
    "</sheetData>"
    '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    '<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'
    "</worksheet>"
)
"""No green corners at numbers that are text."""


class TooLarge(Exception):
    """The rows are more, or longer, than a workbook may hold: there will be none."""


class TextWorkbook:
    """Writes a workbook row by row, or gives it up if it gets too large: see `is_open`."""

    def __init__(
        self,
        open_file: Open,
        name: str,
        heading: Sequence[str],
        *,
        max_rows: int = MAX_ROWS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.name = name
        self.is_open = False
        self.was_given_up = False
        self._open_file = open_file
        self._heading = heading
        self._rows_left = max_rows + 1
        self._bytes_left = max_bytes
        self._row = 0
        self._letters: list[str] = []
        self._file = ExitStack()

    @property
    def names(self) -> list[str]:
        return [] if self.was_given_up else [self.name]

    def __enter__(self) -> Self:
        from zipfile import ZIP_DEFLATED, ZipFile  # most turns of the closer do not need it

        file = self._file.enter_context(self._open_file(self.name))
        packed = self._file.enter_context(ZipFile(file, "w", ZIP_DEFLATED, compresslevel=FASTEST))
        for part, content in FRAME.items():
            with packed.open(part, "w") as opened:
                opened.write((XML + content).encode())
        sheet = self._file.enter_context(packed.open(SHEET, "w"))
        self._sheet = self._file.enter_context(BufferedWriter(sheet, BLOCK_BYTES))
        self._sheet.write((XML + SHEET_BEGINNING).encode())
        self.is_open = True
        self.add(self._heading)
        return self

    def __exit__(self, *exception: Any) -> bool | None:
        if self.is_open and not any(exception):
            self._sheet.write(SHEET_END.encode())
        return self._file.__exit__(*exception)

    def add(self, cells: Sequence[str]) -> None:
        if not self.is_open:
            return
        self._rows_left -= 1
        self._row += 1
        xml = self._row_xml(cells).encode()
        self._bytes_left -= len(xml)
        if min(self._rows_left, self._bytes_left) < 0 or not _are_takeable(cells):
            self._give_up()
        else:
            self._sheet.write(xml)

    def _row_xml(self, cells: Sequence[str]) -> str:
        while len(self._letters) < len(cells):
            self._letters.append(column_letters(len(self._letters)))
        row = self._row
        written = [
            f'<c r="{column}{row}" s="1" t="inlineStr"><is>{_text_xml(cell)}</is></c>'
            for column, cell in zip(self._letters, cells, strict=False)
            if cell
        ]
        return f'<row r="{row}">{"".join(written)}</row>'

    def _give_up(self) -> None:
        """Exit the file as if an exception were raised, so that it is never created."""
        self.is_open, self.was_given_up = False, True
        self._file.__exit__(TooLarge, TooLarge(), None)


def _are_takeable(cells: Sequence[str]) -> bool:
    if len(cells) > MAX_COLUMNS:
        return False
    longest = max(map(len, cells), default=0)
    return longest <= MAX_CELL_UNITS // 2 or all(
        len(cell.encode("utf-16-le")) // 2 <= MAX_CELL_UNITS for cell in cells
    )


def _text_xml(text: str) -> str:
    if text.isalnum():
        return f"<t>{text}</t>"
    escaped = TO_ESCAPE.sub(_escaped, text)
    return f"{PRESERVING if EDGES.search(escaped) else '<t>'}{escaped}</t>"


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return ENTITIES.get(character) or f"_x{ord(character):04X}_"

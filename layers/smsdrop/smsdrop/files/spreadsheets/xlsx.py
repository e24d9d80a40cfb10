"""Excel workbook (.xlsx, .xlsm) -> rows of its first visible sheet, streamed."""

import re
from collections.abc import Iterator

from smsdrop.files.spreadsheets.archive import Archive
from smsdrop.files.spreadsheets.columns import error
from smsdrop.files.spreadsheets.formats.iso_dates import iso_format, serial_of
from smsdrop.files.spreadsheets.formats.shown import NUMBER, is_zero
from smsdrop.files.spreadsheets.row_order import highest, in_order, peeked
from smsdrop.files.spreadsheets.sheets import BOOLEANS, SheetReading, SheetRow, column_of
from smsdrop.files.spreadsheets.xlsx_parts import (
    ON,
    SharedTexts,
    Workbook,
    read_workbook,
    unescaped,
)
from smsdrop.files.spreadsheets.xml_items import Attributes, local, new_parser, read_items
from smsdrop.reasons import refused
from smsdrop.recipients.header import column_letters

FORMULA = "f"
"""A formula's element; stored among its cell's attributes, none of which has this name."""

SHEET, ROW, DEFAULTS = "sheetData", "row", "sheetFormatPr"

PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,14}|-?(?=[0-9.]{3,16}$)(?:0|[1-9][0-9]*)\.[0-9]*[1-9])")
"""Numbers that are written with their exact digits, as nearly all are."""


class XlsxReading(SheetReading):
    """One pass over a workbook."""

    def __init__(self, archive: Archive, *, with_hidden_rows: bool = False) -> None:
        super().__init__("xlsx", with_hidden_rows=with_hidden_rows)
        self._archive = archive

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        workbook = read_workbook(self._archive)
        self.sheet, self.other_sheets = workbook.sheet, workbook.other_sheets
        texts = SharedTexts(self._archive, workbook.shared_texts)
        is_upside_down, rows = peeked(_Sheet(workbook, texts, self).rows(self._archive))
        return self._rows_from_below(workbook, texts) if is_upside_down else rows

    def _rows_from_below(
        self, workbook: Workbook, texts: SharedTexts
    ) -> Iterator[tuple[int, list[str]]]:
        """Read the sheet once more for its header, and again for the rows under it."""
        aside = XlsxReading(self._archive)
        header = highest(_Sheet(workbook, texts, aside).rows(self._archive))
        self.columns.learn(header)
        self.hidden_rows = 0
        return in_order(_Sheet(workbook, texts, self).rows(self._archive))


class _Sheet:
    """The parser's handlers, which build rows from a sheet's elements."""

    def __init__(self, workbook: Workbook, texts: SharedTexts, reading: SheetReading) -> None:
        self._workbook = workbook
        self._texts = texts
        self._reading = reading
        self._columns = reading.columns
        self._parser = new_parser()
        self._parser.StartElementHandler = self._begin_sheet
        self._made: list[tuple[int, list[str]]] = []
        self._row = SheetRow(reading.columns)
        self._number = 0
        self._usual_height = ""
        self._is_hidden = False
        self._is_done = False

    def rows(self, archive: Archive) -> Iterator[tuple[int, list[str]]]:
        stream = archive.part(self._workbook.part)
        return read_items(stream, self._parser, self._made, is_done=lambda: self._is_done)

    def _begin_sheet(self, name: str, _: Attributes) -> None:
        """
        Hand the elements over to closures, with names that have the outermost one's prefix.

        Half of the time goes into calls, so the handlers of cells make as few as possible. A cell
        has its text in `is` if it says so (`inlineStr`), else in `v`.
        """
        prefix = name.removesuffix(local(name))
        cell, value, text = (prefix + each for each in ("c", "v", "t"))
        others = {prefix + each: each for each in (ROW, FORMULA, "rPh", DEFAULTS, SHEET)}
        texts = (value, text)
        pieces: list[str] = []
        attributes: Attributes = {}
        content = inline = unspoken = ""
        column = -1

        def begin(name: str, given: Attributes) -> None:
            nonlocal attributes, content, inline, unspoken, column
            if name in texts:
                pieces.clear()
            elif name == cell:
                attributes, content, inline = given, "", ""
            elif name in others:
                attributes[others[name]] = ""
                unspoken = inline
                column = self._begin_other(others[name], given, column)

        def end(name: str) -> None:
            nonlocal content, inline, column
            if name == value:
                content = "".join(pieces)
            elif name == cell:
                column = column_of(attributes.get("r", ""), otherwise=column + 1)
                self._put(column, content, inline, attributes)
            elif name == text:
                inline += "".join(pieces)
            elif name in others:
                inline = unspoken
                self._end_other(others[name])

        self._parser.StartElementHandler = begin
        self._parser.EndElementHandler = end
        self._parser.CharacterDataHandler = pieces.append

    def _begin_other(self, name: str, attributes: Attributes, column: int) -> int:
        """
        Return the column before the next cell.

        Some programs start the same row again for each cell: it continues where it was.
        """
        if name == DEFAULTS:
            self._usual_height = attributes.get("defaultRowHeight", "")
        if name != ROW:
            return column
        number = int(attributes.get("r", self._number + 1))
        if number < 1:
            raise refused("file_broken")
        is_another = number != self._number
        if is_another:
            self._take()
        self._number = number
        self._is_hidden |= attributes.get("hidden") in ON or is_zero(
            attributes.get("ht", self._usual_height)
        )
        return -1 if is_another else column

    def _end_other(self, name: str) -> None:
        if name == SHEET:
            self._take()
            self._is_done = True

    def _take(self) -> None:
        cells = self._row.taken()
        if self._is_hidden:
            self._reading.count_hidden(cells)
            self._is_hidden = False
        if self._number:
            self._made.append((self._number, cells))

    def _put(self, column: int, content: str, inline: str, attributes: Attributes) -> None:
        if not (content or inline or FORMULA in attributes):
            return
        kind = attributes.get("t", "n")
        if inline and (kind == "inlineStr" or not content):
            text = self._text(column, unescaped(inline), attributes)
        elif FORMULA in attributes and self._is_uncalculated(column, kind, content):
            raise refused("never_calculated", f"{column_letters(column)}{self._number}")
        else:
            text = self._value(column, kind, content, attributes)
        if text:
            self._row.put(column, text)

    def _is_uncalculated(self, column: int, kind: str, content: str) -> bool:
        """
        Whether a program, not a spreadsheet, wrote the value under a formula.

        A missing value counts as a program's, and so does 0 in a workbook that asks to be
        calculated.
        """
        if kind != "n" or not self._columns.is_read(column):
            return False
        return not content.strip() or (self._workbook.is_to_be_calculated and is_zero(content))

    def _value(self, column: int, kind: str, text: str, attributes: Attributes) -> str:
        match kind:
            case "n":
                return self._number_text(column, text.strip(), attributes.get("s", ""))
            case "s":
                return self._text(column, self._texts[int(text)], attributes)
            case "b":
                return BOOLEANS[text.strip() == "1"]
            case "d":
                return self._date(column, text.strip(), attributes)
            case "e":
                return error(text.strip())
            case _:
                return self._text(column, unescaped(text), attributes)

    def _number_text(self, column: int, text: str, style: str) -> str:
        formats = self._workbook.formats
        code = formats[int(style)] if style and formats else ""
        if not code and PLAIN.fullmatch(text):
            return text
        if not NUMBER.fullmatch(text):
            return text
        is_1904 = self._workbook.dates_from_1904
        return self._columns.number(column, text, code, dates_from_1904=is_1904)

    def _text(self, column: int, text: str, attributes: Attributes) -> str:
        style = attributes.get("s", "")
        if style and int(style) in self._workbook.styles_of_texts:
            return self._columns.text(column, text, self._workbook.formats[int(style)])
        return text

    def _date(self, column: int, text: str, attributes: Attributes) -> str:
        """Write a date in ISO 8601 as its format shows it; without one, unchanged."""
        serial = serial_of(text)
        style, formats = attributes.get("s", ""), self._workbook.formats
        code = formats[int(style)] if style and formats else ""
        if serial is None:
            return text
        return self._columns.number(column, serial, code or iso_format(serial))

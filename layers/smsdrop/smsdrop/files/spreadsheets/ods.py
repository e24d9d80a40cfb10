"""OpenDocument spreadsheet (.ods) -> rows of its first visible sheet, streamed."""

import re
from collections.abc import Iterator
from functools import lru_cache

from smsdrop.files.spreadsheets.archive import Archive
from smsdrop.files.spreadsheets.columns import FAILED, error
from smsdrop.files.spreadsheets.formats.iso_dates import iso_format, serial_of
from smsdrop.files.spreadsheets.formats.shown import NUMBER, is_zero
from smsdrop.files.spreadsheets.ods_styles import HiddenStyles, Recorded, sheet_names
from smsdrop.files.spreadsheets.sheets import BOOLEANS, SheetReading, SheetRow
from smsdrop.files.spreadsheets.xml_items import Attributes, local, new_parser, read_items
from smsdrop.reasons import refused
from smsdrop.recipients.header import column_letters
from smsdrop.recipients.spoiled import UNSHOWN

CONTENT = "content.xml"

DATES = ("date", "time")

NUMBERS = ("float", "percentage", "currency")
"""Cells of these types hold a number besides the text that is shown."""

PLAIN = ("float", *DATES)
"""Types whose value says enough if the text is missing."""

BEYOND = re.compile(r"#FMT|#+")
"""What LibreOffice shows instead of a number that the format cannot show."""

ERROR = "error"
"""A type of LibreOffice's own, in an extra attribute after the one for other programs."""

UNKNOWN = "[?]"
"""Used as the format: only the missing text would say how the number is shown."""

COVERED = "covered-table-cell"
"""A cell under a merged one; its content is not shown."""

CELLS = ("table-cell", COVERED)

BLANKS = {"s": " ", "tab": "\t", "line-break": "\n"}
"""Elements that stand for white space."""

MAX_BLANKS = 1000
"""The most for one such element; more would fill the memory."""

BESIDE = frozenset(["annotation", "ruby-text", "frame", "text-box", "custom-shape"])
"""Elements in a cell whose text is not the cell's: notes, drawings, phonetic guides."""


class OdsReading(SheetReading):
    """One pass over an OpenDocument spreadsheet."""

    def __init__(self, archive: Archive, *, with_hidden_rows: bool = False) -> None:
        super().__init__("ods", with_hidden_rows=with_hidden_rows)
        self._archive = archive
        self._content: Recorded | None = None
        self._hidden = HiddenStyles()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        content = _Content(self)
        self._hidden = content.hidden
        self._content = Recorded(self._archive.part(CONTENT))
        made = read_items(self._content, content.parser, content.made, is_done=content.is_done)
        return (
            (number, list(cells))
            for first, repeats, cells in made
            for number in range(first, first + repeats if any(cells) else first)
        )

    def look_at_the_rest(self) -> None:
        """Find the other sheets in the content after the one that is read."""
        if self._content:
            names = sheet_names(self._content.rest(), self._hidden)
            self.other_sheets = tuple(name for name in names if name != self.sheet)
            self._content = None


class _Content:
    """The parser's handlers, which build rows from the elements of one sheet."""

    def __init__(self, reading: OdsReading) -> None:
        self._reading = reading
        self._columns = reading.columns
        self.parser = new_parser()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.made: list[tuple[int, int, list[str]]] = []
        """Rows: the number of the first, how often it is repeated, and its cells."""
        self.hidden = HiddenStyles()
        self._depth = 0
        """How deep sheets are nested: one may be inside a cell of another, and is not read."""
        self._is_done = False
        self._number = self._repeats = 1
        self._is_hidden = False
        self._groups: list[bool] = []
        """For each group of rows around the current row, whether it is folded."""
        self._row = SheetRow(reading.columns)
        self._column = 0
        self._cell: Attributes = {}
        self._text: list[str] = []
        self._has_text = self._is_in_text = False
        """Whether the cell has a paragraph so far, and whether one is still open."""
        self._beside = 0
        """The depth inside an element that is not the cell's own text."""

    def is_done(self) -> bool:
        return self._is_done

    def _begin(self, full_name: str, attributes: Attributes) -> None:
        if self._is_done:
            return
        name = own_name(full_name)
        if self._beside or (not name and self._depth):
            self._beside += 1
            self.parser.CharacterDataHandler = None
            return
        attributes = {local(each): value for each, value in attributes.items()}
        if name == "table" and (self._depth or not self.hidden.has_table(attributes)):
            self._depth += 1
            self._reading.sheet = self._reading.sheet or attributes.get("name", "")
        elif not self._depth:
            self.hidden.look_at(name, attributes)
        elif self._depth == 1:
            self._begin_in_sheet(name, attributes)

    def _begin_in_sheet(self, name: str, attributes: Attributes) -> None:
        if name in CELLS:
            self._cell = attributes
            self._text = []
            self._has_text = False
        elif name == "p":
            self._text += ["\n"] * self._has_text
            self._has_text = self._is_in_text = True
            self.parser.CharacterDataHandler = self._text.append
        elif name in BLANKS:
            self._text.append(BLANKS[name] * min(count(attributes, "c"), MAX_BLANKS))
        elif name == "table-row":
            self._repeats = count(attributes, "number-rows-repeated")
            self._column = 0
            self._is_hidden = any(self._groups) or self.hidden.has_row(attributes)
        elif name == "table-row-group":
            self._groups.append(attributes.get("display") == "false")

    def _end(self, full_name: str) -> None:
        name = own_name(full_name)
        if self._beside:
            self._beside -= 1
            if not self._beside and self._is_in_text:
                self.parser.CharacterDataHandler = self._text.append
        elif name == "table" and self._depth:
            self._depth -= 1
            self._is_done = not self._depth
        elif self._depth == 1:
            self._end_in_sheet(name)

    def _end_in_sheet(self, name: str) -> None:
        if name == "p":
            self._is_in_text = False
            self.parser.CharacterDataHandler = None
        elif name in CELLS:
            repeats = count(self._cell, "number-columns-repeated")
            for column in range(self._column, self._column + repeats * (name != COVERED)):
                text = self._value(column)
                if not text:
                    break
                self._row.put(column, text)
            self._column += repeats
        elif name == "table-row":
            cells = self._row.taken(self._repeats)
            if self._is_hidden:
                self._reading.count_hidden(cells, self._repeats)
            self.made.append((self._number, self._repeats, cells))
            self._number += self._repeats
        elif name == "table-row-group":
            self._groups.pop()

    def _value(self, column: int) -> str:
        kind = self._cell.get("value-type", "")
        value = self._cell.get("value", "")
        shown = "".join(self._text) if self._has_text else None
        if "formula" in self._cell:
            if self._is_uncalculated(kind, value, shown) and self._columns.is_read(column):
                raise refused("never_calculated", f"{column_letters(column)}{self._number}")
            if FAILED.fullmatch(shown or ""):
                return error(shown or "")
        if kind == ERROR:
            return error(shown or "")
        is_unknown = BEYOND.fullmatch(shown or "") or (shown is None and kind not in PLAIN)
        if kind in NUMBERS and NUMBER.fullmatch(value):
            if is_unknown:
                return self._columns.number(column, value, UNKNOWN)
            return self._columns.number_with_text(column, value, shown)
        if kind == "boolean":
            return BOOLEANS[self._cell.get("boolean-value") == "true"]
        if kind in DATES and BEYOND.fullmatch(shown or ""):
            return UNSHOWN
        if shown or kind not in DATES:
            return shown or self._cell.get(f"{kind}-value", "")
        serial = serial_of(self._cell.get(f"{kind}-value", ""))
        return self._columns.number(column, serial, iso_format(serial)) if serial else ""

    def _is_uncalculated(self, kind: str, value: str, shown: str | None) -> bool:
        """Whether a program wrote the formula, and no spreadsheet has calculated its value."""
        return shown is None and (not kind or (kind in NUMBERS and is_zero(value or "0")))


@lru_cache(maxsize=256)
def own_name(name: str) -> str:
    """Return the name of an element without its prefix; empty if its text is not the cell's."""
    short = local(name)
    return "" if name.startswith("draw:") or short in BESIDE else short


def count(attributes: Attributes, name: str) -> int:
    return max(1, int(attributes.get(name, 1)))

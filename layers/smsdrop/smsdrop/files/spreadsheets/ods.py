"""OpenDocument spreadsheet (.ods) -> rows of its first visible sheet, streamed."""

from collections.abc import Iterator

from smsdrop.files.spreadsheets.archive import Archive
from smsdrop.files.spreadsheets.number_formats import NUMBER, exact_digits
from smsdrop.files.spreadsheets.sheets import BOOLEANS, SheetReading, SheetRow
from smsdrop.files.spreadsheets.xml_items import Attributes, local, new_parser, read_items

CONTENT = "content.xml"

NUMBERS = ("float", "percentage", "currency")
"""Cells of these types are read as their exact digits, with leading zeros; others as shown."""

CELLS = ("table-cell", "covered-table-cell")

BLANKS = {"s": " ", "tab": "\t", "line-break": "\n"}
"""Elements that stand for white space."""

MAX_BLANKS = 1000
"""For one such element; more would fill the memory."""


class OdsReading(SheetReading):
    """One pass over an OpenDocument spreadsheet."""

    def __init__(self, archive: Archive) -> None:
        super().__init__("ods")
        self._archive = archive

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        content = _Content(self)
        made = read_items(
            self._archive.part(CONTENT), content.parser, content.made, is_done=content.is_done
        )
        return (
            (number, list(cells))
            for first, repeats, cells in made
            for number in range(first, first + repeats if any(cells) else first)
        )


class _Content:
    """The parser's handlers, which make rows of the elements of one sheet."""

    def __init__(self, reading: OdsReading) -> None:
        self._reading = reading
        self.parser = new_parser()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.made: list[tuple[int, int, list[str]]] = []
        """Rows: the number of the first, how often it is repeated, and its cells."""
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._depth = 0
        """Of nested sheets: one may lie in a cell of another, and is not read."""
        self._is_done = False
        self._number = self._repeats = 1
        self._row = SheetRow()
        self._column = 0
        self._cell: Attributes = {}
        self._text: list[str] = []
        self._notes = 0

    def is_done(self) -> bool:
        return self._is_done

    def _begin(self, name: str, attributes: Attributes) -> None:
        if self._is_done:
            return
        name = local(name)
        attributes = {local(each): value for each, value in attributes.items()}
        if name == "style":
            self._style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table" and (
            self._depth or attributes.get("style-name") not in self._hidden_styles
        ):
            self._depth += 1
        elif self._depth == 1:
            self._begin_in_sheet(name, attributes)

    def _begin_in_sheet(self, name: str, attributes: Attributes) -> None:
        if name == "table-row":
            self._repeats = count(attributes, "number-rows-repeated")
            self._column = 0
            if attributes.get("visibility", "visible") != "visible":
                self._reading.hidden_rows += self._repeats
        elif name in CELLS:
            self._cell = attributes
            self._text = []
        elif name == "annotation":
            self._notes += 1
        elif self._notes:
            return
        elif name == "p":
            self._text += ["\n"] * bool(self._text)
            self.parser.CharacterDataHandler = self._text.append
        elif name in BLANKS:
            self._text.append(BLANKS[name] * min(count(attributes, "c"), MAX_BLANKS))

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "table" and self._depth:
            self._depth -= 1
            self._is_done = not self._depth
        elif self._depth == 1:
            self._end_in_sheet(name)

    def _end_in_sheet(self, name: str) -> None:
        if name == "p":
            self.parser.CharacterDataHandler = None
        elif name == "annotation":
            self._notes -= 1
        elif name in CELLS:
            repeats = count(self._cell, "number-columns-repeated")
            if text := self._value():
                for column in range(self._column, self._column + repeats):
                    self._row.put(column, text)
            self._column += repeats
        elif name == "table-row":
            self.made.append((self._number, self._repeats, self._row.taken(self._repeats)))
            self._number += self._repeats

    def _value(self) -> str:
        kind = self._cell.get("value-type")
        value = self._cell.get("value", "")
        shown = "".join(self._text)
        if kind in NUMBERS and NUMBER.fullmatch(value):
            digits = exact_digits(value)
            return shown if shown.isdecimal() and shown.lstrip("0") == digits else digits
        if kind == "boolean":
            return BOOLEANS[self._cell.get("boolean-value") == "true"]
        return shown or self._cell.get(f"{kind}-value", "")


def count(attributes: Attributes, name: str) -> int:
    return max(1, int(attributes.get(name, 1)))

"""Excel workbook (.xlsx, .xlsm) -> rows of its first visible sheet, streamed."""

from collections.abc import Iterator

from smsdrop.files.spreadsheets.archive import Archive
from smsdrop.files.spreadsheets.number_formats import NUMBER, as_text
from smsdrop.files.spreadsheets.sheets import BOOLEANS, SheetReading, SheetRow, column_of
from smsdrop.files.spreadsheets.xlsx_parts import SharedTexts, Workbook, read_workbook, unescaped
from smsdrop.files.spreadsheets.xml_items import Attributes, local, new_parser, read_items


class XlsxReading(SheetReading):
    """One pass over a workbook."""

    def __init__(self, archive: Archive) -> None:
        super().__init__("xlsx")
        self._archive = archive

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        workbook = read_workbook(self._archive)
        self.sheet, self.other_sheets = workbook.sheet, workbook.other_sheets
        sheet = _Sheet(workbook, SharedTexts(self._archive, workbook.shared_texts), self)
        return sheet.rows(self._archive)


class _Sheet:
    """The parser's handlers, which make rows of a sheet's elements."""

    def __init__(self, workbook: Workbook, texts: SharedTexts, reading: SheetReading) -> None:
        self._workbook = workbook
        self._texts = texts
        self._reading = reading
        self._parser = new_parser()
        self._parser.StartElementHandler = self._begin_sheet
        self._made: list[tuple[int, list[str]]] = []
        self._row = SheetRow()
        self._number = 0
        self._is_done = False

    def rows(self, archive: Archive) -> Iterator[tuple[int, list[str]]]:
        stream = archive.part(self._workbook.part)
        return read_items(stream, self._parser, self._made, is_done=lambda: self._is_done)

    def _begin_sheet(self, name: str, _: Attributes) -> None:
        """
        Hand the elements over to closures, with names that have the outermost one's prefix.

        Half of the time goes into calls, so the handlers of cells make as few as possible.
        """
        prefix = name.removesuffix(local(name))
        cell, texts = prefix + "c", (prefix + "v", prefix + "t")
        others = {prefix + each: each for each in ("row", "rPh", "sheetData")}
        pieces: list[str] = []
        attributes: Attributes = {}
        content = unspoken = ""
        column = -1

        def begin(name: str, given: Attributes) -> None:
            nonlocal attributes, content, unspoken, column
            if name in texts:
                pieces.clear()
            elif name == cell:
                attributes, content = given, ""
            elif name in others:
                unspoken, column = content, -1
                self._begin_other(others[name], given)

        def end(name: str) -> None:
            nonlocal content, column
            if name in texts:
                content += "".join(pieces)
            elif name == cell:
                column = column_of(attributes.get("r", ""), otherwise=column + 1)
                if content:
                    self._row.put(column, self._value(content, attributes))
            elif name in others:
                content = unspoken
                self._end_other(others[name])

        self._parser.StartElementHandler = begin
        self._parser.EndElementHandler = end
        self._parser.CharacterDataHandler = pieces.append

    def _begin_other(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._reading.hidden_rows += attributes.get("hidden") in ("1", "true")

    def _end_other(self, name: str) -> None:
        if name == "row":
            self._made.append((self._number, self._row.taken()))
        self._is_done = name == "sheetData"

    def _value(self, text: str, attributes: Attributes) -> str:
        match attributes.get("t", "n"):
            case "n":
                return self._number_text(text.strip(), attributes.get("s", ""))
            case "s":
                return self._texts[int(text)]
            case "b":
                return BOOLEANS[text.strip() == "1"]
            case "d":
                return text.removesuffix("T00:00:00").replace("T", " ")
            case _:
                return unescaped(text)

    def _number_text(self, text: str, style: str) -> str:
        formats = self._workbook.formats
        code = formats[int(style)] if style and formats else ""
        if not code and text.isdecimal():
            return text
        if not NUMBER.fullmatch(text):
            return text
        return as_text(text, code, dates_from_1904=self._workbook.dates_from_1904)

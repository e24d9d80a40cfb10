"""Excel workbook (.xlsx, .xlsm) -> rows of its first visible sheet, streamed."""

from collections.abc import Callable, Iterator

from smsdrop.archive import Archive
from smsdrop.number_formats import NUMBER, as_text
from smsdrop.sheets import BOOLEANS, SheetReading, SheetRow, column_of, with_gaps
from smsdrop.xlsx_parts import SharedTexts, Workbook, read_workbook, unescaped
from smsdrop.xml_items import Attributes, local, new_parser, read_items


class XlsxReading(SheetReading):
    """One pass over a workbook."""

    def __init__(self, archive: Archive) -> None:
        super().__init__("xlsx")
        self._archive = archive

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        workbook = read_workbook(self._archive)
        self.sheet, self.other_sheets = workbook.sheet, workbook.other_sheets
        sheet = _Sheet(workbook, SharedTexts(self._archive, workbook.shared_texts), self)
        return with_gaps(sheet.rows(self._archive))


class _Sheet:
    """The handlers of a sheet's elements, which make rows of them."""

    def __init__(self, workbook: Workbook, texts: SharedTexts, reading: SheetReading) -> None:
        self._workbook = workbook
        self._texts = texts
        self._reading = reading
        self._parser = new_parser()
        self._parser.StartElementHandler = self._begin_sheet
        self._made: list[tuple[int, list[str]]] = []
        self._pieces: list[str] = []
        self._row = SheetRow()
        self._number = 0
        self._column = -1
        self._attributes: Attributes = {}
        self._text = self._unspoken = ""
        self._is_done = False

    def rows(self, archive: Archive) -> Iterator[tuple[int, list[str]]]:
        stream = archive.part(self._workbook.part)
        return read_items(stream, self._parser, self._made, is_done=lambda: self._is_done)

    def _begin_sheet(self, name: str, _: Attributes) -> None:
        """Elements have the prefix of the outermost one, if it has one."""
        prefix = name.removesuffix(local(name))
        begin: dict[str, Callable[[Attributes], None]] = {
            f"{prefix}row": self._begin_row,
            f"{prefix}c": self._begin_cell,
            f"{prefix}v": self._begin_text,
            f"{prefix}t": self._begin_text,
            f"{prefix}rPh": self._begin_spoken,
        }
        end: dict[str, Callable[[], None]] = {
            f"{prefix}row": self._end_row,
            f"{prefix}c": self._end_cell,
            f"{prefix}v": self._end_text,
            f"{prefix}t": self._end_text,
            f"{prefix}rPh": self._end_spoken,
            f"{prefix}sheetData": self._end_sheet,
        }

        def on_begin(name: str, attributes: Attributes) -> None:
            if handler := begin.get(name):
                handler(attributes)

        def on_end(name: str) -> None:
            if handler := end.get(name):
                handler()

        self._parser.StartElementHandler = on_begin
        self._parser.EndElementHandler = on_end
        self._parser.CharacterDataHandler = self._pieces.append

    def _begin_row(self, attributes: Attributes) -> None:
        self._number = int(attributes.get("r", self._number + 1))
        self._column = -1
        if attributes.get("hidden") in ("1", "true"):
            self._reading.hidden_rows += 1

    def _begin_cell(self, attributes: Attributes) -> None:
        self._attributes = attributes
        self._text = ""

    def _begin_text(self, _: Attributes) -> None:
        self._pieces.clear()

    def _end_text(self) -> None:
        self._text += "".join(self._pieces)

    def _begin_spoken(self, _: Attributes) -> None:
        self._unspoken = self._text

    def _end_spoken(self) -> None:
        self._text = self._unspoken

    def _end_cell(self) -> None:
        attributes = self._attributes
        self._column = column_of(attributes.get("r", ""), otherwise=self._column + 1)
        if self._text:
            self._row.put(self._column, self._value(attributes))

    def _end_row(self) -> None:
        self._made.append((self._number, self._row.taken()))
        self._pieces.clear()

    def _end_sheet(self) -> None:
        self._is_done = True

    def _value(self, attributes: Attributes) -> str:
        text = self._text
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

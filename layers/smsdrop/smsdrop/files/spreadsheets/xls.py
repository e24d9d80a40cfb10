"""Excel 97 to 2003 workbook (.xls) -> rows of its first visible sheet."""

import struct
from collections.abc import Iterator
from io import StringIO
from typing import Any

import xlrd  # type: ignore[import-untyped]

from smsdrop.files.spreadsheets.columns import EXACT_BELOW, error
from smsdrop.files.spreadsheets.formats.built_in import BUILT_IN
from smsdrop.files.spreadsheets.formats.shown import without_general
from smsdrop.files.spreadsheets.sheets import BOOLEANS, SheetReading, SheetRow
from smsdrop.files.spreadsheets.xls_formulas import uncalculated_cells
from smsdrop.files.streams import Spool
from smsdrop.reasons import refused
from smsdrop.recipients.header import column_letters

MAX_BYTES = 32 * 1024**2
"""The largest file: read whole, it takes ten times as much memory; it has 65,536 rows at most."""

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The part of an encrypted .xlsx, which has the same container as an .xls."""

BROKEN = (
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""What xlrd raises, or may raise, if a file is broken."""


class Silent(StringIO):
    """Discards the warnings of xlrd."""

    def write(self, text: str, /) -> int:
        return len(text)


class XlsReading(SheetReading):
    """One pass over a workbook, which is held in memory."""

    def __init__(self, spool: Spool, *, with_hidden_rows: bool = False) -> None:
        super().__init__("xls", with_hidden_rows=with_hidden_rows)
        self._spool = spool

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        if self._spool.size > MAX_BYTES:
            raise refused("file_too_large", MAX_BYTES // 1024**2)
        content = b"".join(iter(self._spool.read, b""))
        if ENCRYPTED in content:
            raise refused("file_encrypted")
        return self._rows(*opened(content))

    def _rows(self, book: Any, sheet: Any) -> Iterator[tuple[int, list[str]]]:
        self.sheet, *others = visible_sheets(book)
        self.other_sheets = tuple(others)
        uncalculated = formulas_of(book, sheet)
        formats = Formats(book)
        row = SheetRow(self.columns)
        for index in range(sheet.nrows):
            for column in range(sheet.row_len(index)):
                if uncalculated and (index, column) in uncalculated:
                    self._refuse_uncalculated(index, column)
                if text := self._text(formats, column, sheet.cell(index, column)):
                    row.put(column, text)
            cells = row.taken()
            if is_hidden(sheet, index):
                self.count_hidden(cells)
            yield index + 1, cells

    def _refuse_uncalculated(self, index: int, column: int) -> None:
        if self.columns.is_read(column):
            raise refused("never_calculated", f"{column_letters(column)}{index + 1}")

    def _text(self, formats: "Formats", column: int, cell: Any) -> str:
        try:
            return self._shown(formats, column, cell)
        except BROKEN as failure:
            raise refused("file_broken") from failure

    def _shown(self, formats: "Formats", column: int, cell: Any) -> str:
        match cell.ctype:
            case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
                code = formats[cell.xf_index]
                if not code and cell.value.is_integer() and abs(cell.value) < EXACT_BELOW:
                    return str(int(cell.value))
                number = repr(cell.value)
                return self.columns.number(column, number, code, dates_from_1904=formats.from_1904)
            case xlrd.XL_CELL_BOOLEAN:
                return BOOLEANS[cell.value]
            case xlrd.XL_CELL_ERROR:
                return error(xlrd.error_text_from_code.get(cell.value, ""))
            case _:
                code = formats[cell.xf_index]
                return self.columns.text(column, cell.value, code) if code else str(cell.value)


class Formats(dict[int, str]):
    """The format of each cell style that occurs; empty if it only shows digits."""

    def __init__(self, book: Any) -> None:
        super().__init__()
        self._book = book
        self.from_1904 = bool(book.datemode)

    def __missing__(self, style: int) -> str:
        key = self._book.xf_list[style].format_key
        code = BUILT_IN.get(key) or str(self._book.format_map[key].format_str)
        self[style] = without_general(code)
        return self[style]


def opened(content: bytes) -> tuple[Any, Any]:
    """Return the workbook and its first visible sheet."""
    try:
        book = xlrd.open_workbook(
            file_contents=content,
            logfile=Silent(),
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
        )
        sheets = (book.sheet_by_index(index) for index in range(book.nsheets))
        sheet = next((each for each in sheets if not each.visibility), None)
    except BROKEN as failure:
        raise refused("file_broken") from failure
    if sheet is None:
        raise refused("no_visible_sheet")
    return book, sheet


def visible_sheets(book: Any) -> list[str]:
    """Return the names of the visible sheets, charts and the like left out."""
    named = zip(book.sheet_names(), book._sheet_visibility, strict=True)
    return [name for name, visibility in named if not visibility]


def is_hidden(sheet: Any, index: int) -> bool:
    """Whether the row is hidden, by a filter perhaps, or has no height."""
    row = sheet.rowinfo_map.get(index)
    if row is None:
        return bool(sheet.default_row_hidden)
    return bool(row.hidden) or (row.height == 0 and not row.has_default_height)


def formulas_of(book: Any, sheet: Any) -> frozenset[tuple[int, int]]:
    try:
        return uncalculated_cells(book, sheet)
    except BROKEN as failure:
        raise refused("file_broken") from failure

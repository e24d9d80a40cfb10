"""Excel 97 to 2003 workbook (.xls) -> rows of its first visible sheet."""

import struct
from collections.abc import Iterator
from io import StringIO
from typing import Any

import xlrd  # type: ignore[import-untyped]

from smsdrop.files.spreadsheets.number_formats import BUILT_IN, as_text
from smsdrop.files.spreadsheets.sheets import BOOLEANS, SheetReading, SheetRow
from smsdrop.files.streams import Spool
from smsdrop.reasons import refused

MAX_BYTES = 32 * 1024**2
"""Of a file: it is read as a whole, takes ten times as much memory, and has 65,536 rows at most."""

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

    def __init__(self, spool: Spool) -> None:
        super().__init__("xls")
        self._spool = spool

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        if self._spool.size > MAX_BYTES:
            raise refused("file_too_large", MAX_BYTES // 1024**2)
        content = b"".join(iter(self._spool.read, b""))
        if ENCRYPTED in content:
            raise refused("file_encrypted")
        return self._rows(*opened(content))

    def _rows(self, book: Any, sheet: Any) -> Iterator[tuple[int, list[str]]]:
        row = SheetRow()
        for index in range(sheet.nrows):
            for column in range(sheet.row_len(index)):
                if text := cell_text(book, sheet.cell(index, column)):
                    row.put(column, text)
            if index in sheet.rowinfo_map:
                self.hidden_rows += sheet.rowinfo_map[index].hidden
            yield index + 1, row.taken()


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
    except BROKEN as error:
        raise refused("file_broken") from error
    if sheet is None:
        raise refused("no_visible_sheet")
    return book, sheet


def cell_text(book: Any, cell: Any) -> str:
    try:
        return _cell_text(book, cell)
    except BROKEN as error:
        raise refused("file_broken") from error


def _cell_text(book: Any, cell: Any) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            key = book.xf_list[cell.xf_index].format_key
            code = BUILT_IN.get(key) or book.format_map[key].format_str
            return as_text(repr(cell.value), code, dates_from_1904=bool(book.datemode))
        case xlrd.XL_CELL_BOOLEAN:
            return BOOLEANS[cell.value]
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
        case _:
            return str(cell.value)

"""What all spreadsheet formats have in common: a sheet as rows."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from smsdrop.files.rows import MAX_ROW_SIZE, Row, in_blocks
from smsdrop.files.spreadsheets.columns import Columns
from smsdrop.files.streams import MAX_BYTES
from smsdrop.reasons import FileRefused, Reason, refused
from smsdrop.recipients.blocks import Block
from smsdrop.recipients.characters import is_blank
from smsdrop.recipients.header import MAX_COLUMNS, column_letters

MAX_SHEET_ROWS = 1_048_576
"""As many as Excel can hold in a sheet."""

BOOLEANS = ("FALSE", "TRUE")
"""As a spreadsheet shows them."""

MAX_UNNAMED_TOLD = 20
"""Of columns without a name, at most this many are reported: the first ones."""

COLUMN_LETTERS = re.compile(r"[A-Z]{1,3}")


class SheetReading(ABC):
    """One pass over a workbook's first visible sheet, and what is noticed about the workbook."""

    def __init__(self, encoding: str, *, with_hidden_rows: bool = False) -> None:
        self.encoding = encoding
        self.sheet = ""
        self.other_sheets: tuple[str, ...] = ()
        """The names of the other visible sheets."""
        self.hidden_rows = 0
        """Hidden rows with data."""
        self.columns = Columns()
        self._with_hidden_rows = with_hidden_rows
        self._unnamed: dict[int, int] = {}
        """How many rows have data in each column right of the header."""

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are in the file, each with its number."""
        ...

    def look_at_the_rest(self) -> None:
        """Find the other sheets, if that needs further reading; no row can be read afterwards."""
        return

    def blocks(self) -> Iterator[Block]:
        return in_blocks(self._under_header(with_gaps(self.rows())))

    def problems(self) -> list[Reason]:
        problems = [
            Reason("nameless_column", (column_letters(column), str(self._unnamed[column])))
            for column in sorted(self._unnamed)
        ]
        if self.other_sheets:
            problems.append(Reason("other_sheets", (self.sheet, str(len(self.other_sheets)))))
        if self.hidden_rows:
            problems.append(Reason("hidden_rows", (str(self.hidden_rows),)))
        return problems

    def count_hidden(self, cells: Sequence[str], times: int = 1) -> None:
        """Count a row that is hidden, unless it is blank."""
        if not is_blank(cells):
            self.hidden_rows += times

    def _under_header(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
        """
        Yield the rows, as wide as the header.

        Cells right of it belong to no named column. Raises `FileRefused` after the last row if some
        are hidden, unless they were asked for.
        """
        for number, cells in rows:
            width = self.columns.width
            if width is not None and len(cells) > width:
                self._cut(cells, width)
            yield number, cells
        self.look_at_the_rest()
        if self.hidden_rows and not self._with_hidden_rows:
            raise refused("rows_hidden", self.hidden_rows)

    def _cut(self, cells: list[str], width: int) -> None:
        for column in range(width, len(cells)):
            if cells[column] and not is_blank([cells[column]]):
                self._count_unnamed(column)
        del cells[width:]

    def _count_unnamed(self, column: int) -> None:
        if column in self._unnamed or len(self._unnamed) < MAX_UNNAMED_TOLD:
            self._unnamed[column] = self._unnamed.get(column, 0) + 1


class SheetRow:
    """
    Gathers the cells of one row after another.

    Raises `FileRefused` if a row, or all rows together, grow too large: a text that many cells
    share takes no room in the file.
    """

    def __init__(self, columns: Columns, room: int = MAX_BYTES) -> None:
        """`room` is the number of characters that all rows may have together."""
        self._columns = columns
        self._cells: list[str] = []
        self._row_room = MAX_ROW_SIZE
        self._room = room

    def put(self, column: int, text: str) -> None:
        """Put a text into a column; raises `FileRefused` if it has one already."""
        if column >= MAX_COLUMNS:
            raise refused("too_many_columns", column + 1, MAX_COLUMNS)
        cells = self._cells
        while column >= len(cells):
            cells.append("")
        if cells[column]:
            raise refused("file_broken")
        cells[column] = text
        self._row_room -= len(text)
        if self._row_room < 0:
            raise refused("part_too_long")

    def taken(self, times: int = 1) -> list[str]:
        """Return the row's cells, and start the next row; this one counts `times` times."""
        cells, self._cells = self._cells, []
        if not self._columns.are_known:
            self._columns.learn(cells)
        self._room -= (MAX_ROW_SIZE - self._row_room) * times
        self._row_room = MAX_ROW_SIZE
        if self._room < 0:
            raise refused("file_too_large", MAX_BYTES // 1024**2)
        return cells


def with_gaps(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """
    Yield the rows, and a blank one for each that the file leaves out before them.

    Cells that are left out at the end of a row are empty: each row is as wide as the first. Raises
    `FileRefused` where row numbers do not increase: reports name rows by them.
    """
    expected, width = 1, 0
    for number, cells in rows:
        if number > MAX_SHEET_ROWS:
            raise refused("too_many_rows", MAX_SHEET_ROWS)
        if not any(cells):
            continue
        if number < expected:
            raise disorder(number, expected - 1)
        for blank in range(expected, number):
            yield blank, []
        width = width or len(cells)
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        yield number, cells
        expected = number + 1


def disorder(number: int, after: int) -> FileRefused:
    return refused("rows_disordered", number, after) if number > 0 else refused("file_broken")


def column_of(reference: str, *, otherwise: int) -> int:
    """Return the column, counted from 0, of a cell such as `AB12`."""
    letters = reference.rstrip("0123456789$")
    return _position(letters) if letters else otherwise


@lru_cache(maxsize=MAX_COLUMNS)
def _position(letters: str) -> int:
    letters = letters.lstrip("$").upper()
    if not COLUMN_LETTERS.fullmatch(letters):
        raise refused("file_broken")
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1

"""Rows of a file, column by column: what every format yields."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from smsdrop.reasons import Reason
from smsdrop.recipients.layout import SEPARATOR, SEPARATOR_BYTE, Columns

SHORT_ROW = 1500
"""Bytes of UTF-8; a batch of such rows fits into any message."""


class Block:
    """Consecutive rows, column by column."""

    def __init__(self, first_row: int, columns: Columns, fault: Reason | None = None) -> None:
        self.first_row = first_row
        self.fault = fault
        """Why none of the rows could be read."""
        self._columns = columns

    @property
    def columns(self) -> Columns:
        return self._columns

    def __len__(self) -> int:
        return len(self.columns[0])

    def cells(self, index: int) -> list[str]:
        return [column[index] for column in self.columns]

    def some(self, indexes: Sequence[int]) -> Columns:
        """Return some rows alone, column by column."""
        return [[column[index] for index in indexes] for column in self.columns]

    def after(self, rows: int) -> "Block":
        """Return the block without its first rows."""
        if not rows:
            return self
        columns = [column[rows:] for column in self.columns]
        return Block(self.first_row + rows, columns, self.fault)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with its number."""
        for index in range(len(self)):
            yield self.first_row + index, self.cells(index)


class RowBlock(Block):
    """Rows that were read one by one, all of the same width."""

    def __init__(
        self, first_row: int, rows: Sequence[list[str]], fault: Reason | None = None
    ) -> None:
        super().__init__(first_row, (), fault)
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @cached_property
    def columns(self) -> Columns:
        return list(zip(*self._rows, strict=True))

    def cells(self, index: int) -> list[str]:
        return self._rows[index]

    def after(self, rows: int) -> Block:
        return RowBlock(self.first_row + rows, self._rows[rows:], self.fault) if rows else self


class TextBlock(Block):
    """Rows that are lines of one text, split into cells only when these are needed."""

    def __init__(
        self,
        first_row: int,
        lines: list[bytes],
        *,
        text: bytes,
        width: int,
        end: bytes,
        is_clean: bool,
        is_suspect: bool = False,
    ) -> None:
        super().__init__(first_row, ())
        self.lines = lines
        """Each without its line ending, and with `SEPARATOR` between its cells."""
        self.text = text
        """All of them in UTF-8, with `end` after each."""
        self.width = width
        """How many cells each row has."""
        self.end = end
        self.is_clean = is_clean
        """
        Every cell can be written into JSON as it is: its characters are printable and visible, none
        needs an escape or is a `#`, and no line is longer than `SHORT_ROW`.
        """
        self.is_suspect = is_suspect
        """A cell may be spoiled, if the block is clean."""

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def columns(self) -> Columns:
        return self.some(range(len(self)))

    def cells(self, index: int) -> list[str]:
        return self.lines[index].decode().split(SEPARATOR)

    def some(self, indexes: Sequence[int]) -> Columns:
        lines = [self.lines[index] for index in indexes]
        cells = SEPARATOR_BYTE.join(lines).decode().split(SEPARATOR)
        return [cells[column :: self.width] for column in range(self.width)]

"""What every format yields: rows, numbered as the person sees them, and blocks of such rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias

from smsdrop.reasons import Reason
from smsdrop.recipients.layout import SEPARATOR, SEPARATOR_BYTE, Columns

MAX_ROW_SIZE = 1024 * 1024
"""
About where reading gives up on a row, so that a file without an end fits into memory: bytes in
UTF-8 of a text's row, characters of a sheet's.
"""

BLOCK_ROWS = 500

BLOCK_CHARACTERS = 32 * 1024
"""Of a block that is gathered row by row, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """A row that is rejected before it can be judged; its cells are what could be made of it."""

    cells: list[str]
    reason: Reason


Row: TypeAlias = tuple[int, list[str] | UnreadableRow]

SHORT_ROW = 1500
"""Bytes of UTF-8; a batch of such rows fits into any message."""


class Block:
    """Rows that follow one another, column by column."""

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

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        for row, cells in enumerate(zip(*self.columns, strict=True), start=self.first_row):
            yield row, list(cells)


class TextBlock(Block):
    """Rows that are lines of one text; their cells are parted only when they are asked for."""

    def __init__(
        self,
        first_row: int,
        lines: list[bytes],
        *,
        text: bytes,
        width: int,
        end: bytes,
        is_clean: bool,
    ) -> None:
        super().__init__(first_row, ())
        self.lines = lines
        """Each without its end; `SEPARATOR` stands between its cells."""
        self.text = text
        """All of them in UTF-8, with `end` behind each."""
        self.width = width
        """Cells of each row."""
        self.end = end
        self.is_clean = is_clean
        """
        Every character of a cell is printable, none is `#` or needs an escape in JSON, and no line
        is longer than `SHORT_ROW`.
        """

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


class Reading(Protocol):
    """One pass over a file of one format."""

    @property
    def encoding(self) -> str:
        """What the file has turned out to be so far: a text's encoding, or a format's name."""
        ...

    def rows(self) -> Iterator[Row | Block]:
        """
        Yield every row, one by one or in blocks, the first that is not blank being the header.

        Raises `FileRefused` where the file cannot be read.
        """
        ...

    def problems(self) -> list[Reason]:
        """Return what a person should hear of, though it refuses nothing."""
        ...


def one_by_one(rows: Iterable[Row | Block]) -> Iterator[Row]:
    for each in rows:
        if isinstance(each, Block):
            yield from each.rows()
        else:
            yield each


def in_blocks(rows: Iterable[Row | Block]) -> Iterator[Block]:
    """Gather rows that come one by one into blocks; a blank row has one empty cell there."""
    gathering = _Gathering()
    for each in rows:
        if isinstance(each, Block):
            yield from gathering.taken()
            yield each
            continue
        row, cells = each
        if isinstance(cells, UnreadableRow):
            yield from gathering.taken()
            yield Block(row, [[cell] for cell in cells.cells or [""]], cells.reason)
            continue
        if not gathering.has_room_for(row, cells or [""]):
            yield from gathering.taken()
        gathering.add(row, cells or [""])
    yield from gathering.taken()


class _Gathering:
    """A block's rows, while they are gathered."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []
        self._next_row = 0
        self._characters = 0

    def has_room_for(self, row: int, cells: list[str]) -> bool:
        return (
            len(self._rows) in range(1, BLOCK_ROWS)
            and self._characters < BLOCK_CHARACTERS
            and row == self._next_row
            and len(cells) == len(self._rows[0])
        )

    def add(self, row: int, cells: list[str]) -> None:
        self._rows.append(cells)
        self._next_row = row + 1
        self._characters += len(cells) + sum(map(len, cells))  # an empty cell takes room too

    def taken(self) -> Iterator[Block]:
        """Yield the block, if there is one, and begin another."""
        if self._rows:
            yield Block(self._next_row - len(self._rows), list(zip(*self._rows, strict=True)))
        self._rows, self._characters = [], 0

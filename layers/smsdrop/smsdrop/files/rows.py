"""What a reader of any format gives: blocks of rows, numbered as a person sees them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.blocks import Block, RowBlock

MAX_ROW_SIZE = 1024 * 1024
"""
Reading fails at a row of about this size, so that an endless one does not fill the memory. In bytes
of UTF-8 for a text, in characters for a sheet.
"""

BLOCK_ROWS = 500

BLOCK_CHARACTERS = 32 * 1024
"""About the size of a block that is gathered row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """A row that is rejected whatever its content; `cells` holds what could be read of it."""

    cells: list[str]
    reason: Reason


Row: TypeAlias = tuple[int, list[str] | UnreadableRow]


class Reading(Protocol):
    """One pass over a file of one format."""

    @property
    def encoding(self) -> str:
        """The encoding of a text as far as it was read, or the name of the format."""
        ...

    def blocks(self) -> Iterator[Block]:
        """
        Yield every row, the first that is not blank being the header.

        Raises `FileRefused` where the file becomes unreadable, after yielding the rows before.
        """
        ...

    def problems(self) -> list[Reason]:
        """Return warnings: what a person should know, though nothing is refused for it."""
        ...


def in_blocks(rows: Iterable[Row]) -> Iterator[Block]:
    """
    Gather rows into blocks; a blank row has one empty cell there.

    An unreadable row is a block of its own. A `FileRefused` is passed on after the rows
    before it.
    """
    gathering = _Gathering()
    try:
        for row, cells in rows:
            if isinstance(cells, UnreadableRow):
                yield from gathering.taken()
                yield RowBlock(row, [cells.cells or [""]], cells.reason)
                continue
            if not gathering.has_room_for(row, cells or [""]):
                yield from gathering.taken()
            gathering.add(row, cells or [""])
    except FileRefused:
        yield from gathering.taken()
        raise
    yield from gathering.taken()


class _Gathering:
    """The rows of the next block."""

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
            yield RowBlock(self._next_row - len(self._rows), self._rows)
        self._rows, self._characters = [], 0

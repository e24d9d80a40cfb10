"""What every format yields: rows, numbered as the person sees them, and blocks of such rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from smsdrop.reasons import FileRefused, Reason

MAX_ROW_CHARACTERS = 1024 * 1024
"""About where reading gives up on a row, so that a file without an end fits into memory."""

BLOCK_ROWS = 500
BLOCK_CHARACTERS = 32 * 1024
"""Of a block, about: larger ones no longer fit into a processor's nearest cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """A row that is rejected before it can be judged; its cells are what could be made of it."""

    cells: list[str]
    reason: Reason


Row: TypeAlias = tuple[int, list[str] | UnreadableRow]


SHORT_ROW = 500
"""Characters; a batch of such rows fits into any message."""

SEPARATOR = "\x7f"
"""Stands in files as good as never, and as it is in JSON."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that follow one another, column by column; all columns are equally long."""

    first_row: int
    columns: Sequence[Sequence[str]]
    """At least one."""
    fault: Reason | None = None
    """Why none of the rows could be read."""
    text: str = ""
    """The same rows where they are at hand as text: a line each, with `SEPARATOR` between cells."""

    def __len__(self) -> int:
        return len(self.columns[0])

    @property
    def longest(self) -> int:
        """A number of characters that no row has more of."""
        if self.text and has_only_short_lines(self.text):
            return SHORT_ROW
        return sum(max(map(len, column)) for column in self.columns)

    def cells(self, index: int) -> list[str]:
        return [column[index] for column in self.columns]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        for row, cells in enumerate(zip(*self.columns, strict=True), start=self.first_row):
            yield row, list(cells)


def has_only_short_lines(text: str) -> bool:
    """Look for an end of line in every stretch, which is faster than measuring each line."""
    at = 0
    while at < len(text):
        at, start = text.rfind("\n", at, at + SHORT_ROW + 1) + 1, at
        if at <= start:
            return False
    return True


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


def refused(code: str, *details: object) -> FileRefused:
    return FileRefused(Reason(code, tuple(map(str, details))))

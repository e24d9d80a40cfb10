"""Puts rows in order that a file has from the last to the first."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeAlias

from smsdrop.reasons import refused
from smsdrop.recipients.characters import is_blank

NumberedRow: TypeAlias = tuple[int, list[str]]

MAX_CHARACTERS = 8 * 1024**2
"""Such rows are held in memory until the last has been read."""

MAX_PEEKED = 100
"""At most this many rows are checked to find two that are filled."""

CELL_CHARACTERS = 8
"""About what a cell takes besides its text."""


def peeked(rows: Iterator[NumberedRow]) -> tuple[bool, Iterator[NumberedRow]]:
    """Say whether the second filled row belongs above the first, and return all rows again."""
    seen: list[NumberedRow] = []
    filled: list[int] = []
    for number, cells in islice(rows, MAX_PEEKED):
        seen.append((number, cells))
        filled += [number] * (not is_blank(cells))
        if len(filled) == 2:
            break
    return filled != sorted(filled), chain(seen, rows)


def highest(rows: Iterable[NumberedRow]) -> list[str]:
    """Return the filled row with the lowest number: the one that a person sees on top."""
    filled = ((number, cells) for number, cells in rows if not is_blank(cells))
    return min(filled, key=lambda row: row[0])[1]


def in_order(rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
    """Sort rows; raises `FileRefused` if there are too many to hold in memory."""
    held: list[NumberedRow] = []
    room = MAX_CHARACTERS
    for number, cells in rows:
        room -= sum(map(len, cells)) + CELL_CHARACTERS * (len(cells) + 1)
        if room < 0:
            raise refused("rows_disordered", number, held[-1][0] if held else number)
        held.append((number, cells))
    held.sort(key=lambda row: row[0])
    yield from held

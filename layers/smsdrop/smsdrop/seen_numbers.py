"""
Which row had a phone number first, for millions of them in little memory.

A hash table in one array of 64-bit slots, ten times smaller than a dict of Python's: each slot
holds a number and its row side by side. A number whose slot is taken looks on in steps of its own,
so that long series of numbers do not get into each other's way.
"""

from array import array
from collections.abc import Iterable, Sequence
from math import isqrt

ROW_BITS = 28
"""Rows up to 268 million; the other 36 bits hold any number of eleven digits."""

FEWEST = 3000
"""Numbers that there is room for from the beginning."""

FILL = 0.6
"""At most so much of the table is used before it is doubled; a fuller one makes long searches."""

_ROW = (1 << ROW_BITS) - 1


class SeenNumbers:
    """Numbers of eleven digits, each with its row; `expected` of them need no larger table."""

    def __init__(self, expected: int = 0) -> None:
        self._make_room(max(expected, FEWEST))

    def first_row(self, number: str) -> int | None:
        """Return the row that the number came with, or None if it never came."""
        slot = self._slots[self._place(int(number))]
        return slot & _ROW if slot else None

    def add_all(self, numbers: Sequence[str], rows: Iterable[int]) -> dict[int, int]:
        """
        Remember the row of each number that is not here yet.

        Return the other rows, each with the first one of its number.
        """
        while self._free < len(numbers):
            self._double()
        slots = self._slots
        size = len(slots)
        firsts = {}
        for value, row in zip(map(int, numbers), rows, strict=True):
            place = value % size
            while slot := slots[place]:
                if slot >> ROW_BITS == value:
                    firsts[row] = slot & _ROW
                    break
                place = (place + 1 + value % (size - 1)) % size
            else:
                slots[place] = value << ROW_BITS | row
        self._free -= len(numbers) - len(firsts)
        return firsts

    def _place(self, value: int) -> int:
        """Return the slot that holds the number, or the free one that it belongs into."""
        slots = self._slots
        size = len(slots)
        place, step = value % size, 1 + value % (size - 1)
        while (slot := slots[place]) and slot >> ROW_BITS != value:
            place = (place + step) % size
        return place

    def _double(self) -> None:
        old = self._slots
        self._make_room(2 * int(len(old) * FILL))
        for slot in old:
            if slot:
                self._slots[self._place(slot >> ROW_BITS)] = slot
                self._free -= 1

    def _make_room(self, numbers: int) -> None:
        """A prime number of slots lets every step reach them all."""
        size = int(numbers / FILL) | 1
        while any(size % divisor == 0 for divisor in range(3, isqrt(size) + 1, 2)):
            size += 2
        self._slots = array("Q", bytes(8 * size))
        self._free = int(size * FILL)

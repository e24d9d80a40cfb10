"""
Which row had a phone number first, for millions of them in little memory.

A hash table in one array of 64-bit slots, ten times smaller than a dict of Python's: each slot
holds a number and its row side by side, and a number whose slot is taken goes to the next free one,
which nearly always is at hand in the processor's cache.
"""

from array import array
from collections.abc import Iterable, Sequence

ROW_BITS = 28
"""Rows up to 268 million; the other 36 bits hold any number of eleven digits."""

FEWEST_SLOTS = 1 << 12

FILL = 0.6
"""At most so much of the table is used before it is doubled; a fuller one makes long searches."""

SCATTER = 0x9E3779B1
"""2**32 / the golden ratio, Knuth's multiplier: spreads numbers that follow one another."""

_ROW = (1 << ROW_BITS) - 1


class SeenNumbers:
    """Numbers of eleven digits, each with its row; `expected` of them need no larger table."""

    def __init__(self, expected: int = 0) -> None:
        slots = FEWEST_SLOTS
        while slots * FILL < expected:
            slots *= 2
        self._make_room(slots)

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
        slots, mask = self._slots, self._mask
        firsts = {}
        for value, row in zip(map(int, numbers), rows, strict=True):
            place = value * SCATTER & mask
            while slot := slots[place]:
                if slot >> ROW_BITS == value:
                    firsts[row] = slot & _ROW
                    break
                place = place + 1 & mask
            else:
                slots[place] = value << ROW_BITS | row
        self._free -= len(numbers) - len(firsts)
        return firsts

    def _place(self, value: int) -> int:
        """Return the slot that holds the number, or the free one that it belongs into."""
        slots, mask = self._slots, self._mask
        place = value * SCATTER & mask
        while (slot := slots[place]) and slot >> ROW_BITS != value:
            place = place + 1 & mask
        return place

    def _double(self) -> None:
        old = self._slots
        self._make_room(2 * len(old))
        for slot in old:
            if slot:
                self._slots[self._place(slot >> ROW_BITS)] = slot
                self._free -= 1

    def _make_room(self, slots: int) -> None:
        self._slots = array("Q", bytes(8 * slots))
        self._mask = slots - 1
        self._free = int(slots * FILL)

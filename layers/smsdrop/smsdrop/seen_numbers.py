"""
Which row had a phone number first, for millions of them in little memory.

A hash table in one array of 64-bit slots, ten times smaller than a dict of Python's: each slot
holds a number and its row side by side, and a number whose slot is taken goes to the next free one.
"""

from array import array
from collections.abc import Iterable

ROW_BITS = 28
"""Rows up to 268 million; the other 36 bits hold any number of eleven digits."""

FILL = 0.7
"""At most so much of the table is used before it is doubled; fuller ones make long searches."""

_SCATTER = 0x9E3779B1
"""2**32 / the golden ratio, Knuth's multiplier: spreads numbers that follow one another."""

_ROW = (1 << ROW_BITS) - 1


class SeenNumbers:
    def __init__(self, *, slots: int = 1 << 12) -> None:
        """`slots`, a power of two, is the size to begin with."""
        self._slots = array("Q", bytes(8 * slots))
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def first_rows(self, numbers: Iterable[int], rows: Iterable[int]) -> list[int]:
        """
        Take in numbers of eleven digits with their rows, and return the row that had each first.

        That is its own row for a number that is new.
        """
        firsts = []
        slots, mask = self._slots, len(self._slots) - 1
        free = int(len(slots) * FILL) - self._used
        for number, row in zip(numbers, rows, strict=True):
            place = (number * _SCATTER >> 7) & mask
            while (slot := slots[place]) and slot >> ROW_BITS != number:
                place = (place + 1) & mask
            if slot:
                firsts.append(slot & _ROW)
                continue
            slots[place] = number << ROW_BITS | row
            firsts.append(row)
            free -= 1
            if not free:
                self._double()
                slots, mask = self._slots, len(self._slots) - 1
                free = int(len(slots) * FILL) - self._used
        self._used = int(len(slots) * FILL) - free
        return firsts

    def _double(self) -> None:
        old = self._slots
        self._used = int(len(old) * FILL)
        mask = 2 * len(old) - 1
        slots = array("Q", bytes(16 * len(old)))
        for slot in old:
            if slot:
                place = ((slot >> ROW_BITS) * _SCATTER >> 7) & mask
                while slots[place]:
                    place = (place + 1) & mask
                slots[place] = slot
        self._slots = slots

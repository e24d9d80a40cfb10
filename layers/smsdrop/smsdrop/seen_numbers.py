"""
Which row had a phone number first, for millions of them in little memory.

A hash table of the rows that had a number first, beside the numbers themselves, by row: both are
arrays, many times smaller than a dict of Python's. A row whose slot is taken goes to the next free
one, which nearly always is at hand in the processor's cache.
"""

from array import array
from collections.abc import Sequence

FEWEST_SLOTS = 1 << 12

FILL = 0.6
"""At most so much of the table is used before it is doubled; a fuller one makes long searches."""

SCATTER = 0x9E37
"""2**16 / the golden ratio, as Knuth has it: spreads numbers that follow one another."""


class SeenNumbers:
    """Numbers of digits alone, each with its row; `expected` of them need no larger table."""

    def __init__(self, expected: int = 0) -> None:
        self._numbers = array("Q")
        slots = FEWEST_SLOTS
        while slots * FILL < expected:
            slots *= 2
        self._make_room(slots)

    def first_row(self, number: str) -> int | None:
        """Return the row that the number came with, or None if it never came."""
        return self._rows[self._place(int(number))] or None

    def add_all(self, numbers: Sequence[str], rows: Sequence[int]) -> dict[int, int]:
        """
        Remember the row, counted from 1, of each number that is not here yet.

        Return the other rows, each with the first one of its number. Rows only ever grow.
        """
        if not rows:
            return {}
        self._numbers.frombytes(bytes(8 * (rows[-1] + 1 - len(self._numbers))))
        while self._free < len(numbers):
            self._double()
        known, slots, mask = self._numbers, self._rows, self._mask
        firsts = {}
        for number, row in zip(map(int, numbers), rows, strict=True):
            place = number * SCATTER & mask
            while first := slots[place]:
                if known[first] == number:
                    firsts[row] = first
                    break
                place = place + 1 & mask
            else:
                slots[place] = row
                known[row] = number
        self._free -= len(numbers) - len(firsts)
        return firsts

    def _place(self, number: int) -> int:
        """Return the slot of the number's row, or the free one that it belongs into."""
        place = number * SCATTER & self._mask
        while (row := self._rows[place]) and self._numbers[row] != number:
            place = place + 1 & self._mask
        return place

    def _double(self) -> None:
        self._make_room(2 * len(self._rows))
        for row, number in enumerate(self._numbers):
            if number:
                self._rows[self._place(number)] = row
                self._free -= 1

    def _make_room(self, slots: int) -> None:
        self._rows = array("I", bytes(4 * slots))
        self._mask = slots - 1
        self._free = int(slots * FILL)

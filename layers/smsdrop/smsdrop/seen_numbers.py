"""
Which row had a phone number first, for millions of them in little memory.

A hash table in one array of 64-bit slots, ten times smaller than a dict of Python's: each slot
holds a number and its row side by side, and a number whose slot is taken goes to the next free one.
"""

from array import array

ROW_BITS = 28
"""Rows up to 268 million; the other 36 bits hold any number of eleven digits."""

FEWEST_SLOTS = 1 << 12

FILL = 0.7
"""At most so much of the table is used before it is doubled; a fuller one makes long searches."""

_SCATTER = 0x9E3779B1
"""2**32 / the golden ratio, Knuth's multiplier: spreads numbers that follow one another."""

_ROW = (1 << ROW_BITS) - 1


class SeenNumbers:
    """Numbers of eleven digits, each with its row."""

    def __init__(self) -> None:
        self._room(FEWEST_SLOTS)

    def first_row(self, number: str) -> int | None:
        slot = self._slots[self._place(int(number))]
        return slot & _ROW if slot else None

    def add(self, number: str, row: int) -> None:
        """Remember the row of a number that is not here yet."""
        value = int(number)
        self._slots[self._place(value)] = value << ROW_BITS | row
        self._free -= 1
        if not self._free:
            self._double()

    def _place(self, value: int) -> int:
        """Return the slot that holds the number, or the free one that it belongs into."""
        slots, mask = self._slots, self._mask
        place = (value * _SCATTER >> 7) & mask
        while (slot := slots[place]) and slot >> ROW_BITS != value:
            place = (place + 1) & mask
        return place

    def _double(self) -> None:
        old = self._slots
        self._room(2 * len(old))
        for slot in old:
            if slot:
                self._slots[self._place(slot >> ROW_BITS)] = slot
                self._free -= 1

    def _room(self, slots: int) -> None:
        self._slots = array("Q", bytes(8 * slots))
        self._mask = slots - 1
        self._free = int(slots * FILL)

"""
Remembers which row had a phone number first, for millions of numbers in little memory.

It is a hash table with open addressing: an array of slots that hold rows, and an array of the
numbers by row; both are many times smaller than a `dict`. A row whose slot is taken goes to the
next free one, which is mostly in the processor's cache already.
"""

from array import array
from binascii import unhexlify
from collections.abc import Sequence
from itertools import repeat
from math import isqrt
from operator import itemgetter, mod

NO_NUMBER = b"0" * 11

FEWEST_SLOTS = 1 << 12

FILL = 0.6
"""The table is doubled once this much of it is used; a fuller one makes searches long."""

ROOMY_FILL = 0.25

MOST_ROOMY_SLOTS = 25_000_000
"""Our choice: up to this size, a table is mostly left free, which makes searches short."""

FETCHED_TOGETHER = 128
"""Our choice: slots fetched into the cache before use; of many more, some would be gone again."""


class SeenNumbers:
    """Numbers of eleven digits, each with its row; the table has room for `expected` of them."""

    def __init__(self, expected: int = 0) -> None:
        self._numbers = array("Q")
        roomy = min(int(expected / ROOMY_FILL), MOST_ROOMY_SLOTS)
        self._make_room(max(FEWEST_SLOTS, roomy, int(expected / FILL)))

    @property
    def slots(self) -> int:
        """Return the size of the table."""
        return len(self._rows)

    def first_row(self, number: bytes) -> int | None:
        """Return the row that the number came with, or None if it never came."""
        return self._rows[self._slot(packed([number])[0])] or None

    def add_all(self, numbers: Sequence[bytes], first_row: int) -> dict[int, int]:
        """
        Remember the row of each new number; return rows with a known one, each with its first row.

        The numbers are those of consecutive rows, counted from 1, and each call's rows come after
        the last one's. `NO_NUMBER` stands for a row without a number; such rows are not returned.
        """
        added = packed(numbers)
        if not any(added):
            return {}
        while self._free < len(added):
            self._double()
        known, rows, size = self._numbers, self._rows, self.slots
        known.frombytes(bytes(8 * (first_row - len(known))))
        known += added
        slots = list(map(mod, added, repeat(size)))
        firsts = {}
        skipped = 0
        for start in range(0, len(slots), FETCHED_TOGETHER):
            some = slots[start : start + FETCHED_TOGETHER]
            itemgetter(*some)(rows)  # touch the slots in one C call: their cache misses overlap
            for row, slot in enumerate(some, start=first_row + start):
                if not rows[slot]:
                    rows[slot] = row
                elif number := known[row]:
                    while (first := rows[slot]) and known[first] != number:
                        slot = (slot + 1) % size
                    if first:
                        firsts[row] = first
                    else:
                        rows[slot] = row
                else:
                    skipped += 1
        self._free -= len(added) - len(firsts) - skipped
        return firsts

    def _slot(self, number: int) -> int:
        """Return the slot of the number's row, or the free slot that it belongs into."""
        slot = number % self.slots
        while (row := self._rows[slot]) and self._numbers[row] != number:
            slot = (slot + 1) % self.slots
        return slot

    def _double(self) -> None:
        self._make_room(2 * self.slots)
        for row, number in enumerate(self._numbers):
            if number and not self._rows[slot := self._slot(number)]:
                self._rows[slot] = row
                self._free -= 1

    def _make_room(self, slots: int) -> None:
        slots = prime_from(slots)
        self._rows = array("I", [0]) * slots
        self._free = int(slots * FILL)


def packed(numbers: Sequence[bytes]) -> "array[int]":
    """
    Make an integer of each, all in one call, as if the digits were hexadecimal.

    Where the first byte weighs least, the last digits weigh most: consecutive numbers are far apart
    then, as a hash table needs it.
    """
    return array("Q", unhexlify(b"00000".join([b"", *numbers])))


def prime_from(number: int) -> int:
    """Return the first odd prime from here on: modulo a prime, every digit of a number counts."""
    number |= 1
    while any(number % divisor == 0 for divisor in range(3, isqrt(number) + 1, 2)):
        number += 2
    return number

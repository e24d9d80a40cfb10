"""
Remembers at which place a key came first, for millions of keys in little memory.

It is a hash table with open addressing: an array of slots that hold places, and an array of the
keys by place; both are many times smaller than a `dict`. A place whose slot is taken goes to the
next free one, which is mostly in the processor's cache already.
"""

from array import array
from collections.abc import Iterator
from itertools import compress, count, repeat
from math import isqrt
from operator import itemgetter, mod

FEWEST_SLOTS = 1 << 12

FILL = 0.6
"""The table is doubled once this much of it is used; a fuller one makes searches long."""

ROOMY_FILL = 0.25

MOST_ROOMY_SLOTS = 25_000_000
"""Our choice: up to this size, a table is left mostly empty, which makes searches short."""

FETCHED_TOGETHER = 128
"""Our choice: slots fetched into the cache before use; of many more, some would be evicted."""


class KeyTable:
    """
    Keys of 64 bits, each with its place; the table has room for `expected` of them.

    Places count from 1. A key of 0 stands for none.
    """

    def __init__(self, expected: int = 0) -> None:
        self._keys = array("Q")
        roomy = min(int(expected / ROOMY_FILL), MOST_ROOMY_SLOTS)
        self._make_room(max(FEWEST_SLOTS, roomy, int(expected / FILL)))

    @property
    def slots(self) -> int:
        """Return the size of the table."""
        return len(self._places)

    def find(self, key: int) -> int | None:
        """Return the place that the key came with, or None if it never came."""
        return self._places[self._slot(key)] or None

    def find_all(self, keys: "array[int]") -> Iterator[tuple[int, int]]:
        """Yield the index of each key that came before, with its place."""
        if not keys:
            return
        places, known, size = self._places, self._keys, self.slots
        slots = list(map(mod, keys, repeat(size)))
        taken = itemgetter(*slots, 0)(places)  # in one C call: their cache misses overlap
        for index, place in compress(zip(count(), taken, strict=False), taken[:-1]):
            key = keys[index]
            if known[place] != key:
                slot = slots[index]
                while (place := places[slot]) and known[place] != key:
                    slot = (slot + 1) % size
            if place and key:
                yield index, place

    def add_all(self, added: "array[int]", first_place: int) -> dict[int, int]:
        """
        Remember the place of each new key; return places with a known one, each with its first.

        The keys are those of consecutive places, and each call's places come after the last one's.
        """
        if not any(added):
            return {}
        while self._free < len(added):
            self._double()
        known, places, size = self._keys, self._places, self.slots
        known.frombytes(bytes(8 * (first_place - len(known))))
        known += added
        slots = list(map(mod, added, repeat(size)))
        firsts = {}
        skipped = 0
        for start in range(0, len(slots), FETCHED_TOGETHER):
            some = slots[start : start + FETCHED_TOGETHER]
            itemgetter(*some)(places)  # touch the slots in one C call: their cache misses overlap
            for place, slot in enumerate(some, start=first_place + start):
                if not places[slot]:
                    places[slot] = place
                elif key := known[place]:
                    while (first := places[slot]) and known[first] != key:
                        slot = (slot + 1) % size
                    if first:
                        firsts[place] = first
                    else:
                        places[slot] = place
                else:
                    skipped += 1
        self._free -= len(added) - len(firsts) - skipped
        return firsts

    def _slot(self, key: int) -> int:
        """Return the slot of the key's place, or the free slot that it belongs in."""
        slot = key % self.slots
        while (place := self._places[slot]) and self._keys[place] != key:
            slot = (slot + 1) % self.slots
        return slot

    def _double(self) -> None:
        self._make_room(2 * self.slots)
        for place, key in enumerate(self._keys):
            if key and not self._places[slot := self._slot(key)]:
                self._places[slot] = place
                self._free -= 1

    def _make_room(self, slots: int) -> None:
        slots = prime_from(slots)
        self._places = array("I", [0]) * slots
        self._free = int(slots * FILL)


def prime_from(number: int) -> int:
    """Return the first odd prime from here on: modulo a prime, every digit of a key counts."""
    number |= 1
    while any(number % divisor == 0 for divisor in range(3, isqrt(number) + 1, 2)):
        number += 2
    return number

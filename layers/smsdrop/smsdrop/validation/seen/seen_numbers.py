"""Remembers which row had a phone number first, and which numbers are on suppression lists."""

from array import array
from binascii import unhexlify
from bisect import bisect_right
from collections.abc import Sequence

from smsdrop.validation.seen.key_table import KeyTable

NO_NUMBER = b"0" * 11

ABROAD = "f"
"""Begins the key of a number abroad, which has at most fifteen digits; no other key begins so."""


class SeenNumbers:
    """
    Numbers of eleven digits, each with its row; there is room for `expected` of them.

    Rows count from 1. Listed numbers come before all rows: each has a row below 1, for which
    `list_of` returns the list.
    """

    def __init__(self, expected: int = 0) -> None:
        self._table = KeyTable(expected)
        self._listed = 0
        self._first_places: list[int] = []
        self._lists: list[str] = []

    @property
    def listed(self) -> int:
        """Return how many numbers were listed, repeats included."""
        return self._listed

    def add_list(self, name: str) -> None:
        """Set the list of the numbers that are added from now on."""
        self._first_places.append(self._listed + 1)
        self._lists.append(name)

    def add_listed(self, domestic: bytes, abroad: Sequence[str] = ()) -> None:
        """
        Add listed numbers, before any row; if several lists have a number, the first one counts.

        Domestic numbers are one per line, each line with its line break.
        """
        keys = packed_lines(domestic) + packed_abroad(abroad)
        self._table.add_all(keys, self._listed + 1)
        self._listed += len(keys)

    def list_of(self, row: int) -> str:
        """Return the list of a row below 1."""
        return self._lists[bisect_right(self._first_places, row + self._listed) - 1]

    def first_row(self, number: bytes) -> int | None:
        """Return the row that the number came with, or None if it never came."""
        return self._row_of(self._table.find(packed([number])[0]))

    def listed_abroad(self, number: str) -> int | None:
        """Return the row of a number abroad if it is listed; those in rows are not kept here."""
        return self._row_of(self._table.find(packed_abroad([number])[0])) if self._listed else None

    def add_all(self, numbers: Sequence[bytes], first_row: int) -> dict[int, int]:
        """
        Remember the row of each new number; return rows with a known one, each with its first row.

        The numbers are those of consecutive rows, counted from 1, and each call's rows come after
        the last one's. `NO_NUMBER` stands for a row without a number; such rows are not returned.
        """
        listed = self._listed
        firsts = self._table.add_all(packed(numbers), first_row + listed)
        if not listed:
            return firsts
        return {place - listed: first - listed for place, first in firsts.items()}

    def _row_of(self, place: int | None) -> int | None:
        return None if place is None else place - self._listed


def packed(numbers: Sequence[bytes]) -> "array[int]":
    """
    Make an integer of each, all in one call, as if the digits were hexadecimal.

    On a little-endian machine the last digits weigh most, so consecutive numbers are far apart, as
    a hash table needs them.
    """
    return array("Q", unhexlify(b"00000".join([b"", *numbers])))


def packed_lines(numbers: bytes) -> "array[int]":
    """Do the same with numbers that each end with a line break."""
    return packed(()) if not numbers else packed((numbers[:-1].replace(b"\n", b"00000"),))


def packed_abroad(numbers: Sequence[str]) -> "array[int]":
    return array("Q", unhexlify("".join([f"{ABROAD}{each[-15:]:0>15}" for each in numbers])))

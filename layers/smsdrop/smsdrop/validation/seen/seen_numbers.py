"""Remembers which row had a phone number first, and which numbers are on suppression lists."""

from array import array
from binascii import unhexlify
from bisect import bisect_right
from collections.abc import Sequence

from smsdrop.validation.seen.key_table import KeyTable

NO_NUMBER = b"0" * 11

ABROAD = "f"
"""Leads the key of a number abroad, whose digits are fifteen at the most: no other begins so."""


class SeenNumbers:
    """
    Numbers of eleven digits, each with its row; there is room for `expected` of them.

    Rows count from 1. What is listed comes before all rows: a listed number has a row below 1,
    which `list_of` tells the list of.
    """

    def __init__(self, expected: int = 0) -> None:
        self._table = KeyTable(expected)
        self._listed = 0
        self._first_places: list[int] = []
        self._lists: list[str] = []

    @property
    def listed(self) -> int:
        """Return how many numbers were listed, the same ones counted again."""
        return self._listed

    def add_list(self, name: str) -> None:
        """Say on which list the numbers are that are listed from now on."""
        self._first_places.append(self._listed + 1)
        self._lists.append(name)

    def add_listed(self, domestic: bytes, abroad: Sequence[str] = ()) -> None:
        """
        List numbers, before any row; of several lists with the same, the first one counts.

        The domestic ones are a line each, and each line has its end.
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
        """Return the row of a number abroad if it is listed; those of rows are not kept here."""
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

    Where the first byte weighs least, the last digits weigh most: consecutive numbers are far apart
    then, as a hash table needs it.
    """
    return array("Q", unhexlify(b"00000".join([b"", *numbers])))


def packed_lines(numbers: bytes) -> "array[int]":
    """Do the same with numbers of which each has a line break behind it."""
    return packed(()) if not numbers else packed((numbers[:-1].replace(b"\n", b"00000"),))


def packed_abroad(numbers: Sequence[str]) -> "array[int]":
    return array("Q", unhexlify("".join([f"{ABROAD}{each[-15:]:0>15}" for each in numbers])))

"""Remembers which row had a phone number first."""

from array import array
from binascii import unhexlify
from collections.abc import Sequence

from smsdrop.validation.seen.key_table import KeyTable

NO_NUMBER = b"0" * 11


class SeenNumbers:
    """Numbers of eleven digits, each with its row; there is room for `expected` of them."""

    def __init__(self, expected: int = 0) -> None:
        self._table = KeyTable(expected)

    def first_row(self, number: bytes) -> int | None:
        """Return the row that the number came with, or None if it never came."""
        return self._table.find(packed([number])[0])

    def add_all(self, numbers: Sequence[bytes], first_row: int) -> dict[int, int]:
        """
        Remember the row of each new number; return rows with a known one, each with its first row.

        The numbers are those of consecutive rows, counted from 1, and each call's rows come after
        the last one's. `NO_NUMBER` stands for a row without a number; such rows are not returned.
        """
        return self._table.add_all(packed(numbers), first_row)


def packed(numbers: Sequence[bytes]) -> "array[int]":
    """
    Make an integer of each, all in one call, as if the digits were hexadecimal.

    Where the first byte weighs least, the last digits weigh most: consecutive numbers are far apart
    then, as a hash table needs it.
    """
    return array("Q", unhexlify(b"00000".join([b"", *numbers])))

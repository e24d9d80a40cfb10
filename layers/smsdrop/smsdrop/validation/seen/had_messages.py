"""
The messages that earlier campaigns of a template have sent or may send, to look a file's rows up.

A message is what one person is sent: a phone number, a sign name and params. Each is a hash of 64
bits of its row as it stands in a queue message, in the layout of the file at hand, so that millions
take little memory. The chance that two different ones have the same hash is below one in a million
for a million rows against ten million.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from smsdrop.recipients.layout import SEPARATOR_BYTE, Layout
from smsdrop.validation.seen.key_table import KeyTable

ABROAD = b"\n+"
OTHER_SIGN_NAME = b"\n"
"""Appended to a row, which cannot contain them: in JSON a line break is escaped."""


class HadMessages:
    """
    Messages, each with the campaign that it comes from; there is room for `expected` of them.

    If two campaigns have the same message, the one that was added first counts.
    """

    def __init__(self, layout: Layout, *, default_sign_name: str, expected: int = 0) -> None:
        self._layout = layout
        self._default_sign_name = default_sign_name
        self._table = KeyTable(expected)
        self._next_place = 1
        self._first_places: list[int] = []
        self._campaigns: list[str] = []

    def add_campaign(self, campaign_id: str) -> None:
        """Set the campaign that the messages added from now on come from."""
        self._first_places.append(self._next_place)
        self._campaigns.append(campaign_id)

    def add(
        self,
        rows: Sequence[bytes],
        *,
        layout: Layout,
        sign_names: str | Sequence[str],
        is_international: bool,
    ) -> None:
        """Add rows of that layout; rows with other param names are skipped: they cannot match."""
        if layout != self._layout:
            order = self._order_of(layout)
            if order is None:
                return
            rows = permuted(rows, order)
        keys = self._keys(rows, sign_names, is_international=is_international)
        self._table.add_all(keys, self._next_place)
        self._next_place += len(rows)

    def find(
        self, rows: Sequence[bytes], *, sign_names: str | Sequence[str], is_international: bool
    ) -> dict[int, str]:
        """Return, by index, the campaign that a row is from; no sign names mean the default."""
        if self._next_place == 1:
            return {}
        shared = sign_names or self._default_sign_name
        keys = self._keys(rows, shared, is_international=is_international)
        found = self._table.find_all(keys)
        if len(self._campaigns) == 1:
            return dict.fromkeys((index for index, _ in found), self._campaigns[0])
        return {
            index: self._campaigns[bisect_right(self._first_places, place) - 1]
            for index, place in found
        }

    def _order_of(self, layout: Layout) -> list[int] | None:
        """Return where that layout has each of our columns, or None if its columns differ."""
        ours, theirs = columns_of(self._layout), columns_of(layout)
        return [theirs.index(each) for each in ours] if sorted(ours) == sorted(theirs) else None

    def _keys(
        self, rows: Sequence[bytes], sign_names: str | Sequence[str], *, is_international: bool
    ) -> "array[int]":
        if is_international:
            rows = [row + ABROAD for row in rows]
        if sign_names != self._default_sign_name:
            each = [sign_names] * len(rows) if isinstance(sign_names, str) else sign_names
            rows = list(map(self._with_sign_name, rows, each))
        return array("Q", array("q", map(hash, rows)).tobytes())

    def _with_sign_name(self, row: bytes, sign_name: str) -> bytes:
        if sign_name == self._default_sign_name:
            return row
        return row + OTHER_SIGN_NAME + sign_name.encode(errors="surrogatepass")


def columns_of(layout: Layout) -> list[str]:
    """Return the names of a row's cells; that of the phone number is empty, as no param's is."""
    names = list(layout.param_names)
    names.insert(layout.phone_column, "")
    return names


def permuted(rows: Iterable[bytes], order: Sequence[int]) -> list[bytes]:
    """Put the cells of each row into another order."""
    cells = (row.split(SEPARATOR_BYTE) for row in rows)
    return [SEPARATOR_BYTE.join([each[index] for index in order]) for each in cells]

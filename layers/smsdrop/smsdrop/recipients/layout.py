"""
How recipients' rows are written into queue messages.

A row is one text: the phone number and the params, with `SEPARATOR` between them. It is handled in
the form it has in a message, a JSON string without its quotation marks, so that rows only need to
be joined into the message's JSON array.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from smsdrop.json_text import contents_of_strings

SEPARATOR = "\x7f"
"""Separates the cells of a row. No cell that is sent holds it, and JSON needs no escape for it."""
SEPARATOR_BYTE = SEPARATOR.encode()

BETWEEN_ROWS = b'","'
"""Separates rows in a message."""

Columns: TypeAlias = Sequence[Sequence[str]]
"""At least one column; all have the same length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The cells of a row: the phone number at `phone_column`, the params around it in order."""

    phone_column: int
    param_names: tuple[str, ...]

    def rows(self, phone_numbers: Sequence[str], params: Columns) -> list[bytes]:
        """Return each row as it stands in a message, in UTF-8."""
        columns = [*params]
        columns.insert(self.phone_column, phone_numbers)
        return rows_of_texts(list(map(SEPARATOR.join, zip(*columns, strict=True))))

    def columns(self, texts: Sequence[str]) -> tuple[Sequence[str], Columns]:
        """Return the phone numbers of rows that are given as texts, and a column for each param."""
        cells = SEPARATOR.join(texts).split(SEPARATOR)
        width = len(self.param_names) + 1
        columns = [cells[column::width] for column in range(width)]
        phone_numbers = columns.pop(self.phone_column)
        return phone_numbers, columns


def rows_of_texts(texts: Sequence[str]) -> list[bytes]:
    return contents_of_strings(texts)


def texts_of_rows(rows: Iterable[bytes]) -> list[str]:
    texts: list[str] = json.loads(array_of_rows(rows))
    return texts


def joined_rows(rows: Iterable[bytes]) -> bytes:
    """Join rows, or some that are joined already, as a message has them."""
    return BETWEEN_ROWS.join(rows)


def array_of_rows(rows: Iterable[bytes]) -> bytes:
    """Write rows, or some that are joined already, as the JSON array of a message."""
    return b'["%b"]' % joined_rows(rows)

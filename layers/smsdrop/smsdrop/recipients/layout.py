"""How a recipient's row is laid out in a message: one text, its cells parted by a separator."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from smsdrop.json_text import contents_of_strings

SEPARATOR = "\x7f"
"""
Between the cells of a row that is one text. It is no letter, needs no escape in JSON, and no cell
that is sent holds it.
"""
SEPARATOR_BYTE = SEPARATOR.encode()

Columns: TypeAlias = Sequence[Sequence[str]]
"""At least one; all are equally long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which cells a recipient's row has: a number, and before and behind it the params."""

    phone_column: int
    param_names: tuple[str, ...]

    def rows(self, phone_numbers: Sequence[str], params: Columns) -> list[bytes]:
        """Return each row as it stands in a message: a JSON string without its quotes, in UTF-8."""
        columns = [*params]
        columns.insert(self.phone_column, phone_numbers)
        return contents_of_strings(list(map(SEPARATOR.join, zip(*columns, strict=True))))

    def columns(self, rows: Sequence[str]) -> tuple[Sequence[str], Columns]:
        """Return the phone numbers of rows, and a column for each param."""
        cells = SEPARATOR.join(rows).split(SEPARATOR)
        width = len(self.param_names) + 1
        columns = [cells[column::width] for column in range(width)]
        phone_numbers = columns.pop(self.phone_column)
        return phone_numbers, columns

"""
Recipients who must not be texted again, as a list to drop under `suppressed/promo/`.

It is only written if there are any. It has the numbers as they were called: if a spreadsheet had
shortened one, it would be doubtful in a list.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Self

from smsdrop.closing.results.cells import as_typed, disarmed
from smsdrop.closing.results.csv_parts import ROWS_EACH, CsvParts, Open
from smsdrop.recipients.characters import INVISIBLE, WHITE_SPACE
from smsdrop.recipients.header import PHONE, role
from smsdrop.recipients.phone_numbers import read_international_number, read_phone_number

OPTED_OUT = "opted-out.csv"

OUR_COLUMNS = ("smsdrop_row", "smsdrop_reason")


class OptedOut:
    """The file, for a report that has these columns."""

    def __init__(
        self, open_file: Open, columns: Sequence[str], *, rows_each: int = ROWS_EACH
    ) -> None:
        self._numbers = [
            place
            for place, name in enumerate(columns)
            if role(name.strip(WHITE_SPACE + INVISIBLE)) == PHONE
        ]
        heading = [*(as_typed(columns[each]) for each in self._numbers), *OUR_COLUMNS]
        self._file = CsvParts(open_file, OPTED_OUT, heading, rows_each=rows_each)
        self._begun = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: Any) -> bool | None:
        return self._begun.__exit__(*exception)

    @property
    def names(self) -> list[str]:
        return self._file.names

    def begin(self) -> None:
        """Begin the file, even if it stays empty."""
        if not self.names:
            self._begun.enter_context(self._file)

    def add(self, cells: Sequence[str], row: str, reason: str) -> None:
        """Add a row, unless its number was removed from the plan since."""
        numbers = [_spelled(cells[each]) for each in self._numbers]
        if all(numbers):
            self.begin()
            self._file.add([*map(as_typed, numbers), row, disarmed(reason)])


def _spelled(cell: str) -> str:
    """Return the number as it is called, with a plus sign if abroad, or nothing."""
    number = read_phone_number(cell)
    if isinstance(number, str):
        return number
    abroad = read_international_number(cell)
    return f"+{abroad}" if isinstance(abroad, str) else ""

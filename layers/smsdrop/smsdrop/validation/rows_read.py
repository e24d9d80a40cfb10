"""What is read from a block's rows before they are judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress, count
from operator import not_
from typing import Self

from smsdrop.reasons import Reason
from smsdrop.recipients.phone_numbers import lacks_digits, read_phone_number, read_phone_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead:
    """What was read from a block's rows; by index, why some cannot be sent to."""

    numbers: list[bytes]
    """Empty where there is no mainland number."""
    rows: list[bytes]
    """As they are sent; undefined for rows that cannot be sent to."""
    sign_names: Sequence[str] = ()
    extend_codes: Sequence[str] = ()
    """One for each row, or none, as in `SignNames.each` and in `Recipients`."""
    no_numbers: dict[int, Reason] = field(default_factory=dict)
    surplus: dict[int, Reason] = field(default_factory=dict)
    faults: dict[int, Reason] = field(default_factory=dict)
    """Faults other than the number's, a surplus among them."""
    rounded: list[int] = field(default_factory=list)
    """Rows whose number lacks digits; some are restored anyway."""
    sent: dict[int, Reason] = field(default_factory=dict)
    """Rows that were sent to before."""

    def correct(self, places: Sequence[int], closer: Self) -> None:
        """Replace some rows by what a closer look found; none of them has a surplus."""
        for place, number, row in zip(places, closer.numbers, closer.rows, strict=True):
            self.numbers[place] = number
            self.rows[place] = row
        for place, reason in closer.no_numbers.items():
            self.no_numbers[places[place]] = reason
        for place, reason in closer.faults.items():
            self.faults[places[place]] = reason
        self.rounded.extend(places[place] for place in closer.rounded)

    def reject_number(self, index: int, reason: Reason) -> None:
        self.numbers[index] = b""
        self.no_numbers[index] = reason


def read_numbers(cells: Sequence[str]) -> tuple[list[str], dict[int, Reason], list[int]]:
    """
    Read a column of phone numbers; return also, by index, why some cells hold none.

    The last list has the indexes of numbers that lack digits.
    """
    numbers = read_phone_numbers(cells)
    reasons: dict[int, Reason] = {}
    rounded = []
    for index in list(compress(count(), map(not_, numbers))):
        number = read_phone_number(cells[index])
        if isinstance(number, Reason):
            reasons[index] = number
        else:
            numbers[index] = number
        if lacks_digits(cells[index]):
            rounded.append(index)
    return numbers, reasons, rounded

"""What becomes of the rows of a block: data, no rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from smsdrop.reasons import Reason
from smsdrop.recipients.recipients import Recipients


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What becomes of a block's rows, by index; rows in no other field are `domestic`."""

    domestic: Recipients
    international: Recipients
    international_rows: Sequence[int]
    """The index of each of `international`."""
    duplicates: Mapping[int, int]
    """The row that had the number first; for a row in `sent`, its own."""
    had: Mapping[int, str]
    """The campaign that had this exact message."""
    suppressed: Mapping[int, str]
    """The list that the number is on."""
    rejected: Mapping[int, Reason]
    blank: Sequence[int]
    held: Sequence[int] = ()
    """Rows that are judged last; see `RowValidator.rest`."""
    sent: Mapping[int, Reason] = field(default_factory=dict)
    """Why some rows count as duplicates: the file is a report, and they were sent to."""


@dataclass(slots=True)
class Others:
    """The rows of a block that are not domestic recipients, by index, as they are found."""

    international: dict[int, str] = field(default_factory=dict)
    """The number of each that is accepted."""
    duplicates: dict[int, int] = field(default_factory=dict)
    had: dict[int, str] = field(default_factory=dict)
    suppressed: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, Reason] = field(default_factory=dict)
    blank: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)

    def last_first(self) -> list[int]:
        found = (
            *(self.international, self.duplicates, self.had),
            *(self.suppressed, self.rejected, self.blank, self.held),
        )
        return sorted(chain.from_iterable(found), reverse=True)

"""smsdrop's own columns in a report that is dropped again: which of its rows were sent to."""

from smsdrop.reason_texts import STATUS_WORDS
from smsdrop.reasons import Reason
from smsdrop.recipients.characters import FORMULA_BEGINNINGS, INVISIBLE, WHITE_SPACE
from smsdrop.recipients.header import Header
from smsdrop.recipients.layout import Columns

MAY_HAVE_BEEN_SENT = frozenset(
    [
        *("sending", "发送中"),
        *(
            word
            for status in ("sent", "unconfirmed", "duplicate")
            for word in STATUS_WORDS[status].values()
        ),
    ]
)
"""
Statuses of rows whose recipient was texted, or may have been, as any language's report has them.

A duplicate is among them: the row that counted was sent, or is in the report too.
"""

EVIDENCE = "sent"
"""What a row with a receipt from the provider counts as, whatever its status."""

DISARMED = tuple(f"'{beginning}" for beginning in FORMULA_BEGINNINGS)
"""How cells begin that a report put an apostrophe before, so that no spreadsheet runs them."""


class ReportColumns:
    """Reads the columns of one file; a file that is not a report has none."""

    def __init__(self, header: Header) -> None:
        self._statuses = header.statuses
        self._evidence = header.evidence
        self._params = [position for position, _ in header.params]

    def sent(self, columns: Columns) -> dict[int, Reason]:
        """Return the indexes of rows that may not be sent to again, and why."""
        sent: dict[int, Reason] = {}
        for position in self._evidence if self._statuses else ():
            for index, cell in enumerate(columns[position]):
                if word(cell):
                    sent[index] = Reason("sent_before", (EVIDENCE,))
        for position in self._statuses:
            for index, cell in enumerate(columns[position]):
                if (status := word(cell)) in MAY_HAVE_BEEN_SENT:
                    sent[index] = Reason("sent_before", (status,))
        return sent

    def as_before(self, columns: Columns) -> Columns:
        """Return the columns with params as they were before the report was written."""
        if not self._statuses:
            return columns
        armed = list(columns)
        for position in self._params:
            armed[position] = list(map(rearmed, columns[position]))
        return armed


def word(cell: str) -> str:
    return cell.strip(WHITE_SPACE + INVISIBLE).casefold()


def rearmed(cell: str) -> str:
    return cell[1:] if cell.startswith(DISARMED) else cell

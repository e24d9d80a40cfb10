"""What became of each row of a plan, in one pass that feeds every file and the totals."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from smsdrop.alibaba.answers import is_refused_for_good
from smsdrop.batches.plan import JUDGED_ONLY, PlannedRow
from smsdrop.closing.results.row_receipts import NOT_ASKED, RowReceipt
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.drop_times import local_second
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.codes import SUPPRESSED, TEST
from smsdrop.reasons import Reason, status_word
from smsdrop.receipts.part import Place

UNSENT = (State.REFUSED, State.CANCELLED)
"""
The states of batches that provably were not sent, unless the provider lists them after all.

While that is still to be looked up, a row is not in `unsent.csv` yet, since that may be dropped
again. Nor is a row whose number is on a suppression list: it has nothing to fix.
"""

TORN = "row_torn"
"""The reason of a row whose rest is in the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a row, as people read it."""

    status: str
    reason: str = ""
    batch_id: str = ""
    biz_id: str = ""
    sent_at: str = ""
    is_sent: bool = False
    is_unsent: bool = False
    is_torn: bool = False
    """Whether its cells are only a piece of a row, which looks whole once it is written."""
    is_opted_out: bool = False
    """Whether the provider has said not to text its recipient again."""

    def cells(self) -> tuple[str, ...]:
        """Return them in the order of the report's columns."""
        return self.status, self.reason, self.batch_id, self.biz_id, self.sent_at


def fate_of(entry: BatchEntry, *, language: str) -> Fate:
    code = "sent_twice" if entry.sent_twice else entry.code if entry.state != State.SENT else ""
    is_sent = entry.state is State.SENT
    is_unsent = entry.state in UNSENT and not entry.may_have_texted
    return Fate(
        status=status_word(entry.state, language),
        reason=Reason(code).text(language) if code else "",
        batch_id=entry.batch_id,
        biz_id=entry.biz_id,
        sent_at=local_second(entry.ended_at, language) if is_sent else "",
        is_sent=is_sent,
        is_unsent=is_unsent and entry.code != SUPPRESSED,
        is_opted_out=entry.state is State.REFUSED and is_refused_for_good(entry.code),
    )


def not_asked(_place: Place) -> RowReceipt:
    """Stand in where no receipts are looked up."""
    return NOT_ASKED


def fates_of_rows(
    rows: Iterable[PlannedRow],
    outcomes: RowOutcomes,
    *,
    language: str,
    judged_only: str = TEST,
    receipt_of: Callable[[Place], RowReceipt] = not_asked,
) -> Iterator[tuple[PlannedRow, Fate, RowReceipt]]:
    """
    Yield what became of each row of the plan; rows that share an entry share a fate.

    `receipt_of` returns what the carrier has said of a sent row. `judged_only` is the code of rows
    that have no batch because their file is tested.
    """
    entry: BatchEntry | None = None
    shared = Fate(status="")
    unsent = Fate(
        status=status_word(State.CANCELLED, language),
        reason=Reason(judged_only).text(language),
        is_unsent=True,
    )
    rejected, duplicate, suppressed = (
        status_word(each, language) for each in ("rejected", "duplicate", "suppressed")
    )
    for row in rows:
        if row.position == JUDGED_ONLY:
            yield row, unsent, NOT_ASKED
        elif row.position is not None:
            before, (entry, place) = entry, outcomes.next_of(row.position)
            if entry is not before:
                shared = fate_of(entry, language=language)
            yield row, shared, receipt_of(place) if shared.is_sent else NOT_ASKED
        elif row.rejected is not None:
            yield (
                row,
                Fate(
                    status=rejected,
                    reason=row.rejected.text(language),
                    is_unsent=True,
                    is_torn=row.rejected.code == TORN,
                ),
                NOT_ASKED,
            )
        else:
            why = row.because or Reason("duplicate", (str(row.duplicate_of),))
            status = suppressed if row.is_suppressed else duplicate
            yield row, Fate(status=status, reason=why.text(language)), NOT_ASKED

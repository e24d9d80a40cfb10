"""What became of each row of a plan: one reading, of which every file and the sums are made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smsdrop.batches.plan import JUDGED_ONLY, PlannedRow
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.drop_times import beijing_second
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.codes import SUPPRESSED, TEST
from smsdrop.reasons import Reason, status_word

UNSENT = (State.REFUSED, State.CANCELLED)
"""
The states of batches that provably were not sent, unless the provider lists them after all.

Where that is still to be looked up, a row is not in `unsent.csv` yet: it may be dropped again. Nor
is one whose number is on a suppression list: there is nothing in it to mend.
"""

TORN = "row_torn"
"""The reason of a row of which the rest is in the next one."""

SENT_AT = {"en": "{} +08:00", "zh": "{}"}
"""How a time of Beijing's reads: who reads English may be elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a row, as people read it."""

    status: str
    reason: str = ""
    batch_id: str = ""
    biz_id: str = ""
    sent_at: str = ""
    is_unsent: bool = False
    is_torn: bool = False
    """Whether its cells are a piece of a row, which looks whole once it is written."""

    def cells(self) -> tuple[str, ...]:
        """Return them in the order of the report's columns."""
        return self.status, self.reason, self.batch_id, self.biz_id, self.sent_at


def fate_of(entry: BatchEntry, *, language: str) -> Fate:
    code = "sent_twice" if entry.sent_twice else entry.code if entry.state != State.SENT else ""
    is_sent = entry.state is State.SENT and entry.ended_at
    is_unsent = entry.state in UNSENT and not entry.may_have_texted
    return Fate(
        status=status_word(entry.state, language),
        reason=Reason(code).text(language) if code else "",
        batch_id=entry.batch_id,
        biz_id=entry.biz_id,
        sent_at=SENT_AT[language].format(beijing_second(entry.ended_at)) if is_sent else "",
        is_unsent=is_unsent and entry.code != SUPPRESSED,
    )


def fates_of_rows(
    rows: Iterable[PlannedRow],
    outcomes: RowOutcomes,
    *,
    language: str,
    judged_only: str = TEST,
) -> Iterator[tuple[PlannedRow, Fate]]:
    """
    Say what became of each row of the plan; those who share an entry share a fate.

    `judged_only` is the code of those that have no batch, since their file is tested.
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
            yield row, unsent
        elif row.position is not None:
            before, entry = entry, outcomes.next_of(row.position)
            if entry is not before:
                shared = fate_of(entry, language=language)
            yield row, shared
        elif row.rejected is not None:
            yield (
                row,
                Fate(
                    status=rejected,
                    reason=row.rejected.text(language),
                    is_unsent=True,
                    is_torn=row.rejected.code == TORN,
                ),
            )
        else:
            why = row.because or Reason("duplicate", (str(row.duplicate_of),))
            status = suppressed if row.is_suppressed else duplicate
            yield row, Fate(status=status, reason=why.text(language))

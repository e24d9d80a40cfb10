"""
The report of a campaign: what became of every row, and in sum.

All of it follows from the plan and the ledger, so that the same entries give the same bytes.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any

from smsdrop.batches.plan import JUDGED_ONLY, PlannedRow
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.codes import TEST
from smsdrop.ledger.shown import (
    file_shown,
    persons_shown,
    rows_shown,
    segments_shown,
    settings_shown,
)
from smsdrop.reasons import Reason
from smsdrop.recipients.characters import FORMULA_BEGINNINGS

BOM = "\ufeff"
"""Excel takes a CSV file for UTF-8 only if it begins with this."""

SUMMARY = "summary.json"
RESULTS = "results.csv"
UNSENT_ROWS = "unsent.csv"

ENDS = (State.SENT, State.REFUSED, State.UNCONFIRMED, State.CANCELLED)
"""What can become of a row that was accepted."""

OUR_COLUMNS = (
    "smsdrop_status",
    "smsdrop_reason",
    "smsdrop_batch",
    "smsdrop_biz_id",
    "smsdrop_sent_at",
)

UNSENT = (State.REFUSED, State.CANCELLED)
"""
The states of batches that provably were not sent, unless the provider lists them after all.

Where that is still to be looked up, a row is not in `unsent.csv` yet: it may be dropped again.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a row, in our columns' order."""

    status: str
    reason: str = ""
    batch_id: str = ""
    biz_id: str = ""
    sent_at: str = ""
    is_unsent: bool = False

    def cells(self) -> tuple[str, ...]:
        """Return them as text to a spreadsheet: a reason and a BizId hold what others wrote."""
        reason, biz_id = disarmed(self.reason), disarmed(self.biz_id)
        return self.status, reason, self.batch_id, biz_id, self.sent_at


def fate_of(entry: BatchEntry, *, language: str) -> Fate:
    code = "sent_twice" if entry.sent_twice else entry.code if entry.state != State.SENT else ""
    return Fate(
        status=entry.state,
        reason=Reason(code).text(language) if code else "",
        batch_id=entry.batch_id,
        biz_id=entry.biz_id,
        sent_at=iso(entry.ended_at) if entry.state is State.SENT else "",
        is_unsent=entry.state in UNSENT and not entry.may_have_texted,
    )


@dataclass(slots=True)
class Totals:
    """Counts of rows by status, and of what the batches cost."""

    rows: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)
    """Texts by the minute since 1970."""
    rejected: dict[str, tuple[Reason, int]] = field(default_factory=dict)
    """By the code, the first such reason and how many rows have it."""
    calls: int = 0
    sent_twice: int = 0
    finished_at: float = 0
    verify_at: float = 0

    def add(self, entry: BatchEntry) -> None:
        """Count a batch whose state is final."""
        self.calls += entry.attempt
        self.finished_at = max(self.finished_at, entry.ended_at)
        if entry.awaits_verification:
            self.verify_at = max(self.verify_at, entry.verify_after)
        if entry.state is State.SPLIT:
            return
        self.rows[entry.state] += entry.recipients
        if entry.state is State.SENT:
            self.minutes[int(entry.ended_at // 60)] += entry.recipients
        elif entry.code:
            self.codes[entry.code] += entry.recipients
        if entry.sent_twice:
            self.sent_twice += entry.recipients

    def add_rejected(self, reason: Reason) -> None:
        first, count = self.rejected.get(reason.code, (reason, 0))
        self.rejected[reason.code] = first, count + 1

    def rejected_by_reason(self) -> tuple[tuple[Reason, int], ...]:
        return tuple(sorted(self.rejected.values(), key=lambda each: (-each[1], each[0].code)))

    def add_never_begun(self, recipients: int, *, code: str) -> None:
        """Count recipients of batches that were never begun, and have no entries."""
        self.rows[State.CANCELLED] += recipients
        self.codes[code] += recipients

    def of(self, entries: Iterable[BatchEntry]) -> Iterator[BatchEntry]:
        """Yield the entries, and add each as it passes."""
        for entry in entries:
            self.add(entry)
            yield entry


def summary(
    campaign: Campaign,
    totals: Totals,
    *,
    language: str,
    texts: Sequence[str] | None = None,
    price_per_segment: Decimal | None = None,
) -> bytes:
    """Write `summary.json`; of a preview, with the first `texts`."""
    counts = campaign.counts
    fields: dict[str, Any] = {
        "campaign_id": campaign.campaign_id,
        "status": campaign.status,
        "outcome": campaign.outcome,
        "reason": campaign.reason.text(language) if campaign.reason else "",
        **file_shown(campaign),
        **rows_shown(counts),
        **{each: totals.rows[each] for each in ENDS},
        "sent_twice": totals.sent_twice,
        "batches": counts.batches,
        "calls": totals.calls,
        **segments_shown(counts, price_per_segment),
        "codes": dict(sorted(totals.codes.items())),
        **persons_shown(campaign),
        "started_at": iso(campaign.started_at),
        "finished_at": iso(campaign.finished_at),
        "problems": [each.text(language) for each in campaign.problems],
        **settings_shown(campaign.terms),
    }
    if texts is not None:
        fields["preview"] = texts
    return json.dumps(fields, ensure_ascii=False, indent=2).encode() + b"\n"


class ResultFiles:
    """Writes `results.csv` and `unsent.csv`, row by row."""

    def __init__(self, results: IO[bytes], unsent: IO[bytes], columns: Sequence[str]) -> None:
        self._results = _writer(results)
        self._unsent = _writer(unsent)
        self._width = len(columns)
        self._results.writerow([*map(disarmed, columns), *OUR_COLUMNS])
        self._unsent.writerow(columns)

    def add(self, cells: Sequence[str], fate: Fate) -> None:
        padded = [*cells, *[""] * (self._width - len(cells))]
        own = padded[: self._width]
        surplus = padded[self._width :]
        self._results.writerow([*map(disarmed, own), *fate.cells(), *map(disarmed, surplus)])
        if fate.is_unsent:
            self._unsent.writerow(padded)


def disarmed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_BEGINNINGS) else cell


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
    unsent = Fate(status=State.CANCELLED, reason=Reason(judged_only).text(language), is_unsent=True)
    for row in rows:
        if row.position == JUDGED_ONLY:
            yield row, unsent
        elif row.position is not None:
            before, entry = entry, outcomes.next_of(row.position)
            if entry is not before:
                shared = fate_of(entry, language=language)
            yield row, shared
        elif row.rejected is not None:
            reason = row.rejected.text(language)
            yield row, Fate(status="rejected", reason=reason, is_unsent=True)
        else:
            why = row.because or Reason("duplicate", (str(row.duplicate_of),))
            yield row, Fate(status="duplicate", reason=why.text(language))


def iso(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" if at else ""


def _writer(stream: IO[bytes]) -> Any:
    """Return a CSV writer on a binary stream, in the encoding that Excel recognises."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    text.write(BOM)
    return csv.writer(text)

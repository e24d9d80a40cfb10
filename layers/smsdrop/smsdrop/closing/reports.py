"""
The totals of a campaign's report; `results` has what became of every row.

All of it follows from the plan and the ledger, so the same entries give the same bytes.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from smsdrop.drop_times import iso_text
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.shown import (
    canary_shown,
    file_shown,
    lists_shown,
    persons_shown,
    problems_of,
    receipts_shown,
    rows_shown,
    segments_shown,
    settings_shown,
)
from smsdrop.reasons import Reason
from smsdrop.receipts.looks import ReceiptCounts

SUMMARY = "summary.json"
RESULTS = "results.csv"
UNSENT_ROWS = "unsent.csv"
UNDELIVERED_ROWS = "undelivered.csv"

ENDS = (State.SENT, State.REFUSED, State.UNCONFIRMED, State.CANCELLED)
"""What can become of an accepted row."""


@dataclass(slots=True)
class Totals:
    """Counts of rows by status, and of what the batches cost."""

    rows: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)
    """Texts by the minute since 1970."""
    rejected: dict[str, tuple[Reason, int]] = field(default_factory=dict)
    """By code: the first reason with it, and how many rows have one."""
    calls: int = 0
    sent_twice: int = 0
    finished_at: float = 0
    verify_at: float = 0
    receipts: ReceiptCounts | None = None
    """None if they are not looked up."""
    undelivered: Mapping[str, int] = field(default_factory=dict)
    """Rows by why they were not delivered."""

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
    """Write `summary.json`, for a preview with the first `texts`."""
    counts = campaign.counts
    fields: dict[str, Any] = {
        "campaign_id": campaign.campaign_id,
        "status": campaign.status,
        "outcome": campaign.outcome,
        "reason": campaign.reason.text(language) if campaign.reason else "",
        **file_shown(campaign),
        **rows_shown(counts),
        **lists_shown(campaign),
        **{each: totals.rows[each] for each in ENDS},
        "sent_twice": totals.sent_twice,
        "batches": counts.batches,
        "calls": totals.calls,
        **segments_shown(counts, price_per_segment),
        "codes": dict(sorted(totals.codes.items())),
        **receipts_shown(totals.receipts, totals.undelivered),
        **canary_shown(campaign),
        **persons_shown(campaign),
        "started_at": iso_text(campaign.started_at),
        "finished_at": iso_text(campaign.finished_at),
        "problems": [each.text(language) for each in problems_of(campaign)],
        **settings_shown(campaign.terms),
    }
    if texts is not None:
        fields["preview"] = texts
    return json.dumps(fields, ensure_ascii=False, indent=2).encode() + b"\n"

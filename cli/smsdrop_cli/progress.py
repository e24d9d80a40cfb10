"""
How far a campaign is: the fields of `status.json`, from there or counted in the ledger.

For a campaign that has ended, its entry is enough. A small one is counted batch by batch, exactly;
for a large one that has a `status.json`, that is read instead: it costs one request.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Self

from smsdrop.drop_times import iso_text
from smsdrop.drops import report_folder
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.shown import file_shown, receipts_shown, rows_shown
from smsdrop.ledger.splits import with_parents_evidence
from smsdrop.pages.figures import REPORT_PAGE, STATUS_PAGE
from smsdrop.ports import ObjectGone
from smsdrop.reasons import Reason
from smsdrop.sending.preview import earliest_begin, waits_for
from smsdrop_cli.campaigns import ENDED
from smsdrop_cli.deployment.stack import Stack

MOST_COUNTED_BATCHES = 100
"""Our choice: this many entries are read in a request or two."""

FRESH_SECONDS = 150
"""`status.json` is written each minute; an older one is from a stack that does not get to it."""

RATE_SECONDS = 60
LEAST_SECONDS = 5
"""Our choice: the longest and the shortest time over which the rate is measured."""

ENDS = (State.SENT, State.REFUSED, State.UNCONFIRMED, State.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A campaign's `status.json`; `under_way` is added here: rows whose call has not ended yet."""

    campaign_id: str
    status: str
    outcome: str = ""
    reason: str = ""
    held_for: str = ""
    waits_for: str = ""
    file: Mapping[str, Any] = field(default_factory=dict)
    template_code: str = ""
    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    suppressed: int = 0
    rejected: int = 0
    blank: int = 0
    sent: int = 0
    refused: int = 0
    unconfirmed: int = 0
    cancelled: int = 0
    pending: int = 0
    under_way: int = 0
    is_estimate: bool = False
    percent: float = 0
    texts_a_minute: float = 0
    seconds_left: float | None = None
    started_at: str = ""
    written_at: str = ""
    finished_at: str = ""
    receipts: Mapping[str, Any] | None = None
    report: str = ""

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        known = {each.name for each in fields(cls)}
        members = json.loads(text)
        return cls(**{name: value for name, value in members.items() if name in known})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def ended_well(self) -> bool:
        return self.status == Status.CLOSED and self.outcome == "completed"


def progress_of(stack: Stack, campaign: Campaign, *, now: float) -> Progress:
    """Return how far the campaign is by now, from the cheapest source that knows."""
    has_ended = campaign.status in ENDED
    if not has_ended and campaign.counts.batches > MOST_COUNTED_BATCHES:
        written = _written(stack, campaign, now=now)
        if written is not None:
            return written
    return counted(stack, campaign, now=now)


def counted(stack: Stack, campaign: Campaign, *, now: float) -> Progress:
    """Return how far the campaign is by now, exactly, by all of its entries if it is running."""
    has_ended = campaign.status in ENDED
    entries = () if has_ended else stack.ledger.entries(campaign.campaign_id)
    return from_entries(campaign, entries, now=now, language=stack.language)


def from_entries(
    campaign: Campaign, entries: Iterable[BatchEntry], *, now: float, language: str
) -> Progress:
    rows, a_minute = _by_state(entries, now=now)
    if campaign.status in ENDED:
        rows = Counter({each: getattr(campaign.counts, each) for each in ENDS})
    accepted = campaign.counts.accepted
    ended = sum(rows[each] for each in ENDS)
    pending = 0 if campaign.status in ENDED else max(0, accepted - ended)
    is_held = campaign.status is Status.HELD
    goes_on = a_minute > 0 and not campaign.halt_code
    begins_at = earliest_begin(campaign.terms, now) if is_held else None
    return Progress(
        campaign_id=campaign.campaign_id,
        status=campaign.status,
        outcome=campaign.outcome,
        reason=_reason(campaign, language),
        held_for=campaign.held_for if is_held else "",
        waits_for=waits_for(campaign, begins_at).text(language) if is_held else "",
        file=file_shown(campaign)["file"],
        template_code=campaign.template_code,
        **rows_shown(campaign.counts),
        sent=rows[State.SENT],
        refused=rows[State.REFUSED],
        unconfirmed=rows[State.UNCONFIRMED],
        cancelled=rows[State.CANCELLED],
        pending=pending,
        under_way=rows[State.SENDING],
        percent=round(100 * (accepted - pending) / accepted, 1) if accepted else 0,
        texts_a_minute=a_minute,
        seconds_left=round(60 * pending / a_minute) if goes_on else None,
        started_at=iso_text(campaign.started_at),
        written_at=iso_text(now),
        finished_at=iso_text(campaign.finished_at),
        **_receipts(campaign),
        report=report_folder(campaign.key, campaign.campaign_id) + REPORT_PAGE,
    )


def _receipts(campaign: Campaign) -> dict[str, Any]:
    """Return what is known of the texts' deliveries, once they are looked up at all."""
    looks = campaign.looks
    return receipts_shown(looks.counts(sent=campaign.counts.sent) if looks.receipts_from else None)


def _reason(campaign: Campaign, language: str) -> str:
    reason = campaign.reason or (Reason(campaign.halt_code) if campaign.halt_code else None)
    return reason.text(language) if reason else ""


def _by_state(entries: Iterable[BatchEntry], *, now: float) -> tuple[Counter[str], float]:
    """Count recipients by their batches' states, and say how many are texted a minute now."""
    rows: Counter[str] = Counter()
    recent, first = 0, now
    for entry in with_parents_evidence(entries):
        if entry.state is State.SPLIT:
            continue
        rows[entry.state] += entry.recipients
        if entry.state is State.SENT and entry.ended_at >= now - RATE_SECONDS:
            recent += entry.recipients
            first = min(first, entry.ended_at)
    return rows, round(recent * 60 / max(LEAST_SECONDS, now - first), 1)


def _written(stack: Stack, campaign: Campaign, *, now: float) -> Progress | None:
    """Return what `status.json` says, if it is there and was written lately."""
    key = report_folder(campaign.key, campaign.campaign_id) + STATUS_PAGE
    try:
        written = Progress.from_json(b"".join(stack.objects.lines(key)))
    except ObjectGone:
        return None
    written_at = datetime.fromisoformat(written.written_at or "1970-01-01T00:00:00Z").timestamp()
    return written if now - written_at <= FRESH_SECONDS else None

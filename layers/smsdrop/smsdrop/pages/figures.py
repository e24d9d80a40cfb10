"""The figures of a campaign as every page shows them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from smsdrop.drop_times import iso_text
from smsdrop.drops import report_folder
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.shown import canary_shown, file_shown, receipts_shown, rows_shown
from smsdrop.pages.first_text import NO_TEXT, FirstText
from smsdrop.pages.progress import ENDS, Progress
from smsdrop.reasons import Reason
from smsdrop.receipts.looks import ReceiptCounts

REPORT_PAGE = "report.html"
STATUS_PAGE = "status.json"

RATE_MINUTES = 5
"""Our choice: over how many of the last minutes the rate is taken."""

LEAST_SECONDS = 10
"""Our choice: less time than this gives no rate."""

OVER = (Status.CLOSED, Status.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """
    A campaign, and what became of its rows so far.

    `rejected` has the reasons for rejected rows with their counts, the most frequent first;
    `receipts` is None if none are looked up, and `undelivered` counts texts by the carriers' codes.
    """

    campaign: Campaign
    progress: Progress
    written_at: float
    waits_for: Reason | None = None
    is_stopped: bool = False
    """Whether the whole stack is paused."""
    first_text: FirstText = NO_TEXT
    rejected: tuple[tuple[Reason, int], ...] = ()
    sent_twice: int = 0
    receipts: ReceiptCounts | None = None
    undelivered: Mapping[str, int] = field(default_factory=dict)
    price_per_segment: Decimal | None = None

    @property
    def is_over(self) -> bool:
        return self.campaign.status in OVER

    @property
    def pending(self) -> int:
        """The accepted rows that have not ended yet."""
        return max(0, self.campaign.counts.accepted - self.progress.ended)

    @property
    def percent(self) -> float:
        """How many of the accepted rows have ended, in percent."""
        if not self.campaign.counts.accepted:
            return 100.0 if self.is_over else 0.0
        return round(100 * self.progress.ended / self.campaign.counts.accepted, 1)

    @property
    def fates(self) -> dict[str, int]:
        """All rows but the blank ones, by what became of them; they add up to the rows."""
        counts, ends = self.campaign.counts, self.progress.ends
        return {
            **{str(each): ends.get(each, 0) for each in ENDS},
            "pending": self.pending,
            "duplicates": counts.duplicates,
            "suppressed": counts.suppressed,
            "rejected": counts.rejected,
        }

    @property
    def texts_a_minute(self) -> float | None:
        """The rate of the last minutes; once it is over, that of the minutes with texts."""
        minutes = self.progress.minutes
        if self.is_over:
            return round(sum(minutes.values()) / len(minutes), 1) if minutes else None
        begin = max(self.progress.first_at, 60 * (self.written_at // 60 - RATE_MINUTES + 1))
        seconds = self.written_at - begin
        if not minutes or seconds < LEAST_SECONDS:
            return None
        texts = sum(count for minute, count in minutes.items() if minute >= begin // 60)
        return round(60 * texts / seconds, 1)

    @property
    def seconds_left(self) -> int | None:
        """None if it cannot be known: it is held, or has not begun."""
        if self.is_over:
            return 0
        is_going = self.campaign.status is Status.SENDING and not self.is_stopped
        rate = self.texts_a_minute
        return round(60 * self.pending / rate) if is_going and rate else None

    @property
    def reason(self) -> Reason | None:
        """Why it ended as it did, or is ending."""
        campaign = self.campaign
        return campaign.reason or (Reason(campaign.halt_code) if campaign.halt_code else None)


def status_of(figures: Figures, *, language: str) -> dict[str, Any]:
    """Return what `status.json` holds."""
    campaign = figures.campaign
    folder = report_folder(campaign.key, campaign.campaign_id)
    rate, left = figures.texts_a_minute, figures.seconds_left
    return {
        "campaign_id": campaign.campaign_id,
        "status": str(campaign.status),
        "outcome": campaign.outcome,
        "reason": _text(figures.reason, language),
        "held_for": campaign.held_for,
        "waits_for": _text(figures.waits_for, language),
        **_file(campaign),
        **canary_shown(campaign),
        **rows_shown(campaign.counts),
        **_ends(figures.progress.ends),
        "pending": figures.pending,
        **receipts_shown(figures.receipts),
        "is_estimate": figures.progress.is_estimate,
        "percent": figures.percent,
        "texts_a_minute": rate,
        "seconds_left": left,
        "started_at": iso_text(campaign.started_at),
        "written_at": iso_text(figures.written_at),
        "finished_at": iso_text(campaign.finished_at),
        "report": folder + REPORT_PAGE,
    }


def status_page(status: Mapping[str, Any]) -> bytes:
    return json.dumps(status, ensure_ascii=False, indent=2).encode() + b"\n"


def file_name(key: str) -> str:
    return key.rpartition("/")[2]


def _file(campaign: Campaign) -> dict[str, Any]:
    shown = file_shown(campaign)
    return {**shown, "file": {"name": file_name(campaign.key), **shown["file"]}}


def _ends(ends: Mapping[str, int]) -> dict[str, int]:
    return {str(each): ends.get(each, 0) for each in ENDS}


def _text(reason: Reason | None, language: str) -> str:
    return reason.text(language) if reason else ""

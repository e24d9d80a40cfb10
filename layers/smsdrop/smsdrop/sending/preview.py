"""
Show what a held campaign would do, why it waits, and what a person can do about that.

The preview is written first and then noted in the campaign's entry, so that after a crash in
between it is written again. Once the campaign begins, it stays as it is.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from smsdrop.batches.first_texts import kept_texts
from smsdrop.drop_times import beijing_text
from smsdrop.drops import report_folder
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.gate import (
    APPROVAL,
    CANARY,
    CANARY_FAILED,
    LISTS,
    PAUSED,
    START,
    WINDOW,
)
from smsdrop.ledger.ports import Writes, update
from smsdrop.ledger.shown import (
    canary_shown,
    file_shown,
    lists_shown,
    persons_shown,
    rows_shown,
    segments_shown,
    settings_shown,
)
from smsdrop.ledger.terms import Terms, opening
from smsdrop.ports import Objects
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import ANSWERED_PERCENT

PREVIEW = "preview.json"

WAITS_FOR = {
    PAUSED: "waits_paused",
    APPROVAL: "waits_approval",
    START: "waits_start",
    WINDOW: "waits_window",
    LISTS: "waits_lists",
    CANARY: "waits_canary",
    CANARY_FAILED: "waits_canary_failed",
}
"""What is said about each thing that may hold a campaign."""

UNSEEN = {CANARY: "waits_canary_first", CANARY_FAILED: "waits_canary_unseen"}
"""The same before the canary's receipts were first looked up."""

BEGIN_BY_THEMSELVES = (START, WINDOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePreview:
    """The use case, with its ports."""

    ledger: Writes
    objects: Objects
    clock: Callable[[], float]
    language: str
    price_per_segment: Decimal | None = None

    def write(self, campaign: Campaign) -> Campaign:
        """Write the preview of a held campaign, unless it already says what holds it."""
        held_for = campaign.held_for
        is_held = campaign.status is Status.HELD and not campaign.halt_code
        if not is_held or campaign.previewed_for == held_for:
            return campaign
        texts = kept_texts(campaign.plan, self.objects)
        key = report_folder(campaign.key, campaign.campaign_id) + PREVIEW
        with self.objects.new_object(key) as stream:
            stream.write(self._preview(campaign, texts))
        return update(self.ledger, campaign, lambda each: each.previewed(held_for))

    def _preview(self, campaign: Campaign, texts: Sequence[str]) -> bytes:
        now = self.clock()
        begins_at = earliest_begin(campaign.terms, now)
        fields: dict[str, Any] = {
            "campaign_id": campaign.campaign_id,
            "held_for": campaign.held_for,
            "waits_for": waits_for(campaign, begins_at).text(self.language),
            "begins_at": beijing_text(begins_at or 0),
            **file_shown(campaign),
            **rows_shown(campaign.counts),
            **lists_shown(campaign),
            "batches": campaign.counts.batches,
            **segments_shown(campaign.counts, self.price_per_segment),
            "texts": texts,
            **canary_shown(campaign),
            **persons_shown(campaign),
            **settings_shown(campaign.terms),
            "problems": [each.text(self.language) for each in campaign.all_problems],
            "written_at": beijing_text(now),
        }
        return json.dumps(fields, ensure_ascii=False, indent=2).encode() + b"\n"


def earliest_begin(terms: Terms, now: float) -> float | None:
    """
    Return when its start and its hours let a campaign begin, 0 if they do so now.

    None if that is not before its end.
    """
    at = opening(terms.windows, max(terms.start_at, now))
    if at is None or (terms.until_at and at >= terms.until_at):
        return None
    return at if at > now else 0


def waits_for(campaign: Campaign, begins_at: float | None) -> Reason:
    """Say why it waits, and what to do."""
    campaign_id, terms = campaign.campaign_id, campaign.terms
    if begins_at is None and campaign.held_for in BEGIN_BY_THEMSELVES:
        return Reason("waits_in_vain", (campaign_id, beijing_text(terms.until_at)))
    if campaign.held_for in (CANARY, CANARY_FAILED):
        return _waits_for_canary(campaign)
    hours = ", ".join(terms.windows)
    code = WAITS_FOR.get(campaign.held_for, campaign.held_for)  # a later release may know more
    return Reason(code, (campaign_id, beijing_text(begins_at or 0), hours))


def _waits_for_canary(campaign: Campaign) -> Reason:
    """Say what became of the canary's recipients, and what is required of them."""
    canary, campaign_id = campaign.canary, campaign.campaign_id
    if canary.canary_problem:
        return Reason("waits_canary_unasked", (campaign_id, canary.canary_problem))
    if not canary.canary_as_of:
        return Reason(UNSEEN[campaign.held_for], (campaign_id,))
    numbers = (
        canary.canary_tried,
        canary.canary_delivered,
        canary.canary_undelivered,
        canary.unanswered,
        ANSWERED_PERCENT,
    )
    least = f"{campaign.terms.canary_percent:g}"
    return Reason(WAITS_FOR[campaign.held_for], (campaign_id, *map(str, numbers), least))

"""
Whether a campaign may be called now: one question, whatever holds it.

Orders, and the tick each minute, write the answer into the campaign's entry; senders find it there
when they read the ledger, which they do anyway.
"""

from collections.abc import Callable
from dataclasses import replace
from math import inf

from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign
from smsdrop.ledger.codes import PAST_UNTIL
from smsdrop.ledger.terms import Gate, SendWindow

MARGIN_SECONDS = 2
"""Our choice: no call begins in the last seconds of a window, as two clocks may differ."""

PAUSED, APPROVAL, START, WINDOW = "paused", "approval", "start", "window"
"""What may hold a campaign."""

CANARY, CANARY_FAILED = "canary", "canary_failed"
"""What may hold all batches but the canary's: waiting for its receipts, or what they say."""

LISTS = "lists"
"""What may also hold a campaign that is not judged yet: an unusable suppression list."""


def gate_of(campaign: Campaign, now: float) -> Gate:
    """Say up to which batch the campaign may be called, and until when."""
    terms = campaign.terms
    windows = [SendWindow.from_text(each) for each in terms.windows]
    if campaign.paused_by:
        return Gate(held_for=PAUSED)
    if campaign.unusable_lists:
        return Gate(held_for=LISTS)
    if terms.needs_approval and not campaign.approved_by:
        return Gate(held_for=APPROVAL)
    if now < terms.start_at:
        return Gate(held_for=START)
    if held_for := _held_by_canary(campaign, now):
        return Gate(held_for=held_for)
    closes_at = min([terms.until_at or inf, *(each.closing(now) for each in windows)])
    are_open = all(each.opening(now) == now for each in windows)
    if not are_open or closes_at - MARGIN_SECONDS <= now:
        return Gate(held_for=WINDOW)
    ends = 0 if closes_at == inf else closes_at - MARGIN_SECONDS
    upto = terms.canary_batches if campaign.awaits_canary else campaign.counts.batches
    return Gate(upto=upto, closes_at=ends)


def _held_by_canary(campaign: Campaign, now: float) -> str:
    """Say what holds the other batches once the canary's have ended."""
    if not campaign.awaits_canary or not campaign.canary.canary_ended_at:
        return ""
    return CANARY_FAILED if campaign.canary.has_failed(now) else CANARY


def gated(
    campaign: Campaign, now: float, gate: Callable[[Campaign, float], Gate] = gate_of
) -> Campaign:
    """Return the campaign as its gate is now; one past its end is halted."""
    if campaign.halt_code or campaign.status not in HAS_OPEN_BATCHES:
        return campaign
    if campaign.terms.until_at and now >= campaign.terms.until_at:
        return campaign.halted(PAST_UNTIL)
    return campaign.gated(gate(campaign, now), at=now)


def after_order(campaign: Campaign, order: Callable[[Campaign], Campaign], now: float) -> Campaign:
    """
    Return the campaign after a person's order, and with its gate as it is then.

    One that has not begun yet is left to the tick, which sees whether its file was withdrawn.
    """
    ordered = order(campaign)
    if ordered == campaign or campaign.waits_to_begin:
        return ordered
    return replace(gated(ordered, now), revision=campaign.revision + 1)

"""What an order does to a campaign, and what the answer says."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, PAST_UNTIL
from smsdrop.ledger.entries import Pause
from smsdrop.ledger.gate import (
    APPROVAL,
    CANARY,
    CANARY_FAILED,
    LISTS,
    PAUSED,
    START,
    WINDOW,
    after_order,
    gate_of,
)
from smsdrop.operations.orders import APPROVE, CANCEL, PAUSE, RESUME, Order
from smsdrop.reasons import Reason

Effect = tuple[Campaign, Reason]

DOUBLED = {
    PAUSE: "order_paused_already",
    RESUME: "order_not_paused",
    CANCEL: "order_cancelled_already",
    APPROVE: "order_approved_already",
}

FOLLOWED = frozenset(
    {
        "order_paused",
        "order_resumed",
        "order_cancelled",
        "order_approved",
        "order_others_follow",
        "order_stack_paused",
        "order_stack_resumed",
        "order_stack_paused_already",
        "order_stack_not_paused",
        *DOUBLED.values(),
    }
)
"""The answers if things are now as ordered, by this order or already before it."""

STILL_HELD = {
    PAUSED: "order_held_paused",
    LISTS: "order_held_lists",
    APPROVAL: "order_held_approval",
    START: "order_held_start",
    CANARY: "order_held_canary",
    CANARY_FAILED: "order_held_canary_failed",
    WINDOW: "order_held_window",
}
"""What the answer adds if the order lets a campaign go on, but something else holds it."""


def effect(order: Order, campaign: Campaign, now: float) -> Effect:
    """Return the campaign after one of `ORDERS`, with its gate as it is then, and the answer."""
    if said := over(campaign, order.name):
        return campaign, said
    change, said = EFFECTS[order.name](order, campaign)
    return after_order(campaign, change, now), said


def over(campaign: Campaign, order_name: str = "") -> Reason | None:
    """Say why no order can change anything about the campaign any more, if so."""
    named = (campaign.campaign_id,)
    if campaign.status is Status.UNKNOWN:
        return Reason("order_left", named)
    if campaign.status is Status.CLOSING:
        return Reason("order_closing", named)
    if campaign.status is not Status.PARSING and campaign.status not in HAS_OPEN_BATCHES:
        return Reason("order_ended", (*named, campaign.outcome))
    if campaign.halt_code == CANCELLED_BY_HAND and order_name == CANCEL:
        return Reason(DOUBLED[CANCEL], named)
    if campaign.halt_code:
        return Reason("order_halted", (*named, campaign.halt_code))
    return None


def said_of_stack(order: Order, before: Pause, after: Pause) -> Reason:
    """Say what became of an order for the whole stack, by the pause before it and after it."""
    if order.name == PAUSE:
        if before.paused:
            return Reason("order_stack_paused_already", (before.by or before.code,))
        return Reason("order_stack_paused" if after.paused else "order_late_for_stack")
    if not before.paused:
        return Reason("order_stack_not_paused")
    return Reason("order_late_for_stack" if after.paused else "order_stack_resumed")


def still_held(order: Order, campaign: Campaign, now: float) -> Reason | None:
    """
    Say what holds the campaign though it was resumed or approved, if anything does.

    A campaign that has not begun yet begins with the next tick.
    """
    if order.name not in (RESUME, APPROVE):
        return None
    if campaign.halt_code == PAST_UNTIL or 0 < campaign.terms.until_at <= now:
        return Reason("order_past_until")
    if campaign.status is not Status.HELD:
        return None
    held_for = gate_of(campaign, now).held_for
    return Reason(STILL_HELD[held_for] if held_for else "order_begins_soon")


def _pause(order: Order, campaign: Campaign) -> tuple[Callable[[Campaign], Campaign], Reason]:
    named = (campaign.campaign_id,)
    if campaign.paused_by:
        said = Reason(DOUBLED[PAUSE], (*named, campaign.paused_by))
        return partial(_in_vain, order), said
    if order.is_late(campaign.ordered_at):
        return _unchanged, Reason("order_late", named)
    return partial(_paused, order), Reason("order_paused", named)


def _resume(order: Order, campaign: Campaign) -> tuple[Callable[[Campaign], Campaign], Reason]:
    named = (campaign.campaign_id,)
    is_canary_held = campaign.held_for in (CANARY, CANARY_FAILED)
    if not (campaign.paused_by or is_canary_held):
        return partial(_in_vain, order), Reason(DOUBLED[RESUME], named)
    if order.is_late(campaign.ordered_at):
        return _unchanged, Reason("order_late", named)
    if not campaign.paused_by:
        return _let_others_follow(order, campaign)
    return partial(_resumed, order), Reason("order_resumed", named)


def _let_others_follow(
    order: Order, campaign: Campaign
) -> tuple[Callable[[Campaign], Campaign], Reason]:
    """Let the others follow, unless that was ordered before the canary's results could be known."""
    named = (campaign.campaign_id,)
    if 0 < order.at <= campaign.canary.canary_ended_at:
        return _unchanged, Reason("order_late", named)
    return partial(_followed_by_others, order), Reason("order_others_follow", named)


def _cancel(_order: Order, campaign: Campaign) -> tuple[Callable[[Campaign], Campaign], Reason]:
    return _cancelled, Reason("order_cancelled", (campaign.campaign_id,))


def _approve(order: Order, campaign: Campaign) -> tuple[Callable[[Campaign], Campaign], Reason]:
    if said := _not_to_be_approved(order, campaign):
        return _unchanged, said
    return partial(_approved, order), Reason("order_approved", (campaign.campaign_id,))


def _not_to_be_approved(order: Order, campaign: Campaign) -> Reason | None:
    """
    Say why this order does not approve the campaign, if so.

    The approver must be known, and someone other than the dropper of the file; if the dropper is
    not known, anyone may.
    """
    named = (campaign.campaign_id,)
    if campaign.status is Status.PARSING:
        return Reason("order_approval_too_early", named)
    if not campaign.terms.needs_approval:
        return Reason("order_approval_not_needed", named)
    if campaign.approved_by:
        return Reason(DOUBLED[APPROVE], (*named, campaign.approved_by))
    if not order.principal:
        return Reason("order_approval_by_nobody", named)
    if order.principal == campaign.dropped_by:
        return Reason("order_approval_by_dropper", named)
    return None


EFFECTS = {PAUSE: _pause, RESUME: _resume, CANCEL: _cancel, APPROVE: _approve}


def _unchanged(campaign: Campaign) -> Campaign:
    return campaign


def _given(order: Order, before: Campaign, after: Campaign) -> Campaign:
    """Remember an order that may have changed nothing else: an earlier one may still come."""
    at = max(before.ordered_at, order.at)
    if after == before and at == before.ordered_at:
        return before
    return replace(after, ordered_at=at, revision=before.revision + 1)


def _in_vain(order: Order, campaign: Campaign) -> Campaign:
    return _given(order, campaign, campaign)


def _paused(order: Order, campaign: Campaign) -> Campaign:
    return _given(order, campaign, campaign.paused(order.by, reason=PAUSED))


def _resumed(order: Order, campaign: Campaign) -> Campaign:
    return _given(order, campaign, campaign.resumed())


def _followed_by_others(order: Order, campaign: Campaign) -> Campaign:
    after = campaign.with_canary(campaign.canary.resumed(order.by))
    return _given(order, campaign, after)


def _cancelled(campaign: Campaign) -> Campaign:
    return campaign.halted(CANCELLED_BY_HAND)


def _approved(order: Order, campaign: Campaign) -> Campaign:
    return campaign.approved(order.principal)

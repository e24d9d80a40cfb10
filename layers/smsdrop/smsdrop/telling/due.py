"""
Which notice of a campaign is due: its state now, unless people were notified of it already.

    a campaign that is                 gets the notice
    planned, sending                   planned
    held, with its preview written     paused, or held for what it waits for
    parsing, and held                  held for what it waits for
    halted, and not at its end         cancelled if people meant it to stop, else halted
    open for too long, or failing      stuck
    closed, refused, and reported      closed, refused
    closed, with its last receipts     receipts, if its end was notified

A state that came and went between two ticks gets no notice, and none is due twice.
"""

from collections.abc import Iterator

from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign, Status
from smsdrop.ledger.codes import STOPPED_BY_PEOPLE
from smsdrop.ledger.gate import APPROVAL, CANARY_FAILED, LISTS, PAUSED, START, WINDOW

MOST_NOTICES = 6
"""Our choice: per campaign; one is reserved for its end, and receipts come if one is left."""

PLANNED, HALTED, CANCELLED, STUCK = "planned", "halted", "cancelled", "stuck"

HELD = {
    PAUSED: "paused",
    APPROVAL: "held_approval",
    START: "held_start",
    WINDOW: "held_window",
    LISTS: "held_lists",
    CANARY_FAILED: "held_canary",
}
"""
By what holds it; a later release may know more, and notifies of them itself.

Waiting some minutes for the canary's receipts needs no notice.
"""

CLOSED, REFUSED = "closed", "refused"

ENDS = frozenset({CLOSED, REFUSED})

RECEIPTS = "receipts"
"""The notice after the end, once the report says all that will be known of deliveries."""

MAY_BE_STUCK = HAS_OPEN_BATCHES | {Status.PARSING, Status.CLOSING, Status.REFUSED}


def due(campaign: Campaign) -> str:
    """Return the notice that is due now; an empty text if there is none."""
    told = campaign.notices
    if ENDS.intersection(told):
        is_left = RECEIPTS not in told and len(told) < MOST_NOTICES
        return RECEIPTS if is_left and _has_last_receipts(campaign) else ""
    is_last = len(told) >= MOST_NOTICES - 1
    notices = (each for each in _notices(campaign) if each not in told)
    return next((each for each in notices if each in ENDS or not is_last), "")


def is_untold(campaign: Campaign) -> bool:
    """Say whether a campaign that is not open any more still has a notice to send."""
    return not campaign.is_open and due(campaign) in (*ENDS, RECEIPTS)


def _has_last_receipts(campaign: Campaign) -> bool:
    """Say whether its report has them; if the provider could not be asked, it has none."""
    looks = campaign.looks
    return campaign.status is Status.CLOSED and looks.is_final and looks.receipts_as_of > 0


def _notices(campaign: Campaign) -> Iterator[str]:
    """Yield what can be said of it now, the most important first."""
    status = campaign.status
    if status is Status.CLOSED:
        yield CLOSED
    if status is Status.REFUSED and not campaign.is_open:
        yield REFUSED
    if status in HAS_OPEN_BATCHES and campaign.halt_code:
        yield CANCELLED if campaign.halt_code in STOPPED_BY_PEOPLE else HALTED
    if status in MAY_BE_STUCK and campaign.alerted_at and campaign.is_open:
        yield STUCK
    if campaign.halt_code:
        return
    is_shown = campaign.previewed_for == campaign.held_for
    if status is Status.HELD and is_shown and campaign.held_for in HELD:
        yield HELD[campaign.held_for]
    if status is Status.PARSING and campaign.held_for in HELD:
        yield HELD[campaign.held_for]
    if status is Status.SENDING and not campaign.notices:
        yield PLANNED

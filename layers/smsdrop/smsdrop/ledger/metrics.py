"""What a write of the ledger counts as, once it stands."""

from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import PARSING_FAILED
from smsdrop.ledger.entries import Content, Pause
from smsdrop.metrics import Count, Counted

ENDS = {
    State.SENT: Count.TEXTS_SENT,
    State.REFUSED: Count.TEXTS_REFUSED,
    State.CANCELLED: Count.TEXTS_CANCELLED,
    State.UNCONFIRMED: Count.TEXTS_UNCONFIRMED,
}


def of_write(
    before: BatchEntry | Campaign | Pause | Content | None,
    after: BatchEntry | Campaign | Pause | Content,
) -> Counted:
    """Return what a write of the ledger counts as, once it stands."""
    match after:
        case BatchEntry():
            return _of_batch(before if isinstance(before, BatchEntry) else None, after)
        case Campaign():
            return _of_campaign(before if isinstance(before, Campaign) else None, after)
    return {}


def _of_batch(before: BatchEntry | None, after: BatchEntry) -> Counted:
    counted: dict[Count, float] = {}
    if after.state in ENDS and not (before and before.is_final):
        # Both of those that are compared, or the graph of their ratio has holes.
        counted = {Count.TEXTS_SENT: 0, Count.TEXTS_REFUSED: 0}
        counted[ENDS[after.state]] = after.recipients
    if before is None:
        return counted
    if after.sent_twice and not before.sent_twice:
        counted[Count.TEXTS_SENT_TWICE] = after.recipients
    if after.absent > before.absent:
        counted[Count.SETTLED_ABSENT] = 1
    if before.state is State.SENDING and _was_found(before, after):
        counted[Count.SETTLED_FOUND] = 1
    return counted


def _was_found(before: BatchEntry, after: BatchEntry) -> bool:
    """Say whether the attempt was settled: whoever calls records the answer earlier than that."""
    return after.state is State.SENT and after.ended_at >= before.settle_after


def _rows_of(campaign: Campaign) -> Counted:
    return {
        Count.ROWS_ACCEPTED: campaign.accepted,
        Count.ROWS_DUPLICATE: campaign.duplicates,
        Count.ROWS_REJECTED: campaign.rejected,
    }


def _of_campaign(before: Campaign | None, after: Campaign) -> Counted:
    counted: dict[Count, float] = {}
    was_parsing = before is None or before.status is Status.PARSING
    if after.plan and not (before and before.plan):
        counted |= {count: rows for count, rows in _rows_of(after).items() if rows}
    if was_parsing and after.status is Status.REFUSED:
        gave_up = after.reason == ("parsing_failed",)
        counted[Count.FILES_GIVEN_UP if gave_up else Count.FILES_REFUSED] = 1
    if after.halted and not (before and before.halted):
        gave_up = after.halted == PARSING_FAILED
        counted[Count.FILES_GIVEN_UP if gave_up else Count.CAMPAIGNS_HALTED] = 1
    if before and before.open and not after.open:
        counted[Count.CAMPAIGNS_CLOSED] = 1
    return counted

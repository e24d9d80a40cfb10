"""
What is counted while files go their way: what a write of the ledger says, and what a call does.

Counts are read off the ledger's writes, since a write stands once whoever tried it how often. They
are for watching: those of a sandbox that dies before the end of its invocation are lost. The books
are what is exact. CloudWatch bills a metric for every hour in which it is published, so zeros are
left out but where an alarm needs them.
"""

from collections.abc import Mapping
from enum import StrEnum

from smsdrop.answers import NOT_CONNECTED, Answer, Meaning
from smsdrop.ledger import PARSING_FAILED, BatchEntry, Campaign, Content, Pause, State, Status


class Count(StrEnum):
    """The names that CloudWatch knows them by."""

    FILES_REFUSED = "FilesRefused"
    FILES_GIVEN_UP = "FilesGivenUp"
    ROWS_ACCEPTED = "RowsAccepted"
    ROWS_DUPLICATE = "RowsDuplicate"
    ROWS_REJECTED = "RowsRejected"
    CALLS = "Calls"
    CALLS_THROTTLED = "CallsThrottled"
    CALLS_NOT_CONNECTED = "CallsNotConnected"
    CALLS_IN_DOUBT = "CallsInDoubt"
    CALL_LATENCY = "CallLatency"
    TEXTS_SENT = "TextsSent"
    TEXTS_REFUSED = "TextsRefused"
    TEXTS_CANCELLED = "TextsCancelled"
    TEXTS_UNCONFIRMED = "TextsUnconfirmed"
    TEXTS_SENT_TWICE = "TextsSentTwice"
    BATCHES_FAILED = "BatchesFailed"
    SETTLED_FOUND = "SettledFound"
    SETTLED_ABSENT = "SettledAbsent"
    CAMPAIGNS_HALTED = "CampaignsHalted"
    CAMPAIGNS_CLOSED = "CampaignsClosed"
    CAMPAIGNS_OPEN = "CampaignsOpen"
    PAUSED = "Paused"

    @property
    def unit(self) -> str:
        return "Milliseconds" if self is Count.CALL_LATENCY else "Count"


Counted = Mapping[Count, float]

ENDS = {
    State.SENT: Count.TEXTS_SENT,
    State.REFUSED: Count.TEXTS_REFUSED,
    State.CANCELLED: Count.TEXTS_CANCELLED,
    State.UNCONFIRMED: Count.TEXTS_UNCONFIRMED,
}


def of_call(answer: Answer, *, seconds: float) -> Counted:
    """Return what a call of the provider's counts as."""
    is_connected = answer.code != NOT_CONNECTED
    is_throttled = is_connected and answer.meaning is Meaning.DEFERRED
    counted: dict[Count, float] = {
        Count.CALLS: 1,
        Count.CALLS_THROTTLED: is_throttled,  # zero too: an alarm compares both
        Count.CALL_LATENCY: round(seconds * 1000),
    }
    if not is_connected:
        counted[Count.CALLS_NOT_CONNECTED] = 1
    if answer.meaning is Meaning.IN_DOUBT:
        counted[Count.CALLS_IN_DOUBT] = 1
    return counted


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

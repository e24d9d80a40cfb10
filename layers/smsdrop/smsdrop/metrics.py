"""
What is counted while files go their way: what a write of the ledger says, and what a call does.

Counts are read off the ledger's writes, since a write stands once whoever tried it how often. They
are for watching: those of a sandbox that dies before the end of its invocation are lost. The books
are what is exact. CloudWatch bills a metric for every hour in which it is published, so zeros are
left out but where an alarm needs them.
"""

from collections.abc import Mapping
from enum import StrEnum


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

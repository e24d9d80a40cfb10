"""
What is measured while files are processed: what a ledger write says, and what a call does.

A ledger write takes effect once, however often it is tried, so each is measured once it has
succeeded. Metrics are for watching: those of a sandbox that dies before the end of its invocation
are lost; the ledger is exact. CloudWatch bills a metric for every hour in which it is published, so
zeros are left out, except where an alarm needs them.
"""

from collections.abc import Mapping
from enum import StrEnum


class Metric(StrEnum):
    """Their names in CloudWatch."""

    FILES_REFUSED = "FilesRefused"
    FILES_GIVEN_UP = "FilesGivenUp"
    ROWS_ACCEPTED = "RowsAccepted"
    ROWS_DUPLICATE = "RowsDuplicate"
    ROWS_SUPPRESSED = "RowsSuppressed"
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
    CAMPAIGNS_REFUSED = "CampaignsRefused"
    CAMPAIGNS_HALTED = "CampaignsHalted"
    CAMPAIGNS_CANCELLED = "CampaignsCancelled"
    CAMPAIGNS_CLOSED = "CampaignsClosed"
    CAMPAIGNS_OPEN = "CampaignsOpen"
    CAMPAIGNS_FAILED = "CampaignsFailed"
    NOTICES_FAILED = "NoticesFailed"
    WAKES_FAILED = "WakesFailed"
    PAGES_FAILED = "PagesFailed"
    RECEIPTS_FAILED = "ReceiptsFailed"
    TEXTS_DELIVERED = "TextsDelivered"
    TEXTS_UNDELIVERED = "TextsUndelivered"
    PAUSED = "Paused"

    @property
    def unit(self) -> str:
        return "Milliseconds" if self is Metric.CALL_LATENCY else "Count"


Measured = Mapping[Metric, float]

"""
The carrier's word for one recipient, and how several are merged.

    pending < failed < delivered

A text that has arrived stays delivered, whatever is said later; of two receipts that say the same,
the later counts. So it makes no difference in which order receipts come, or how often.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Self

from smsdrop.alibaba.send_details import DELIVERED, FAILED, SendDetail


class Delivery(IntEnum):
    """In the order in which one gives way to another."""

    PENDING = 0
    FAILED = 1
    DELIVERED = 2


DELIVERIES = {FAILED: Delivery.FAILED, DELIVERED: Delivery.DELIVERED}
"""What each status of the provider's means; every other one leaves the recipient pending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """
    What is known of one recipient; `received_at` is in seconds since 1970, 0 if it is not known.

    `looks` is how many of the schedule's looks have had an answer about them.
    """

    delivery: Delivery = Delivery.PENDING
    code: str = ""
    received_at: float = 0
    looks: int = 0

    @classmethod
    def of(cls, detail: SendDetail) -> Self:
        delivery = DELIVERIES.get(detail.status, Delivery.PENDING)
        if delivery is Delivery.PENDING:
            return cls()
        return cls(delivery=delivery, code=detail.code, received_at=detail.received_at or 0)

    def __or__(self, other: "Receipt") -> "Receipt":
        """Return both, merged."""
        return replace(max(self, other, key=_rank), looks=max(self.looks, other.looks))


NOT_HEARD_OF = Receipt()


def merged(receipts: Iterable[Receipt]) -> Receipt:
    result = NOT_HEARD_OF
    for each in receipts:
        result |= each
    return result


def _rank(receipt: Receipt) -> tuple[Delivery, float, str]:
    """The code breaks ties: any rule will do that is always the same."""
    return receipt.delivery, receipt.received_at, receipt.code

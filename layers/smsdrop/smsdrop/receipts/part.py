"""
The receipts of some batches of a plan, as an object keeps them.

It is JSON lines, gzipped: its form, `{"form": 1}`, then an array for each recipient with something
to keep, `[position, index, delivery, code, received_at, looks]`: the place in the plan, from 1, and
in the planned batch, from 0. It holds no phone numbers. The same receipts always make the same
bytes.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

from smsdrop.receipts.receipt import NOT_HEARD_OF, Delivery, Receipt

FORM = 1

RECEIPT_PREFIX = "receipts/"

BATCHES_A_PART = 50
"""Our choice: some thousand recipients, so that a million of them are some hundred objects."""

COMPRESSION = 6

Place: TypeAlias = tuple[int, int]
"""The position of a planned batch, from 1, and the index of a recipient in it, from 0."""


class LaterReceipts(Exception):
    """Receipts in the form of a later release, which are left to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    receipts: Mapping[Place, Receipt] = field(default_factory=dict)

    def of(self, place: Place) -> Receipt:
        return self.receipts.get(place, NOT_HEARD_OF)

    def __or__(self, other: "Part") -> "Part":
        """Return what is known by both; in which order makes no difference."""
        places = self.receipts.keys() | other.receipts.keys()
        return Part(receipts={each: self.of(each) | other.of(each) for each in places})

    def count(self, delivery: Delivery) -> int:
        return sum(each.delivery is delivery for each in self.receipts.values())

    def to_bytes(self) -> bytes:
        lines = [{"form": FORM}, *map(_members, sorted(self.receipts.items()))]
        text = "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in lines)
        return gzip.compress(text.encode(), COMPRESSION, mtime=0)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what `to_bytes` has written, or nothing; raises `LaterReceipts`."""
        if not content:
            return cls()
        first, *lines = gzip.decompress(content).splitlines()
        if json.loads(first)["form"] > FORM:
            raise LaterReceipts
        return cls(receipts=dict(_receipt(*json.loads(each)) for each in lines))


def part_of_position(position: int) -> int:
    """Return the number of the part, from 0, that has the batch at this position."""
    return (position - 1) // BATCHES_A_PART


def parts_of(batches: int) -> range:
    """Return the numbers of the parts of a plan with so many batches."""
    return range(-(-batches // BATCHES_A_PART))


def part_key(campaign_id: str, number: int) -> str:
    return f"{RECEIPT_PREFIX}{campaign_id}/{number:06d}.jsonl.gz"


def _members(kept: tuple[Place, Receipt]) -> list[Any]:
    (position, index), receipt = kept
    return [
        position,
        index,
        int(receipt.delivery),
        receipt.code,
        int(receipt.received_at),
        receipt.looks,
    ]


def _receipt(
    position: int,
    index: int,
    delivery: int,
    code: str,
    received_at: int,
    looks: int,
    *_: Any,
) -> tuple[Place, Receipt]:
    receipt = Receipt(delivery=Delivery(delivery), code=code, received_at=received_at, looks=looks)
    return (position, index), receipt

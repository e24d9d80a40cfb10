"""What a person orders: an object's key under `orders/`, or a payload, -> an order."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from smsdrop.drops import DROP_PREFIX, principal_of

ORDER_PREFIX = "orders/"

PAUSE, RESUME, CANCEL, APPROVE = "pause", "resume", "cancel", "approve"
ORDERS = (PAUSE, RESUME, CANCEL, APPROVE)

STACK = "stack"
"""Stands for the whole stack in place of a campaign."""

FOR_THE_STACK = (PAUSE, RESUME)

BY_HAND = "by hand"
"""Who gave an order that came as a payload: anyone who may invoke the function."""

CAMPAIGN_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    One order, as it was given: it may be none of `ORDERS`, and name what does not exist.

    `principal` is who gave it, if S3 says so, and `at` is when, by S3's clock: 0 for a payload,
    which comes once and at once. `mark` is the same for the same event however often it comes, and
    differs between events.
    """

    name: str
    what: str
    mark: str
    principal: str = ""
    at: float = 0

    @property
    def by(self) -> str:
        return self.principal or BY_HAND

    @property
    def is_for_stack(self) -> bool:
        return self.name in FOR_THE_STACK and self.what == STACK

    @property
    def names_campaign(self) -> bool:
        """Say whether it names a campaign by its id, and not by the path of its file."""
        return CAMPAIGN_ID.fullmatch(self.what) is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the file that it may mean; it names the path below `incoming/`."""
        as_it_stands = (self.what,) if self.what.startswith(DROP_PREFIX) else ()
        return (f"{DROP_PREFIX}{self.what}", *as_it_stands)

    def is_late(self, ordered_at: float) -> bool:
        """Say whether this order, or one given later, has been followed already."""
        return 0 < self.at <= ordered_at


def orders_of(event: Mapping[str, Any]) -> Iterator[Order]:
    """
    Yield the orders of an S3 event.

    A key that ends with a slash is a folder made in a console, and means the same; the folders on
    the way there, `orders/` and `orders/pause/`, are no orders.
    """
    for record in event.get("Records", ()):
        item = record["s3"]["object"]
        key = unquote_plus(item["key"])
        name, _, what = key.removeprefix(ORDER_PREFIX).partition("/")
        is_on_the_way = key.endswith("/") and not what and name in ("", *ORDERS)
        if not is_on_the_way:
            yield Order(
                name=name,
                what=what.strip("/"),
                mark=mark_of(f"{item['key']}\n{item.get('sequencer', '')}"),
                principal=principal_of(record),
                at=datetime.fromisoformat(record["eventTime"]).timestamp(),
            )


def order_of(payload: object, *, mark: str) -> Order:
    """
    Read `{"order": …}` with a `campaign_id`, a `file`, or a `what` that is either of them.

    Without any of these it is for the whole stack, if there is such an order.
    """
    fields = payload if isinstance(payload, dict) else {}
    name = _text(fields.get("order"))
    named = [_text(fields.get(each)) for each in ("campaign_id", "file", "what")]
    default = STACK if name in FOR_THE_STACK else ""
    return Order(name=name, what=next(filter(None, named), default), mark=mark_of(mark))


def mark_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def _text(value: object) -> str:
    return value.strip().strip("/") if isinstance(value, str) else ""

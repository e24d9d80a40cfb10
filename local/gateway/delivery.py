"""
How the stand-in decides delivery: what becomes of an accepted message, and when lookups say so.

A fate follows from the seed, the phone number and how many messages to that number came before,
and from nothing else: the same recipients have the same fates in every run.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from hashlib import blake2b
from math import inf, isclose
from struct import unpack
from typing import Any, Self

BAD_NUMBER = "INVALID_NUMBER"
"""The code in the carrier's receipt for a number that does not exist."""

CONTRADICTION = "SP_UNKNOWN_ERROR"
"""The code in rows that say failed where another row says delivered."""

NEVER_LISTED, NEVER_RECEIVED, CONTRADICTED = "never_listed", "never_received", "contradicted"

Quantiles = tuple[tuple[float, float], ...]
"""Pairs of a share and the seconds within which that share has arrived; both increase."""


class Status(IntEnum):
    """What a lookup says of a message. From 1 on it is the `SendStatus`; a higher one is final."""

    UNLISTED = 0
    WAITING = 1
    FAILED = 2
    DELIVERED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One row of a lookup: what it says in the end. Seconds count from the call."""

    status: Status
    code: str
    listed_seconds: float
    receipt_seconds: float

    def told(self, elapsed_seconds: float) -> Status:
        if elapsed_seconds < self.listed_seconds:
            return Status.UNLISTED
        return self.status if elapsed_seconds >= self.receipt_seconds else Status.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Four numbers from 0 up to 1, as random as a hash."""

    outcome: float
    listing: float
    receipt: float
    order: float

    @classmethod
    def of(cls, *what: object) -> Self:
        digest = blake2b("/".join(map(str, what)).encode(), digest_size=32).digest()
        # 53 bits, so that the quotient stays below 1
        outcome, listing, receipt, order = ((each >> 11) / 2**53 for each in unpack("<4Q", digest))
        return cls(outcome=outcome, listing=listing, receipt=receipt, order=order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What becomes of messages; at first, each is delivered at once."""

    seed: int = 0

    failed: Mapping[str, float] = field(default_factory=dict)
    """The share that fails, by the code of the receipt."""

    contradicted: float = 0
    """The share that is delivered, with further rows that say failed."""

    contradicting_rows: int = 1
    """How many such rows there are; the row that says delivered stands anywhere among them."""

    contradiction_seconds: float = 0
    """How long after the first row's receipt the others appear."""

    never_received: float = 0
    """The share for which no receipt ever arrives."""

    never_listed: float = 0
    """The share that no lookup ever lists."""

    listed_within: Quantiles = ()
    """How long after the call a message is listed; empty is at once."""

    received_within: Quantiles = ()
    """How long after the call its receipt arrives; empty is at once."""

    total_counts_unlisted: bool = False
    """Whether `TotalCount` counts rows that are not listed, or not yet."""

    def __post_init__(self) -> None:
        shares = [share for _, share in self.shares()]
        if min(shares) < 0 or (sum(shares) > 1 and not isclose(sum(shares), 1)):
            raise ValueError("shares are 0 or more, and 1 at most in all")
        if self.failed.keys() & {*ENDS, CONTRADICTED}:
            raise ValueError("a code of failures is one of a receipt that says failed")
        if self.contradicting_rows < 1 or self.contradiction_seconds < 0:
            raise ValueError("there is at least one contradicting row, and not before the first")
        for name in ("listed_within", "received_within"):
            check_quantiles(name, getattr(self, name))

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        within = {
            name: tuple((float(share), float(seconds)) for share, seconds in fields[name])
            for name in ("listed_within", "received_within")
            if name in fields
        }
        return cls(**{**fields, **within})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def shares(self) -> list[tuple[str, float]]:
        """Return what may become of a message, in the order that the draw goes through."""
        return [
            (NEVER_LISTED, self.never_listed),
            (NEVER_RECEIVED, self.never_received),
            (CONTRADICTED, self.contradicted),
            *sorted(self.failed.items()),
        ]

    def attempts(self, phone_number: str, *, earlier: int, is_bad: bool) -> tuple[Attempt, ...]:
        """Return all rows that a message ever has; `earlier` messages to the number came before."""
        draws = Draws.of(self.seed, phone_number, earlier)
        outcome = BAD_NUMBER if is_bad else self.outcome(draws.outcome)
        listed = seconds_at(self.listed_within, draws.listing)
        received = max(listed, seconds_at(self.received_within, draws.receipt))
        if outcome == CONTRADICTED:
            return self.contradictory(draws.order, listed=listed, received=received)
        status = ENDS.get(outcome, Status.FAILED)
        return (
            Attempt(
                status=status,
                code=outcome,
                listed_seconds=listed if status >= Status.WAITING else inf,
                receipt_seconds=received if status > Status.WAITING else inf,
            ),
        )

    def outcome(self, draw: float) -> str:
        for name, share in self.shares():
            draw -= share
            if draw < 0:
                return name
        return Status.DELIVERED.name

    def contradictory(self, draw: float, *, listed: float, received: float) -> tuple[Attempt, ...]:
        """Return rows of which one says delivered; the first is listed before the others are."""
        delivered = int(draw * (self.contradicting_rows + 1))
        later = received + self.contradiction_seconds
        return tuple(
            Attempt(
                status=Status.DELIVERED if place == delivered else Status.FAILED,
                code=Status.DELIVERED.name if place == delivered else CONTRADICTION,
                listed_seconds=later if place else listed,
                receipt_seconds=later if place else received,
            )
            for place in range(self.contradicting_rows + 1)
        )


ENDS = {
    Status.DELIVERED.name: Status.DELIVERED,
    NEVER_RECEIVED: Status.WAITING,
    NEVER_LISTED: Status.UNLISTED,
}
"""How a message ends, by its outcome; every other outcome is the code of a failure."""


def check_quantiles(name: str, quantiles: Quantiles) -> None:
    shares = [share for share, _ in quantiles]
    seconds = [within for _, within in quantiles]
    rise = shares == sorted(set(shares)) and seconds == sorted(seconds)
    if quantiles and not (rise and min(*shares, *seconds) >= 0 and shares[-1] == 1):
        raise ValueError(f"{name} rises from 0 or more, in shares and in seconds, to the share 1")


def seconds_at(quantiles: Quantiles, draw: float) -> float:
    """Return the seconds that belong to a share, on a straight line between two pairs."""
    below, least = 0.0, 0.0
    for share, most in quantiles:
        if draw < share:
            return least + (most - least) * (draw - below) / (share - below)
        below, least = share, most
    return least

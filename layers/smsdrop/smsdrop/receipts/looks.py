"""When a campaign's receipts are looked up, and how far that is done."""

from dataclasses import dataclass, replace
from typing import Self

MINUTE, HOUR = 60, 3600

LOOKS = (5 * MINUTE, HOUR, 24 * HOUR, 72 * HOUR)
"""
Our choice: how long after the close receipts are looked up.

Most of them are there within a minute; a phone that is off may get its text days later.
"""

AGAIN_SECONDS = 5 * MINUTE
"""Our choice: how long until a provider that cannot be asked is tried again."""

PATIENCE_SECONDS = 24 * HOUR
"""Our choice: for how long the last look waits for a provider that does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCounts:
    """
    The recipients that were sent to, by what is known of them; these four add up to all.

    Those of whom nothing is known are pending until the last look is done, and then have no
    receipt. `as_of` is in seconds since 1970, 0 before the first look.
    """

    delivered: int
    undelivered: int
    pending: int
    no_receipt: int
    as_of: float
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """
    The looks at a campaign's receipts; times are seconds since 1970.

    They count from the first close, at `receipts_from`; 0 while there are none to come.
    `receipts_looked` looks of the schedule are done, and the next step is due at `receipts_at`, 0
    once there is none left. A look that is under way since `receipts_since` brings that number to
    `receipts_look`, and goes on with part `receipts_part`, whose batches begin at `receipts_byte`
    of the plan's; `receipts_delivered` and `receipts_undelivered` count the parts before it.
    `delivered` and `undelivered` count all parts at the end of the latest complete look, at
    `receipts_as_of`. `receipts_problem` is the provider's code if the key pair may not ask.
    """

    receipts_from: float = 0
    receipts_at: float = 0
    receipts_looked: int = 0
    receipts_look: int = 0
    receipts_since: float = 0
    receipts_part: int = 0
    receipts_byte: int = 0
    receipts_delivered: int = 0
    receipts_undelivered: int = 0
    receipts_as_of: float = 0
    receipts_problem: str = ""
    delivered: int = 0
    undelivered: int = 0

    def is_due(self, now: float) -> bool:
        return 0 < self.receipts_at <= now

    @property
    def is_final(self) -> bool:
        return self.receipts_from > 0 and not self.receipts_at

    @property
    def news(self) -> tuple[object, ...]:
        """Return what a report says about them; it is rewritten only if that changes."""
        return self.delivered, self.undelivered, self.is_final, self.receipts_problem

    def counts(self, *, sent: int) -> ReceiptCounts:
        """Return what became of all recipients that were sent to."""
        rest = sent - self.delivered - self.undelivered
        return ReceiptCounts(
            delivered=self.delivered,
            undelivered=self.undelivered,
            pending=0 if self.is_final else rest,
            no_receipt=rest if self.is_final else 0,
            as_of=self.receipts_as_of,
            final=self.is_final,
        )

    def begun(self, *, at: float) -> Self:
        """Return them from the first close on; a later close changes nothing."""
        if self.receipts_from:
            return self
        return replace(self, receipts_from=at, receipts_at=at + LOOKS[0])

    def is_over(self, *, now: float) -> bool:
        """Say whether the look under way stops asking, because the next is due."""
        if not self.receipts_from:  # a look at a canary, ahead of the schedule
            return False
        if self.receipts_look < len(LOOKS):
            return now >= self.receipts_from + LOOKS[self.receipts_look]
        return now >= max(self.receipts_from + LOOKS[-1], self.receipts_since) + PATIENCE_SECONDS

    def under_way(self, *, at: float) -> Self:
        """
        Return them with a look under way.

        One look covers all that are due by now: after days of outage, each is asked about once.
        """
        if self.receipts_look:
            return self
        due = sum(self.receipts_from + each <= at for each in LOOKS)
        return replace(self, receipts_look=max(due, self.receipts_looked + 1), receipts_since=at)

    def went_on(self, *, look: int, part: int, byte: int, delivered: int, undelivered: int) -> Self:
        """Return them once this part is done, with its counts; each part counts once."""
        if (self.receipts_look, self.receipts_part) != (look, part):
            return self
        return replace(
            self,
            receipts_part=part + 1,
            receipts_byte=byte,
            receipts_delivered=self.receipts_delivered + delivered,
            receipts_undelivered=self.receipts_undelivered + undelivered,
        )

    def put_off(self, *, look: int, at: float) -> Self:
        """Return them with the rest of a look left for later."""
        return replace(self, receipts_at=at + AGAIN_SECONDS) if self.receipts_look == look else self

    def ended(self, *, look: int, at: float) -> Self:
        """Return them once a look has gone through all parts."""
        if self.receipts_look != look:
            return self
        return replace(
            self._after(look),
            receipts_as_of=at,
            receipts_problem="",
            delivered=self.receipts_delivered,
            undelivered=self.receipts_undelivered,
        )

    def forbidden(self, *, code: str, look: int) -> Self:
        """Return them after a look that failed because the key pair may not ask."""
        if self.receipts_look != look:
            return self
        return replace(self._after(look), receipts_problem=code)

    def _after(self, look: int) -> Self:
        receipts_at = self.receipts_from + LOOKS[look] if look < len(LOOKS) else 0
        return replace(
            self,
            receipts_at=receipts_at,
            receipts_looked=look,
            receipts_look=0,
            receipts_since=0,
            receipts_part=0,
            receipts_byte=0,
            receipts_delivered=0,
            receipts_undelivered=0,
        )


NO_LOOKS = Looks()

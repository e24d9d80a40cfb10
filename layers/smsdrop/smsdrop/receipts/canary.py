"""What the carriers say about the batches that go ahead of the others, and what follows from it."""

from dataclasses import dataclass, replace
from typing import Self

FIRST_LOOK_SECONDS = 2 * 60
"""Our choice: most receipts are there within a minute."""

PATIENCE_SECONDS = 3600
"""Our choice: how long receipts are waited for before a person has to decide."""

ANSWERED_PERCENT = 80
"""Our choice: how many must be answered; phones that are off must not hold up the rest."""

GOOD, BAD = "good", "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryCounts:
    """The recipients that went ahead; those that the provider refused count as undelivered."""

    tried: int
    delivered: int
    undelivered: int

    def word(self, least_percent: float) -> str:
        """Say whether the rest may follow; nothing as long as too few are answered."""
        answered = self.delivered + self.undelivered
        if not answered or 100 * answered < ANSWERED_PERCENT * self.tried:
            return ""
        return GOOD if 100 * self.delivered >= least_percent * answered else BAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """
    What is known of the batches that go ahead; times are seconds since 1970.

    All of them had ended by `canary_ended_at`; until then nothing is known. Of `canary_tried`
    recipients, `canary_delivered` were delivered and `canary_undelivered` were undelivered, as of
    `canary_as_of`; `canary_word` is the verdict, once enough are answered. `canary_problem` is the
    provider's code if the key pair may not ask. `canary_resumed_by` is a person who has let the
    rest follow, whatever the carriers say.
    """

    canary_ended_at: float = 0
    canary_as_of: float = 0
    canary_tried: int = 0
    canary_delivered: int = 0
    canary_undelivered: int = 0
    canary_word: str = ""
    canary_problem: str = ""
    canary_resumed_by: str = ""

    @property
    def lets_others_follow(self) -> bool:
        return self.canary_word == GOOD or bool(self.canary_resumed_by)

    @property
    def unanswered(self) -> int:
        return self.canary_tried - self.canary_delivered - self.canary_undelivered

    def is_due(self, now: float) -> bool:
        """Say whether its receipts are due to be looked up."""
        since = now - self.canary_ended_at
        is_decided = self.canary_word or self.canary_resumed_by
        return (
            self.canary_ended_at > 0
            and not is_decided
            and FIRST_LOOK_SECONDS <= since < PATIENCE_SECONDS
        )

    def has_failed(self, now: float) -> bool:
        """Say whether the others follow only if a person says so."""
        if not self.canary_ended_at or self.lets_others_follow:
            return False
        return self.canary_word == BAD or now >= self.canary_ended_at + PATIENCE_SECONDS

    def ended(self, *, at: float) -> Self:
        """Return it once every batch that goes ahead has ended; the first time counts."""
        return self if self.canary_ended_at else replace(self, canary_ended_at=at)

    def looked(self, counts: CanaryCounts, *, least_percent: float, at: float) -> Self:
        """Return it after a look; what comes late, or after a decision, changes nothing."""
        if not self.is_due(at):
            return self
        return replace(
            self,
            canary_as_of=at,
            canary_tried=counts.tried,
            canary_delivered=counts.delivered,
            canary_undelivered=counts.undelivered,
            canary_word=counts.word(least_percent),
        )

    def forbidden(self, code: str, *, at: float) -> Self:
        """Return it if the key pair may not ask: then a person decides."""
        if not self.is_due(at):
            return self
        return replace(self, canary_word=BAD, canary_problem=code)

    def resumed(self, by: str) -> Self:
        """Return it once a person lets the others follow."""
        is_over = self.lets_others_follow or not self.canary_ended_at
        return self if is_over else replace(self, canary_resumed_by=by)


NO_CANARY = Canary()

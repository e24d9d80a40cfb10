"""How long a message waits before it comes back."""

from collections.abc import Callable
from dataclasses import dataclass

from smsdrop.ledger.batch_entry import BatchEntry

LONGEST_DELAY_SECONDS = 3600

LEAST_DELAY_SECONDS = 1
"""
Our choice, and the queue counts whole seconds: a message that must wait but comes back at once is
received again until it is a dead letter.
"""

TROUBLE_SECONDS = 8
"""Our choice: the longest that a message waits when its trouble has only begun."""

TROUBLE_SHARE = 0.25
"""Our choice: the longest wait, as a share of the time that the trouble has lasted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """
    The message stays on the queue, and comes back after these seconds.

    `code` is what the provider has answered, if the reason says that in words.
    """

    seconds: float
    reason: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """
    The message is done with, since its batch now has this entry.

    Without an entry the batch is forgotten: it is queued again once its campaign may go on.
    """

    entry: BatchEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferral:
    """`jitter` gives numbers from 0 up to 1."""

    clock: Callable[[], float]
    jitter: Callable[[], float]

    def growing(
        self, reason: str, *, receive_count: int, code: str = "", since: float = 0
    ) -> Deferred:
        """
        Come back after a delay that doubles with each receive, half of it random.

        Not every receive means trouble: trouble that began at `since` adds at most a share of its
        own time, however often the message was received before.
        """
        in_trouble = max(TROUBLE_SECONDS, TROUBLE_SHARE * (self.clock() - since))
        longest = min(LONGEST_DELAY_SECONDS, 2 ** min(receive_count, 12), in_trouble)
        return _deferred(longest * (0.5 + self.jitter() / 2), reason, code)

    def after(self, seconds: float, reason: str) -> Deferred:
        """Come back after this time and up to half as much again, so that not all come at once."""
        return _deferred(max(LEAST_DELAY_SECONDS, seconds) * (1 + self.jitter() / 2), reason)

    def until_settled(self, entry: BatchEntry) -> Deferred:
        """Come back when the provider's word about the attempt can be believed."""
        wait = max(0.0, entry.settle_after - self.clock())
        return _deferred(wait + 5 * self.jitter(), "an attempt is in doubt", entry.code)


def _deferred(seconds: float, reason: str, code: str = "") -> Deferred:
    return Deferred(seconds=max(LEAST_DELAY_SECONDS, seconds), reason=reason, code=code)

"""How long a message waits before it comes back."""

from collections.abc import Callable
from dataclasses import dataclass

from smsdrop.ledger.batch_entry import BatchEntry

LONGEST_DELAY_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """The message stays on the queue, and comes back after these seconds."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferral:
    """`jitter` gives numbers from 0 up to 1."""

    clock: Callable[[], float]
    jitter: Callable[[], float]

    def growing(self, reason: str, *, receive_count: int) -> Deferred:
        """Come back after a delay that doubles with each receive, half of it random."""
        longest = min(LONGEST_DELAY_SECONDS, 2 ** min(receive_count, 12))
        return Deferred(seconds=longest * (0.5 + self.jitter() / 2), reason=reason)

    def until_settled(self, entry: BatchEntry) -> Deferred:
        """Come back when the provider's word about the attempt can be believed."""
        wait = max(0.0, entry.settle_after - self.clock())
        return Deferred(seconds=wait + 5 * self.jitter(), reason="an attempt is in doubt")

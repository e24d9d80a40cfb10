"""
A rate of calls that holds for the whole stack without a shared counter.

Lambda runs at most `MaximumConcurrency` senders at a time, and each takes an equal share of the
rate. The first call of an invocation waits as long as every other, so that it never follows too
soon on the last one of the invocation before, whichever sandbox that ran in.

A call waits twice. It waits for its moment before the claim; but the steps after that take a
varying time, and a sandbox that was frozen does all of them at once when it thaws. So it waits
again just before it leaves, mostly for no time at all, until the last call is an interval past.

What this promises: the calls of a sender leave at least its interval apart, so all senders together
never exceed the rate; on their way calls may still catch up with one another. What it does not:
where fewer senders run than may, because there is little to send, the rest of the rate stays
unused.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

SLOWEST_SHARE = 1 / 32
"""Our choice: throttling never slows a sender down to less than this part of its share."""

RECOVERY = 1.05
"""Our choice: a throttled answer halves the rate; each success raises it by a twentieth."""


@dataclass(slots=True)
class RateLimiter:
    """
    Hands out the moments at which calls may begin, to all threads of a sandbox.

    `sleep` and `clock` go by the same seconds.
    """

    interval_seconds: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    _slowness: float = 1
    _next_at: float = 0
    _last_left_at: float = -inf
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def shared(
        cls,
        calls_per_second: float,
        *,
        senders: int,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> "RateLimiter":
        return cls(interval_seconds=senders / calls_per_second, clock=clock, sleep=sleep)

    def start_invocation(self) -> None:
        """
        Wait from now on: the invocation before may have just called, in another sandbox.

        The clock may have been set back since: what left did so by now at the latest.
        """
        with self._lock:
            now = self.clock()
            self._next_at = now + self._interval
            self._last_left_at = min(self._last_left_at, now)

    def acquire(self, *, deadline: float) -> bool:
        """Wait for the next moment, and say whether there is one before the deadline."""
        with self._lock:
            moment = max(self.clock(), self._next_at)
            if moment >= deadline:
                return False
            self._next_at = moment + self._interval
        self.sleep(max(0.0, moment - self.clock()))
        return True

    def space(self, *, deadline: float) -> bool:
        """Wait until the last call is an interval past, and say if that is by the deadline."""
        with self._lock:
            moment = max(self.clock(), self._last_left_at + self.interval_seconds)
            if moment > deadline:
                return False
            self._last_left_at = moment
        self.sleep(max(0.0, moment - self.clock()))
        return True

    def adapt(self, *, throttled: bool) -> None:
        """Slow down after a throttled answer, and speed up again, below the share, after others."""
        with self._lock:
            slowness = self._slowness * 2 if throttled else self._slowness / RECOVERY
            self._slowness = min(max(1.0, slowness), 1 / SLOWEST_SHARE)

    @property
    def _interval(self) -> float:
        return self.interval_seconds * self._slowness

"""
A rate of calls that holds for the whole stack without anybody keeping count.

Lambda runs at most `MaximumConcurrency` senders at a time, and each takes an equal share of the
rate. Whoever comes first in an invocation waits as long as everybody else, so that a call never
follows too soon on the last one of the invocation before, whichever sandbox that was.

A call waits twice. Long before it, before the claim, it waits for its moment; but what comes then
takes now longer, now shorter, and a sandbox that was frozen does all of it at once when it thaws.
So it waits again just before it leaves, mostly for no time at all, until the last one is an
interval past.

What it promises: each sender's calls leave at least its interval apart, so all of them together
never exceed the rate; on their way they may still catch up with one another. What it does not:
where fewer senders run than may, because there is little to send, the rest of the rate stays
unused.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

SLOWEST_SHARE = 1 / 32
"""Ours: throttling never slows a sender down to less than this part of its share."""

RECOVERY = 1.05
"""Ours: after a throttled answer halves the rate, each success raises it again by a twentieth."""


@dataclass(slots=True)
class Pace:
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
    ) -> "Pace":
        return cls(interval_seconds=senders / calls_per_second, clock=clock, sleep=sleep)

    def begin(self) -> None:
        """Begin an invocation: the one before may have called just now, in another sandbox."""
        with self._lock:
            self._next_at = self.clock() + self._interval

    def wait(self, *, until: float) -> bool:
        """Wait for the next moment, and say whether there is one before this time."""
        with self._lock:
            moment = max(self.clock(), self._next_at)
            if moment >= until:
                return False
            self._next_at = moment + self._interval
        self.sleep(max(0.0, moment - self.clock()))
        return True

    def keep_apart(self, *, until: float) -> bool:
        """Wait for what has delayed the call before this one, and say if that is over by then."""
        with self._lock:
            moment = max(self.clock(), self._last_left_at + self.interval_seconds)
            if moment > until:
                return False
            self._last_left_at = moment
        self.sleep(max(0.0, moment - self.clock()))
        return True

    def heed(self, *, throttled: bool) -> None:
        """Slow down after a throttled answer, and speed up again, below the share, after others."""
        with self._lock:
            slowness = self._slowness * 2 if throttled else self._slowness / RECOVERY
            self._slowness = min(max(1.0, slowness), 1 / SLOWEST_SHARE)

    @property
    def _interval(self) -> float:
        return self.interval_seconds * self._slowness

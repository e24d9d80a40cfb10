"""
A rate of calls that holds for the whole stack without a shared counter.

Lambda runs at most `MaximumConcurrency` senders at a time, and each takes an equal share of the
rate. The first call of an invocation waits as long as every other, so that it never comes too soon
after the last one of the invocation before, whichever sandbox that ran in.

A call waits twice. It waits for its moment before the claim; but the steps after that take a
varying time, and a sandbox that was frozen does all of them at once when it thaws. So it waits
again just before it leaves, mostly for no time at all, until an interval has passed since the last
call.

What this promises: the calls of a sender leave at least its interval apart, so all senders together
never exceed the rate; on their way calls may still catch up with one another. If the rate is below
one call a second for each sender, that holds for every interval and not for every second: the
senders do not know of one another, and all may call in the same one. What it does not promise: if
fewer senders run than may, because there is little to send, the rest of the rate stays unused.

An invocation can only wait for so long: if an interval did not fit into it, each invocation would
wait in vain. So throttling slows a sender down to no less than one call an invocation, and is soon
forgotten; and the template refuses settings whose interval does not fit.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

SLOWEST_SHARE = 1 / 32
"""Our choice: throttling never slows a sender down to less than this part of its share."""

RECOVERY = 1.05
"""Our choice: a throttled answer halves the rate; each success raises it by a twentieth."""

REMEMBERED_SECONDS = 60
"""Our choice: the shortest of the provider's limits go by the second and by the minute."""


@dataclass(slots=True)
class RateLimiter:
    """
    Hands out the moments at which calls may begin, to all threads of a sandbox.

    `sleep` and `clock` go by the same seconds. No interval is longer than the longest, which has to
    fit into an invocation.
    """

    interval_seconds: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    longest_interval_seconds: float = inf
    _slowness: float = 1
    _throttled_at: float = -inf
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
        longest_interval_seconds: float = inf,
    ) -> "RateLimiter":
        return cls(
            interval_seconds=min(senders / calls_per_second, longest_interval_seconds),
            clock=clock,
            sleep=sleep,
            longest_interval_seconds=longest_interval_seconds,
        )

    def start_invocation(self) -> None:
        """
        Wait from now on: the invocation before may have just called, in another sandbox.

        The clock may have been set back since: no earlier event may lie after now.
        """
        with self._lock:
            now = self.clock()
            self._next_at = now + self._interval
            self._last_left_at = min(self._last_left_at, now)
            self._throttled_at = min(self._throttled_at, now)

    def acquire(self, *, deadline: float) -> bool:
        """Wait for the next moment, and say whether there is one before the deadline."""
        with self._lock:
            moment = max(self.clock(), self._next_at)
            if moment >= deadline:
                return False
            self._next_at = moment + self._interval
        self.sleep(max(0.0, moment - self.clock()))
        return True

    def seconds_to_next(self) -> float:
        """Return how long it is until the next moment that is free."""
        return max(0.0, self._next_at - self.clock())

    def space(self, *, deadline: float) -> bool:
        """Wait until an interval after the last call, and say if that is by the deadline."""
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
            before = self._current_slowness
            slowness = before * 2 if throttled else before / RECOVERY
            self._slowness = min(max(1.0, slowness), 1 / SLOWEST_SHARE)
            if throttled:
                self._throttled_at = self.clock()

    @property
    def _interval(self) -> float:
        return min(self.longest_interval_seconds, self.interval_seconds * self._current_slowness)

    @property
    def _current_slowness(self) -> float:
        is_remembered = self.clock() < self._throttled_at + REMEMBERED_SECONDS
        return self._slowness if is_remembered else 1

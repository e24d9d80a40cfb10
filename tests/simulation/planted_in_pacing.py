"""Bugs to plant into `RateLimiter`: the real one with one decision made wrongly."""

from collections.abc import Callable
from math import inf

from smsdrop.sending.rate_limit import RateLimiter


class DoesNotWait(RateLimiter):
    """Lets every call begin, and leave, at once."""

    def acquire(self, *, deadline: float) -> bool:
        return self.clock() < deadline

    def space(self, *, deadline: float) -> bool:
        return self.clock() <= deadline


class WaitsBeforehandAlone(RateLimiter):
    """Assumes that calls leave as far apart as their moments are."""

    def space(self, *, deadline: float) -> bool:
        return self.clock() <= deadline


class ForgetsTheInvocationBefore(RateLimiter):
    """Begins an invocation as if no other sandbox had called just now."""

    def start_invocation(self) -> None:
        pass


class WaitsForever(RateLimiter):
    """Has an interval that is longer than an invocation, and waits for it in each of them."""

    @classmethod
    def shared(
        cls,
        calls_per_second: float,
        *,
        senders: int,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        longest_interval_seconds: float = inf,
    ) -> RateLimiter:
        return super().shared(calls_per_second, senders=senders, clock=clock, sleep=sleep)

"""On what terms a campaign may be sent: what its dropper said, and the law for promotions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from smsdrop.drop_times import minutes_of
from smsdrop.drops import BEIJING

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWindow:
    """
    The hours of each day in Beijing in which calls may begin, in minutes since midnight.

    One that opens later than it closes goes on through midnight.
    """

    opens: int
    closes: int

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read `0900-2000`; raises `ValueError`."""
        opens, closes = map(minutes_of, text.split("-"))
        if opens == closes:
            raise ValueError("it opens when it closes")
        return cls(opens=opens, closes=closes)

    def closing(self, now: float) -> float:
        """Return when it closes next, as seconds since 1970."""
        return _next(self.closes, now)

    def opening(self, now: float) -> float:
        """Return when it opens next; `now` itself if it is open."""
        opens = _next(self.opens, now)
        return now if self.closing(now) <= opens else opens


def _next(minutes: int, now: float) -> float:
    """Return the next moment after now at which so many minutes of a day have passed."""
    at = datetime.fromtimestamp(now, BEIJING)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    moment = midnight + timedelta(minutes=minutes)
    while moment <= at:
        moment += DAY
    while moment - DAY > at:
        moment -= DAY
    return moment.timestamp()


def opening(windows: Iterable[str], at: float) -> float | None:
    """Return when all windows are first open at once, from `at` on; None if they never are."""
    each = [SendWindow.from_text(window) for window in windows]
    for _ in range(2 * len(each) + 1):
        opens_at = max([at, *(window.opening(at) for window in each)])
        if opens_at == at:
            return at
        at = opens_at
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """
    What holds a campaign back, from any source; times are seconds since 1970, 0 is none.

    `windows` must all be open at once, each as `0900-2000`. With `needs_approval` someone other
    than the dropper has to approve it. A test goes only to the stack's test numbers.
    `canary_recipients` go ahead, in the first `canary_batches`; the others follow if at least
    `canary_percent` of those with an answer were delivered.
    """

    start_at: float = 0
    until_at: float = 0
    windows: tuple[str, ...] = ()
    needs_approval: bool = False
    is_test: bool = False
    canary_recipients: int = 0
    canary_batches: int = 0
    canary_percent: float = 0


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """
    Up to which batch a campaign may be called, and until when; 0 means no end.

    `held_for` names what holds it, if anything does.
    """

    upto: int = 0
    closes_at: float = 0
    held_for: str = ""

"""On what terms files are sent in the simulation: their settings, as a person writes them."""

from dataclasses import dataclass, replace
from datetime import datetime

from smsdrop.drops import BEIJING, DROP_PREFIX
from smsdrop.ledger.terms import SendWindow
from tests.simulation.drops import Drop
from tests.simulation.faults import Dice

MINUTE = 60
LATE_START = 3.5 * 3600
"""Later than a campaign may be old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTerms:
    """Times are seconds since 1970, 0 is none; calls begin in no minute outside the window."""

    start_at: float = 0
    until_at: float = 0
    window: str = ""
    needs_approval: bool = False

    def forbid(self, at: float) -> str:
        """Say why no call may begin at a time, or nothing."""
        window = SendWindow.from_text(self.window) if self.window else None
        reasons = {
            "before its start": at < self.start_at,
            "after its end": self.until_at and at >= self.until_at,
            "outside of its window": window is not None and window.opening(at) > at,
        }
        return next((reason for reason, is_so in reasons.items() if is_so), "")


NO_TERMS = DropTerms()


def with_terms(drop: Drop, dice: Dice, now: float) -> tuple[Drop, DropTerms]:
    """Deal a file settings, and return it with the terms that they mean."""
    random = dice.random
    terms = NO_TERMS
    if dice.strikes("to be started later"):
        in_seconds = random.choice((2 * MINUTE, random.randint(2, 40) * MINUTE, LATE_START))
        terms = replace(terms, start_at=_to_the_minute(now + in_seconds))
    if dice.strikes("to be sent until a time"):
        begin = max(now, terms.start_at)
        terms = replace(terms, until_at=_to_the_minute(begin + random.randint(2, 25) * MINUTE))
    if dice.strikes("to be sent in a window"):
        closes = max(now, terms.start_at) + random.randint(0, 10) * MINUTE
        opens = closes + random.randint(1, 30) * MINUTE
        terms = replace(terms, window=f"{_clock(opens)}-{_clock(closes)}")
    if dice.strikes("to be approved"):
        terms = replace(terms, needs_approval=True)
    return replace(drop, key=_with_folders(drop.key, terms)), terms


def _with_folders(key: str, terms: DropTerms) -> str:
    folders = {
        "start": terms.start_at and _moment(terms.start_at),
        "截止": terms.until_at and _moment(terms.until_at),
        "window": terms.window,
        "审批": "是" if terms.needs_approval else "",
    }
    written = "".join(f"{name}={value}/" for name, value in folders.items() if value)
    return DROP_PREFIX + written + key.removeprefix(DROP_PREFIX)


def _to_the_minute(at: float) -> float:
    return at - at % MINUTE


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, BEIJING):%Y-%m-%dT%H%M}"


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, BEIJING):%H%M}"

"""Times as people write them into folder names, and as reports show them: in Beijing time."""

import re
from datetime import UTC, datetime, timedelta

from smsdrop.drops import BEIJING

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR

CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})|([0-9]{2})([0-9]{2})")
DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})")
MOMENT = re.compile(r"(?:(?P<day>[0-9-]+)(?:[Tt]| +))?(?P<clock>[0-9:]+)")
BETWEEN_CLOCKS = re.compile(r" *[-~–—〜至到] *")


def moment_of(text: str, *, after: float) -> float:
    """
    Read `2026-12-01T1000`, `20261201 10:00` and the like, as seconds since 1970.

    `1000` alone is the next such time. Raises `ValueError`.
    """
    written = MOMENT.fullmatch(text)
    if written is None:
        raise ValueError("it is no time")
    minutes = timedelta(minutes=minutes_of(written["clock"]))
    if written["day"]:
        return _seconds_of(_day_of(written["day"]), minutes)
    midnight = datetime.fromtimestamp(after, BEIJING).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    today = _seconds_of(midnight, minutes)
    return today if today >= after else _seconds_of(midnight, minutes + timedelta(days=1))


def window_of(text: str) -> str:
    """Read `09:00-20:00`, `9:00~20:00` and the like as `0900-2000`; raises `ValueError`."""
    opens, closes = (minutes_of(each) for each in BETWEEN_CLOCKS.split(text))
    opens %= MINUTES_PER_DAY
    if opens == closes % MINUTES_PER_DAY:
        raise ValueError("it opens when it closes")
    return f"{clock_text(opens)}-{clock_text(closes)}"


def beijing_text(at: float) -> str:
    """Show a time to the minute; an empty text for none."""
    return f"{datetime.fromtimestamp(at, BEIJING):%Y-%m-%d %H:%M}" if at else ""


def beijing_second(at: float) -> str:
    """Show a time to the second; an empty text for none."""
    return f"{datetime.fromtimestamp(at, BEIJING):%Y-%m-%d %H:%M:%S}" if at else ""


SECOND = {"en": "{} +08:00", "zh": "{}"}
"""How a Beijing time is shown: a reader of English may be elsewhere."""


def local_second(at: float, language: str) -> str:
    """Show a time to the second to a reader of the language; an empty text for none."""
    return SECOND[language].format(beijing_second(at)) if at else ""


def iso_text(at: float) -> str:
    """Write a time for programs, in UTC to the second; an empty text for none."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" if at else ""


def minutes_of(clock: str) -> int:
    """Read a time of day, which ends at 24:00; raises `ValueError`."""
    hours, minutes = _numbers(CLOCK, clock)
    total = hours * MINUTES_PER_HOUR + minutes
    if minutes >= MINUTES_PER_HOUR or total > MINUTES_PER_DAY:
        raise ValueError("the day has no such time")
    return total


def _day_of(text: str) -> datetime:
    year, month, day = _numbers(DAY, text)
    return datetime(year, month, day, tzinfo=BEIJING)


def _numbers(pattern: re.Pattern[str], text: str) -> list[int]:
    written = pattern.fullmatch(text)
    if written is None:
        raise ValueError("it is written otherwise")
    return [int(each) for each in written.groups() if each is not None]


def _seconds_of(day: datetime, since_midnight: timedelta) -> float:
    try:
        return (day + since_midnight).timestamp()
    except OverflowError:
        raise ValueError("the calendar ends before that") from None


def clock_text(minutes: int) -> str:
    """Write minutes since midnight as `0900`."""
    return f"{minutes // MINUTES_PER_HOUR:02d}{minutes % MINUTES_PER_HOUR:02d}"

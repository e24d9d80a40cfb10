"""Dates and times as a section of a format shows them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from smsdrop.files.spreadsheets.formats.languages import DIGITS, Language, has_eras, language_of
from smsdrop.files.spreadsheets.formats.sections import (
    DATE_KINDS,
    CannotBeShown,
    Section,
    Token,
)

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates have no time zone

LAST_SERIAL = 2_958_466
"""The day after 9999-12-31."""

SECONDS = {"h": 3600, "m": 60, "s": 1}

MAX_FRACTION = 3
"""The most decimals of a second that a spreadsheet shows."""

ALIASES = {"y": "yy", "yyy": "yyyy", "e": "yyyy", "ee": "yyyy"}

PARTS: dict[str, Callable[[datetime], object]] = {
    "yy": lambda at: f"{at.year % 100:02}",
    "yyyy": lambda at: at.year,
    "m": lambda at: at.month,
    "mm": lambda at: f"{at.month:02}",
    "d": lambda at: at.day,
    "dd": lambda at: f"{at.day:02}",
    "aaa": lambda at: "一二三四五六日"[at.weekday()],
    "aaaa": lambda at: "星期" + "一二三四五六日"[at.weekday()],
    "h": lambda at: at.hour,
    "hh": lambda at: f"{at.hour:02}",
    "h of 12": lambda at: at.hour % 12 or 12,
    "hh of 12": lambda at: f"{at.hour % 12 or 12:02}",
    "m of hour": lambda at: at.minute,
    "mm of hour": lambda at: f"{at.minute:02}",
    "s": lambda at: at.second,
    "ss": lambda at: f"{at.second:02}",
}

NAMED: dict[str, Callable[[datetime, Language], str]] = {
    "mmm": lambda at, language: language.short_months[at.month - 1],
    "mmmm": lambda at, language: language.months[at.month - 1],
    "mmmmm": lambda at, language: language.months[at.month - 1][:1],
    "ddd": lambda at, language: language.short_days[at.weekday()],
    "dddd": lambda at, language: language.days[at.weekday()],
}

OF_DAYS = frozenset([*NAMED, "yy", "yyyy", "m", "mm", "d", "dd", "aaa", "aaaa"])

NUMBER_KINDS = frozenset(["digit", "exponent", "percent", "general", "text", "unknown"])
"""Pieces that a date's format cannot have."""


def shown_date(serial: float, section: Section) -> str:
    """Raises `CannotBeShown`, also for a date before the first or after the last one."""
    if not 0 <= serial < LAST_SERIAL:
        raise CannotBeShown
    tokens = date_tokens(section)
    digits = max((len(text) - 1 for kind, text in tokens if kind == "fraction"), default=0)
    if digits > MAX_FRACTION:
        raise CannotBeShown
    if serial < 1 and any(kind == "part" and text in OF_DAYS for kind, text in tokens):
        raise CannotBeShown  # Excel shows 1900/1/0: the cell refers to an empty one
    milliseconds = round(serial * 86_400 * 10**digits) * 10 ** (MAX_FRACTION - digits)
    days, rest = divmod(milliseconds, 86_400_000)
    # Its first sixty days are a day late: in a spreadsheet there is a 29 February 1900.
    at = EPOCH + timedelta(days=days + (days < 60), milliseconds=rest)
    language = language_of(section.locale)
    return "".join(
        _in_numerals(_shown(kind, text, at, milliseconds, language), text, section.numerals)
        for kind, text in tokens
    ).strip(" ")


@lru_cache(maxsize=1024)
def date_tokens(section: Section) -> tuple[Token, ...]:
    if section.numerals not in ("", "dbnum1") or not NUMBER_KINDS.isdisjoint(section.kinds):
        raise CannotBeShown
    if "e" in {text.lower()[:1] for _, text in section.tokens} and has_eras(section.locale):
        raise CannotBeShown
    return tuple(_told_apart(section.tokens))


def _told_apart(tokens: Sequence[Token]) -> Iterator[Token]:
    """Tell minutes from months by the hour before or the second after, and 12 hours from 24."""
    halves = any(kind == "half" for kind, _ in tokens)
    names = [text.lower()[:1] if kind in DATE_KINDS - {"half"} else "" for kind, text in tokens]
    for index, (kind, text) in enumerate(tokens):
        if kind != "part":
            yield kind, text
            continue
        name = ALIASES.get(text.lower(), text.lower())
        before = next((each for each in reversed(names[:index]) if each), "")
        after = next((each for each in names[index + 1 :] if each), "")
        if name in ("m", "mm") and (before == "h" or after == "s"):
            name += " of hour"
        if name in ("h", "hh") and halves:
            name += " of 12"
        if name not in PARTS and name not in NAMED:
            raise CannotBeShown
        yield kind, name


def _shown(kind: str, text: str, at: datetime, milliseconds: int, language: Language | None) -> str:
    match kind:
        case "part" if text in PARTS:
            return str(PARTS[text](at))
        case "part" if language:
            return NAMED[text](at, language)
        case "elapsed":
            return f"{milliseconds // 1000 // SECONDS[text[0].lower()]:0{len(text)}}"
        case "half" if language:
            written = language.halves if text.upper() == "AM/PM" else None
            return (written or tuple(text.split("/")))[at.hour >= 12]
        case "fraction":
            return f".{at.microsecond // 1000:03}"[: len(text)]
        case "pad":
            return " "
        case "fill":
            return ""
        case "part" | "half":
            raise CannotBeShown
        case _:
            return text


def _in_numerals(shown: str, part: str, numerals: str) -> str:
    """Write a number in Chinese: a year digit by digit, others as they are read."""
    if not numerals or not shown.isdecimal():
        return shown
    if part in ("yy", "yyyy"):
        return "".join(DIGITS[int(digit)] for digit in shown)
    tens, ones = divmod(int(shown), 10)
    spelled = (DIGITS[tens] if tens > 1 else "") + "十" * (tens > 0)
    return spelled + (DIGITS[ones] if ones or not tens else "")

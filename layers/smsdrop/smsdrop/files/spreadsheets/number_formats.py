"""Numbers and dates of a spreadsheet as text: exact digits, and dates as they are shown."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

BUILT_IN = {
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""Dates whose format a file gives by number alone (ECMA-376, part 1, 18.8.30), as in China."""

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates have no time zone

LAST_SERIAL = 2_958_466
"""The day after 9999-12-31."""

NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")

WHOLE_NUMBER = re.compile(r"-?[0-9]+")

SHOWN_DIGITS = 15
"""A spreadsheet shows no more of a fraction: in it, 0.1 + 0.2 is 0.3."""

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]'
    r"|(?P<general>General|Standard|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<fraction>(?<=s)\.0+)|(?P<part>y+|m+|d+|h+|s+|aaaa?|e+(?![+-]))|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
"""The pieces of a format; other brackets hold colours and the like."""

DATE_TOKENS = ("part", "elapsed")

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

PARTS: dict[str, Callable[[datetime], object]] = {
    "yy": lambda at: f"{at.year % 100:02}",
    "yyyy": lambda at: at.year,
    "m": lambda at: at.month,
    "mm": lambda at: f"{at.month:02}",
    "mmm": lambda at: MONTHS[at.month - 1][:3],
    "mmmm": lambda at: MONTHS[at.month - 1],
    "mmmmm": lambda at: MONTHS[at.month - 1][:1],
    "d": lambda at: at.day,
    "dd": lambda at: f"{at.day:02}",
    "ddd": lambda at: DAYS[at.weekday()][:3],
    "dddd": lambda at: DAYS[at.weekday()],
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

ALIASES = {"y": "yy", "yyy": "yyyy", "e": "yyyy", "ee": "yyyy"}

SECONDS = {"h": 3600, "m": 60, "s": 1}

Token = tuple[str, str]
"""The kind and the text of a piece of a format."""


def as_text(number: str, format_code: str, *, dates_from_1904: bool = False) -> str:
    """
    Write a number cell as the person means it.

    A date is written as its format shows it, any other number as its exact digits; only a format of
    zeros alone adds leading zeros.
    """
    if tokens := date_tokens(format_code):
        serial = float(number) + (1462 if dates_from_1904 else 0)
        return shown_date(serial, tokens) if 0 <= serial < LAST_SERIAL else exact_digits(number)
    digits = exact_digits(number)
    return digits.zfill(len(format_code)) if set(format_code) == {"0"} else digits


def exact_digits(number: str) -> str:
    """Write a number in full: `1.3800138E10` is 13800138000, `1.10000000000000001` is 1.1."""
    if WHOLE_NUMBER.fullmatch(number):
        return number
    value = Decimal(number)
    if value == value.to_integral_value():
        return f"{int(value)}"
    return f"{Decimal(f'{value:.{SHOWN_DIGITS}g}').normalize():f}"


@lru_cache(maxsize=1024)
def date_tokens(format_code: str) -> tuple[Token, ...]:
    """Split the first section of a format into tokens; none if it is not of a date or time."""
    tokens: list[Token] = []
    for match in TOKEN.finditer(format_code):
        if match["other"] == ";":
            break
        if match.lastgroup:
            tokens.append((match.lastgroup, match[match.lastgroup]))
    kinds = {kind for kind, _ in tokens}
    if kinds.isdisjoint(DATE_TOKENS):
        return ()
    return tuple(with_minutes_and_halves(tokens))


def with_minutes_and_halves(tokens: Sequence[Token]) -> Sequence[Token]:
    """Tell minutes from months by the hour before or the second after, and 12 hours from 24."""
    halves = any(kind == "half" for kind, _ in tokens)
    names = [text.lower()[:1] if kind in DATE_TOKENS else "" for kind, text in tokens]
    result = []
    for index, (kind, text) in enumerate(tokens):
        name = ALIASES.get(text.lower(), text.lower())
        before = next((each for each in reversed(names[:index]) if each), "")
        after = next((each for each in names[index + 1 :] if each), "")
        if kind == "part" and name in ("m", "mm") and (before == "h" or after == "s"):
            name += " of hour"
        if kind == "part" and name in ("h", "hh") and halves:
            name += " of 12"
        result.append((kind, name if kind == "part" else text))
    return result


def shown_date(serial: float, tokens: Sequence[Token]) -> str:
    fraction = any(kind == "fraction" for kind, _ in tokens)
    milliseconds = round(serial * 86_400_000) if fraction else round(serial * 86_400) * 1000
    days, rest = divmod(milliseconds, 86_400_000)
    # Its first sixty days are a day late: in a spreadsheet there is a 29 February 1900.
    at = EPOCH + timedelta(days=days + (days < 60), milliseconds=rest)
    return "".join(shown_token(kind, text, at, milliseconds) for kind, text in tokens)


def shown_token(kind: str, text: str, at: datetime, milliseconds: int) -> str:
    if kind == "part":
        return str(PARTS[text](at)) if text in PARTS else ""
    if kind == "elapsed":
        return f"{milliseconds // 1000 // SECONDS[text[0].lower()]:0{len(text)}}"
    if kind == "half":
        return text.split("/")[at.hour >= 12]
    if kind == "fraction":
        return f".{at.microsecond // 1000:03}"[: len(text)].ljust(len(text), "0")
    return text

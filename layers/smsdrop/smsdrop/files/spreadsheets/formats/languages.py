"""The names of months, days and halves of a day, by the locale that a format names."""

from dataclasses import dataclass

from smsdrop.files.spreadsheets.formats.sections import CannotBeShown

GREGORIAN = range(3)
"""Calendars that count as the Gregorian one does."""

USUAL_NUMERALS = range(2)

PRIMARY = 0x3FF
"""The bits of a language without its country."""

CHINESE, ENGLISH = 0x04, 0x09

WITH_ERAS = frozenset([0x404, 0x411, 0x412, 0xC04])
"""Languages in which `e` is the year of an era."""

TRADITIONAL = frozenset([0x404, 0xC04, 0x1404])

TAGS = {"en": 0x409, "zh": 0x804, "zh-tw": 0x404, "zh-hk": 0xC04, "zh-mo": 0x1404, "ja": 0x411}
"""Language tags in newer files; countries that differ have their own entry."""

DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    days: tuple[str, ...]
    """Starting with Monday."""
    short_days: tuple[str, ...]
    halves: tuple[str, str] | None = None
    """The halves of a day, used instead of AM and PM."""


ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

IN_ENGLISH = Language(
    months=ENGLISH_MONTHS,
    short_months=tuple(each[:3] for each in ENGLISH_MONTHS),
    days=ENGLISH_DAYS,
    short_days=tuple(each[:3] for each in ENGLISH_DAYS),
)


def in_chinese(*, week: str) -> Language:
    ordinals = (*DIGITS[1:], "十", "十一", "十二")
    return Language(
        months=tuple(f"{each}月" for each in ordinals),
        short_months=tuple(f"{month}月" for month in range(1, 13)),
        days=tuple(f"星期{day}" for day in "一二三四五六日"),
        short_days=tuple(f"{week}{day}" for day in "一二三四五六日"),
        halves=("上午", "下午"),
    )


def language_of(locale: str) -> Language | None:
    """Return the names to use: English without a locale, None for an unknown language."""
    number = language_number(locale)
    if not locale or number & PRIMARY == ENGLISH:
        return IN_ENGLISH
    if number & PRIMARY == CHINESE:
        return in_chinese(week="週" if number in TRADITIONAL else "周")
    return None


def has_eras(locale: str) -> bool:
    return language_number(locale) in WITH_ERAS


def language_number(locale: str) -> int:
    """
    Return the language of a locale: a tag, or digits with numerals and calendar in front.

    Raises `CannotBeShown` for other numerals and other calendars.
    """
    for tag in (locale.partition(",")[0], locale[:2]):
        if tag in TAGS:
            return TAGS[tag]
    try:
        number = int(locale or "0", 16)
    except ValueError:
        return 0
    if number >> 24 not in USUAL_NUMERALS or number >> 16 & 0xFF not in GREGORIAN:
        raise CannotBeShown
    return number & 0xFFFF

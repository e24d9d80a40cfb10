"""Dates and times in ISO 8601 -> the numbers that spreadsheets hold for them."""

import re
from datetime import date

ISO = re.compile(
    r"(?:(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2}))?T?"
    r"(?:(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2})(?::(?P<seconds>[0-9]{2}(?:\.[0-9]*)?))?)?Z?"
)

DURATION = re.compile(
    r"P(?:(?P<days>[0-9]+)D)?T?(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9.]+)S)?"
)

BEFORE_FIRST = date(1899, 12, 30).toordinal()

LEAP_DAY = 60
"""The serial of 29 February 1900, a day that only spreadsheets have."""


def serial_of(text: str) -> str | None:
    """Return the number that a spreadsheet holds for a date, a time or a duration."""
    match = ISO.fullmatch(text) or DURATION.fullmatch(text)
    if match is None:
        return None
    found = match.groupdict()
    days = float(found.get("days") or 0)
    if found.get("year"):
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"])).toordinal()
        except ValueError:
            return None
        days = day - BEFORE_FIRST - (day - BEFORE_FIRST <= LEAP_DAY)
    hours, minutes, seconds = (float(found[each] or 0) for each in ("hours", "minutes", "seconds"))
    return repr(days + (hours * 3600 + minutes * 60 + seconds) / 86_400)


def iso_format(serial: str) -> str:
    """Return a format for a date that has none: ISO 8601, but without the `T`."""
    value = float(serial)
    if value < 1:
        return "hh:mm:ss"
    return "yyyy-mm-dd" if value == int(value) else "yyyy-mm-dd hh:mm:ss"

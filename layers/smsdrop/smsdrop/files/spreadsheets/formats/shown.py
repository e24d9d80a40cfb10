"""A number cell's value and format -> the text that a person sees."""

import re
from decimal import Decimal
from functools import lru_cache

from smsdrop.files.spreadsheets.formats.dates import shown_date
from smsdrop.files.spreadsheets.formats.fractions import shown_fraction
from smsdrop.files.spreadsheets.formats.numbers import (
    exact_digits,
    places_of,
    rounded,
    shown_number,
)
from smsdrop.files.spreadsheets.formats.sections import CannotBeShown, Section, choose, sections_of

NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")

GENERAL = frozenset(["", "general", "standard", "g/通用格式", "@"])
"""Formats that show a number by its digits."""

FROM_1904 = 1462
"""Days between the epochs of the two kinds of workbook."""


def without_general(code: str) -> str:
    return "" if code.lower() in GENERAL else code


@lru_cache(maxsize=1024)
def compiled(code: str) -> tuple[list[Section], Section | None] | None:
    """Return the sections of a format; None for one that shows digits."""
    return None if code.lower() in GENERAL else sections_of(code)


def as_shown(number: str, code: str, *, dates_from_1904: bool = False) -> str:
    """Write a number as its format shows it; raises `CannotBeShown`."""
    sections = compiled(code)
    if sections is None:
        return exact_digits(number)
    value = Decimal(number)
    section, is_unsigned = choose(sections[0], value)
    if section.is_date:
        return shown_date(float(number) + FROM_1904 * dates_from_1904, section)
    show = shown_fraction if "slash" in section.kinds else shown_number
    return show(value, section, is_unsigned=is_unsigned)


def text_as_shown(text: str, code: str) -> str:
    """Write a text as its format shows it: some put words around it, or hide it."""
    try:
        sections = compiled(code)
    except CannotBeShown:
        return text
    if sections is None or sections[1] is None:
        return text
    pieces = {"text": text, "pad": "", "fill": ""}
    return "".join(pieces.get(kind, piece) for kind, piece in sections[1].tokens)


@lru_cache(maxsize=1024)
def digits_in_scientific(code: str) -> int | None:
    """Return how many digits scientific notation shows, or None for any other format."""
    try:
        sections = compiled(code)
        if sections is None or "exponent" not in sections[0][0].kinds:
            return None
        places = places_of(sections[0][0])
    except CannotBeShown:
        return None
    return len(places.whole) + len(places.decimals)


def significant_digits(number: str) -> int:
    return len(rounded(Decimal(number)).normalize().as_tuple().digits)


def is_zero(text: str) -> bool:
    text = text.strip()
    return NUMBER.fullmatch(text) is not None and float(text) == 0

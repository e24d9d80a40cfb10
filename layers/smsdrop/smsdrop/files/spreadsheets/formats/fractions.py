"""Numbers as fractions: `# ?/?` shows 1.5 as 1 1/2."""

import re
from decimal import Decimal
from fractions import Fraction

from smsdrop.files.spreadsheets.formats.languages import language_number
from smsdrop.files.spreadsheets.formats.sections import LITERALS, CannotBeShown, Section

FRACTION = re.compile(
    r"(?P<before>[^0#?/]*)(?:(?P<whole>[0#?]+) +)?[0#?]+/(?:(?P<places>[0#?]+)|(?P<fixed>[1-9]\d*))"
    r"(?P<after>[^0#?/]*)"
)
"""A section's pieces, put together; literals that look like places for digits do not match."""

MAX_PLACES = 5


def shown_fraction(value: Decimal, section: Section, *, is_unsigned: bool) -> str:
    """Raises `CannotBeShown`."""
    language_number(section.locale)
    match = FRACTION.fullmatch(pattern_of(section))
    if match is None or section.numerals or len(match["places"] or "") > MAX_PLACES:
        raise CannotBeShown
    magnitude = Fraction(abs(value))
    whole = magnitude.numerator // magnitude.denominator if match["whole"] else 0
    top, bottom = nearest(magnitude - whole, len(match["places"] or ""), int(match["fixed"] or 0))
    if match["whole"] and top == bottom:
        whole, top = whole + 1, 0
    pieces = []
    if whole or (match["whole"] and not top):
        pieces.append(str(whole))
    if top or not match["whole"]:
        pieces.append(f"{top}/{bottom}")
    sign = "-" * (value < 0 and not is_unsigned and bool(whole or top))
    return (sign + match["before"] + " ".join(pieces) + match["after"]).strip()


def nearest(value: Fraction, places: int, fixed: int) -> tuple[int, int]:
    """Return numerator and denominator, the latter as given or with no more digits than places."""
    if fixed:
        return int(value * fixed + Fraction(1, 2)), fixed
    close = value.limit_denominator(10**places - 1)
    return close.numerator, close.denominator


def pattern_of(section: Section) -> str:
    """Put the pieces together again."""
    pieces = []
    for kind, text in section.tokens:
        if kind in ("digit", "slash"):
            pieces.append(text)
        elif kind == "pad":
            pieces.append(" ")
        elif kind in LITERALS and (kind == "other" or not re.search(r"[0-9#?/]", text)):
            pieces.append(text)
        elif kind != "fill":
            raise CannotBeShown
    return "".join(pieces)

"""Numbers as a section of a format shows them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from smsdrop.files.spreadsheets.formats.languages import language_number
from smsdrop.files.spreadsheets.formats.sections import (
    LITERALS,
    CannotBeShown,
    Section,
    Token,
)

SHOWN_DIGITS = 15
"""A spreadsheet shows no more digits of a fraction, so that 0.1 + 0.2 is 0.3."""

ROUNDING = Context(prec=SHOWN_DIGITS, rounding=ROUND_HALF_UP)

WHOLE_NUMBER = re.compile(r"-?[0-9]+")

NOT_OF_NUMBERS = frozenset(["slash", "unknown", "fraction"])
"""Pieces that are not literals in a number's format: fractions and unknown pieces."""


def exact_digits(number: str) -> str:
    """Write a number in full: `1.3800138E10` is 13800138000, `1.10000000000000001` is 1.1."""
    if WHOLE_NUMBER.fullmatch(number):
        return number
    value = Decimal(number)
    if value == value.to_integral_value():
        return f"{int(value)}"
    return f"{rounded(value).normalize():f}"


def rounded(value: Decimal) -> Decimal:
    """Round to as many digits as a spreadsheet shows of the number."""
    return ROUNDING.plus(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a section has room for digits."""

    tokens: tuple[Token, ...]
    """Digits left and right of the point are of the kinds `whole` and `decimal`."""
    whole: str
    decimals: str
    exponent: str
    has_groups: bool
    factor: Decimal
    """What the number is multiplied by, for percents and for thousands that are left out."""


@lru_cache(maxsize=1024)
def places_of(section: Section) -> Places:
    """Raises `CannotBeShown`."""
    language_number(section.locale)
    if section.numerals or not NOT_OF_NUMBERS.isdisjoint(section.kinds):
        raise CannotBeShown
    tokens: list[Token] = []
    where, grouping, thousands = "whole", False, 0
    digits = {"whole": "", "decimal": "", "power": ""}
    for index, (kind, text) in enumerate(section.tokens):
        if kind == "digit":
            digits[where] += text
            tokens.append((where, text))
        elif kind == "point" and where == "whole":
            where = "decimal"
            tokens.append((kind, text))
        elif kind == "exponent" and where != "power":
            where = "power"
            tokens.append((kind, text))
        elif kind == "comma" and follows_digit(section.tokens, index):
            is_between = where == "whole" and digit_follows(section.tokens, index)
            grouping, thousands = grouping or is_between, thousands + (not is_between)
        elif kind in ("point", "comma"):
            tokens.append(("other", text))
        else:
            tokens.append((kind, text))
    percents = sum(kind == "percent" for kind, _ in tokens)
    return Places(
        tokens=tuple(tokens),
        whole=digits["whole"],
        decimals=digits["decimal"],
        exponent=digits["power"],
        has_groups=grouping,
        factor=Decimal(1).scaleb(2 * percents - 3 * thousands),
    )


def follows_digit(tokens: Sequence[Token], index: int) -> bool:
    """Whether only commas are between this one and the digit before it."""
    before = (kind for kind, _ in reversed(tokens[:index]) if kind != "comma")
    return next(before, "") == "digit"


def digit_follows(tokens: Sequence[Token], index: int) -> bool:
    for kind, _ in tokens[index + 1 :]:
        if kind in ("point", "exponent"):
            return False
        if kind == "digit":
            return True
    return False


def shown_number(value: Decimal, section: Section, *, is_unsigned: bool) -> str:
    """Raises `CannotBeShown`."""
    places = places_of(section)
    magnitude = abs(rounded(value)) * places.factor
    if places.exponent:
        whole, decimals, power = in_powers(magnitude, places)
    else:
        whole, decimals = split(magnitude, len(places.decimals))
        power = 0
    pieces = {
        "whole": filled_whole(whole, places),
        "decimal": iter(filled_decimals(decimals, places.decimals)),
        "power": filled_power(abs(power), places.exponent),
    }
    shown = "".join(_shown(kind, text, magnitude, power, pieces) for kind, text in places.tokens)
    has_value = bool(whole) or any(map(int, decimals)) or "general" in section.kinds
    return "-" * (value < 0 and not is_unsigned and has_value) + shown.strip()


def split(magnitude: Decimal, decimals: int) -> tuple[str, str]:
    """Return the digits left and right of the point; none on the left for less than one."""
    fixed = magnitude.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{fixed:f}".partition(".")
    return whole.lstrip("0"), fraction


def in_powers(magnitude: Decimal, places: Places) -> tuple[str, str, int]:
    """Return the digits of scientific notation, and the power of ten."""
    width = max(len(places.whole), 1)
    if not magnitude:
        return "", "0" * len(places.decimals), 0
    power = magnitude.adjusted()
    for _ in range(2):  # rounding may give it one more digit
        power -= power % width if width > 1 else 0
        whole, decimals = split(magnitude.scaleb(-power), len(places.decimals))
        if len(whole) <= width:
            break
        power += 1
    return whole, decimals, power


def filled_whole(digits: str, places: Places) -> Iterator[str]:
    """Yield what goes into each place left of the point; surplus digits go into the first."""
    template = places.whole
    surplus = max(len(digits) - len(template), 0)
    padded = [
        digit or {"0": "0", "#": "", "?": " "}[place]
        for digit, place in zip(
            [*[""] * (len(template) - len(digits)), *digits[surplus:]], template, strict=True
        )
    ]
    if padded:
        padded[0] = digits[:surplus] + padded[0]
    after = sum(map(len, padded))
    for piece in padded:
        spelled = ""
        for digit in piece:
            after -= 1
            spelled += digit
            if places.has_groups and after and after % 3 == 0 and digit != " ":
                spelled += ","
        yield spelled


def filled_decimals(digits: str, template: str) -> list[str]:
    """Return what goes into each place right of the point, where trailing zeros may be left out."""
    filled = list(digits)
    for position in reversed(range(len(template))):
        if filled[position] != "0" or template[position] == "0":
            break
        filled[position] = {"#": "", "?": " "}[template[position]]
    return filled


def filled_power(power: int, template: str) -> Iterator[str]:
    digits = str(power).zfill(len(template))
    surplus = len(digits) - len(template)
    for position in range(len(template)):
        yield digits[0 if position == 0 else position + surplus : position + surplus + 1]


def _shown(
    kind: str, text: str, magnitude: Decimal, power: int, pieces: dict[str, Iterator[str]]
) -> str:
    if kind in pieces:
        return next(pieces[kind])
    if kind in LITERALS or kind in ("point", "percent"):
        return text
    match kind:
        case "exponent":
            sign = "-" if power < 0 else "+" * text.endswith("+")
            return "E" + sign
        case "general" | "text":
            return exact_digits(f"{magnitude:f}")
        case "pad":
            return " "
        case "fill":
            return ""
        case _:
            raise CannotBeShown

"""What a sheet's columns are for, and how their cells are written as texts."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from smsdrop.files.spreadsheets.formats.numbers import exact_digits
from smsdrop.files.spreadsheets.formats.sections import CannotBeShown
from smsdrop.files.spreadsheets.formats.shown import (
    as_shown,
    digits_in_scientific,
    significant_digits,
    text_as_shown,
)
from smsdrop.recipients.characters import INVISIBLE, WHITE_SPACE, is_blank
from smsdrop.recipients.header import PARAM, PHONE, role
from smsdrop.recipients.spoiled import UNSHOWN

LONG_NUMBER = re.compile(r"\+?[0-9]{7,}(?:\.0*)?")
"""In the first row: a phone number, so there is no header."""

MAX_DIGITS = 15
"""A spreadsheet keeps this many digits of a number; the others become zeros."""

EXACT_BELOW = Decimal(10) ** MAX_DIGITS

LONG = Decimal(10) ** 6

WITH_POWER = re.compile(r"[-+]?[0-9]+(?:[.,](?P<decimals>[0-9]+))?[eE]\+?[0-9]+")
"""Scientific notation of a number that is not small."""

SHOWN_IN_GENERAL = 5
"""Decimals that Excel shows of a long number whose cell has no format."""

ERRORS = frozenset(
    [
        *("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"),
        *("#SPILL!", "#CALC!", "#GETTING_DATA"),
    ]
)

ERROR = "#N/A"
"""Replaces other errors, which a rule for texts might not recognise."""

FAILED = re.compile(r"#\S+|Err:[0-9]+")
"""What LibreOffice shows where a formula has failed."""


class Columns:
    """
    Writes cells as texts, by the column that they are in.

    The number column is exact digits, whatever its format; everything else is as a person sees it.
    Until the first filled row is known, its cells are taken for names, or for bare numbers.
    """

    def __init__(self) -> None:
        self.are_known = False
        self.width: int | None = None
        """Columns up to the last that has a name; None if no header is found."""
        self._exact: frozenset[int] = frozenset()
        self._sender: frozenset[int] = frozenset()
        self._nameless: frozenset[int] = frozenset()

    def learn(self, row: Sequence[str]) -> None:
        """Take the first row that is not blank as the header, replacing an earlier one."""
        if is_blank(row):
            return
        self.width, self._sender, self._nameless = None, frozenset(), frozenset()
        names = [cell.strip(WHITE_SPACE + INVISIBLE) for cell in row]
        roles = [role(name) for name in names]
        self.are_known = True
        if PHONE not in roles:
            self._exact = frozenset(
                i for i, name in enumerate(names) if LONG_NUMBER.fullmatch(name)
            )
            return
        self.width = max(i for i, name in enumerate(names) if name) + 1
        self._exact = frozenset(i for i, each in enumerate(roles) if each == PHONE)
        self._sender = frozenset(i for i, each in enumerate(roles) if each not in (PHONE, PARAM))
        self._nameless = frozenset(i for i, name in enumerate(names) if not name)

    def is_read(self, column: int) -> bool:
        """Whether cells of the column may be sent."""
        return self.width is None or (column < self.width and column not in self._nameless)

    def number(self, column: int, number: str, code: str, *, dates_from_1904: bool = False) -> str:
        if not self.are_known:
            return as_name(number, code, dates_from_1904=dates_from_1904)
        if column in self._exact:
            return as_phone_number(number, code)
        if column in self._sender:
            return as_code(number, code)
        return as_param(number, code, dates_from_1904=dates_from_1904)

    def number_with_text(self, column: int, number: str, shown: str | None) -> str:
        """Write a number that comes with its shown text; `shown` is None if there is none."""
        if column in self._exact or (not self.are_known and is_long(number)):
            power = WITH_POWER.fullmatch((shown or "").strip())
            return phone_number(number, len(power["decimals"] or "") + 1 if power else None)
        if shown is None:
            return as_param(number, "")
        if column in self._sender:
            return shown if shown.isdecimal() else exact_digits(number)
        return shown.strip(" ") if has_all_digits(number) else in_power(number)

    def text(self, column: int, text: str, code: str) -> str:
        if not self.are_known or column in self._exact or column in self._sender:
            return text
        return text_as_shown(text, code)


def error(text: str) -> str:
    """Write a failed formula's error so that it rejects its row."""
    return text if text in ERRORS else ERROR


@lru_cache(maxsize=4096)
def as_param(number: str, code: str, *, dates_from_1904: bool = False) -> str:
    """Write a number as it is shown; if digits of it are lost, so that it is rejected."""
    if not has_all_digits(number):
        return in_power(number)
    try:
        return as_shown(number, code, dates_from_1904=dates_from_1904)
    except CannotBeShown:
        return UNSHOWN


def as_phone_number(number: str, code: str) -> str:
    return phone_number(number, digits_in_scientific(code))


def phone_number(number: str, digits: int | None) -> str:
    """
    Write the exact digits, or scientific notation if only the digits that it shows are left.

    Excel may have rounded such a number when it saved the file as CSV. `digits` are those that
    scientific notation shows, None for any other format. Five decimals are too few to restore it.
    """
    if digits is not None and significant_digits(number) <= digits and is_long(number):
        return in_power(number)
    return exact_digits(number)


def as_code(number: str, code: str) -> str:
    """Write a sign name or extend code, which may begin with zeros."""
    shown = as_param(number, code)
    return shown if shown.isdecimal() else exact_digits(number)


def as_name(number: str, code: str, *, dates_from_1904: bool) -> str:
    """Write a number of the first row: a column's name, or a phone number under no header."""
    if is_long(number):
        return as_phone_number(number, code)
    return as_param(number, code, dates_from_1904=dates_from_1904)


def in_power(number: str) -> str:
    """Write `1.38E+10`, as Excel shows a long number whose cell has no format."""
    mantissa, _, power = f"{Decimal(number):.{SHOWN_IN_GENERAL}E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{power[0]}{power[1:].zfill(2)}"


def has_all_digits(number: str) -> bool:
    if len(number) <= MAX_DIGITS and number.replace(".", "0", 1).isdecimal():
        return True
    return abs(Decimal(number)) < EXACT_BELOW


def is_long(number: str) -> bool:
    return abs(Decimal(number)) >= LONG

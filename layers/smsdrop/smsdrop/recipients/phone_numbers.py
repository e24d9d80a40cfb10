"""One spelling for a phone number, however the cell spells it."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import compress, count
from operator import ne
from types import ModuleType

from smsdrop.reasons import Reason
from smsdrop.recipients.characters import WHITE_SPACE, plain_table

HYPHENS = "-‐‑‒–—―−"

COMPACT = plain_table(f"{HYPHENS}()")
"""Drops what people put between digits: spaces, all kinds of hyphens, brackets."""

TEXT_MARKS = "='\"‘’`"
"""What Excel and exports put around a number to keep it text: `'138…`, `="138…"`."""

DOMESTIC = re.compile(r"(?:\+?(?:00)?86)?(1[3-9][0-9]{9})(?:\.0*)?")

NORTH_AMERICAN = re.compile(
    r"[-='\"‘’`]*(?:1|\(1\))(?:-*\([0-9]{3}\)[0-9-]*|-+[0-9]{3}-+[0-9]{3}-+[0-9]{4}"
    r"|\.[0-9]{3}\.[0-9]{3}\.[0-9]{4})[-'\"‘’`]*"
)
"""`1-415-555-0101`, `1 (808) 555-0107`: people in China group as in 138-0013-8000."""

SHORTEST_GROUPED = len("1(808)5550107")

GROUPED = plain_table("") | dict.fromkeys(map(ord, WHITE_SPACE + HYPHENS), "-")

MANY_DOMESTIC = re.compile(r"(?:|86|\+86|0086)(1[3-9][0-9]{9})\n|.*\n")
"""The usual spellings of `DOMESTIC`, one per line; written so that the engine never backtracks."""

COMPACT_LINES = {char: to for char, to in COMPACT.items() if char != ord("\n")}

SCIENTIFIC = re.compile(r"([0-9]++)(?:\.([0-9]*+))?[eE]\+?([0-9]{1,3})")

COUNTRY_CODE = re.compile(r"^(?:(?:\+(?:00)?|00)86|86(?=[0-9]{11}$))")

MAX_RESTORED_ZEROS = 3
"""
`1.3800138E10` leaves out three zeros, as some programs do. What Excel shows keeps six digits at
most, so five or more of a number's eleven are lost there.
"""

FAULTS = {
    "phone_missing": r"",
    "phone_digits_lost": r"#+",  # what Excel shows when the column is too narrow
    "phone_several": (
        r".*1[3-9][0-9]{9}.*1[3-9][0-9]{9}.*|.*[0-9]{7}[^0-9]+(?:.*[^0-9])?[0-9]{7}.*"
    ),
    "phone_international": r"(?:\+|00)(?!86)[0-9]{5,}",
    "phone_not_digits": r".*[^0-9+].*|\+*",
    "phone_landline": r"(?!01[3-9][0-9]{9}$)0[1-9][0-9]{8,}",
    "phone_not_mobile": r"[0-9]{11}",
}
"""What is wrong with a number that cannot be read: the first pattern that matches counts."""

FAULT = re.compile("|".join(f"(?P<{code}>{pattern})" for code, pattern in FAULTS.items()))

LONGEST_LOOKED_AT = 64
"""No number is longer, and a cell of a megabyte would keep the patterns busy."""

LANDLINE = 0
"""`PhoneNumberType.FIXED_LINE`; countries that do not distinguish landlines have another type."""


def read_phone_number(cell: str) -> str | Reason:
    """
    Return the 11 digits of a mainland mobile number, or why the cell does not hold one.

    All spellings of one number give the same digits; a cell that has lost digits gives a reason.
    The reason never holds the number.
    """
    if is_canonical(cell):
        return cell
    if is_north_american(cell):
        return Reason("phone_international")
    text = cell.translate(COMPACT).strip(TEXT_MARKS)
    if match := DOMESTIC.fullmatch(text):
        return match[1]
    if match := SCIENTIFIC.fullmatch(text):
        return from_scientific(whole=match[1], decimals=match[2] or "", exponent=int(match[3]))
    return fault(text[:LONGEST_LOOKED_AT])


def read_phone_numbers(cells: Sequence[str]) -> list[str]:
    """
    Return the 11 digits of each cell, or an empty text where only `read_phone_number` can tell.

    One pattern goes over the whole column at once, which takes a fifth of the time.
    """
    numbers = MANY_DOMESTIC.findall("\n".join(cells).translate(COMPACT_LINES) + "\n")
    if len(numbers) != len(cells):
        return [""] * len(cells)
    for index in compress(count(), map(ne, numbers, cells)):
        if numbers[index] and is_north_american(cells[index]):
            numbers[index] = ""
    return numbers


def is_north_american(cell: str) -> bool:
    """Whether the cell groups its digits as only numbers of +1 are grouped."""
    if len(cell) < SHORTEST_GROUPED:
        return False
    return NORTH_AMERICAN.fullmatch(cell.translate(GROUPED)) is not None


def is_canonical(cell: str) -> bool:
    """Nearly every cell is; this takes a third of the time of a pattern."""
    return len(cell) == 11 and "13" <= cell < "2" and cell.isascii() and cell.isdigit()


def from_scientific(*, whole: str, decimals: str, exponent: int) -> str | Reason:
    """Read `whole.decimalsEexponent`, if all its digits are there."""
    zeros = exponent - len(decimals)
    if zeros > MAX_RESTORED_ZEROS:
        return Reason("phone_digits_lost")
    if zeros >= 0:
        return read_phone_number(whole + decimals + "0" * zeros)
    return read_phone_number(f"{whole}{decimals[:exponent]}.{decimals[exponent:]}")


def lacks_digits(cell: str) -> bool:
    """Whether the cell is in scientific notation with fewer digits than the number has."""
    if cell.isascii() and "E" not in cell and "e" not in cell:
        return False
    match = SCIENTIFIC.fullmatch(cell.translate(COMPACT).strip(TEXT_MARKS))
    return match is not None and int(match[3]) > len(match[2] or "")


def fault(text: str) -> Reason:
    digits = COUNTRY_CODE.sub("", text)
    match = FAULT.fullmatch(digits)
    if match and match.lastgroup:
        return Reason(match.lastgroup)
    return Reason("phone_length", (str(len(digits.lstrip("+"))),))


def read_international_number(cell: str) -> str | Reason:
    """
    Return country code and number, digits only, of a cell that begins with `+` or `00`.

    Landlines, and numbers that no phone of that country can have, give a reason; it never holds
    the number.
    """
    library = phonenumbers()
    digits = cell.translate(COMPACT).strip(TEXT_MARKS).lstrip("+").removeprefix("00")
    try:
        number = library.parse(f"+{digits}")
    except library.NumberParseException:
        return Reason("phone_international_wrong")
    if not library.is_valid_number(number):
        return Reason("phone_international_wrong")
    if library.number_type(number) == LANDLINE:
        return Reason("phone_landline")
    return f"{number.country_code}{library.national_significant_number(number)}"


@cache
def phonenumbers() -> ModuleType:
    """Load the library only if a file needs it: that takes a tenth of a second."""
    import phonenumbers

    return phonenumbers

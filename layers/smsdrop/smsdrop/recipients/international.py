"""Numbers outside mainland China, as `SendBatchSms` takes them: country code and number."""

from functools import cache
from types import ModuleType

from smsdrop.reasons import Reason
from smsdrop.recipients.phone_numbers import COMPACT, TEXT_MARKS


@cache
def phonenumbers() -> ModuleType:
    """The library costs a tenth of a second to load, which few files are worth."""
    import phonenumbers

    return phonenumbers


LANDLINE = 0
"""`PhoneNumberType.FIXED_LINE`; where a country does not tell them apart it is another."""


def read_international_number(cell: str) -> str | Reason:
    """
    Return country code and number, digits only, of a cell that begins with `+` or `00`.

    Numbers that no phone of that country can have, and landlines, give a reason; it never holds
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

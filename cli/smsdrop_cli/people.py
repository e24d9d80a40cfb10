"""A person, named to a command by a phone number in any usual spelling."""

from dataclasses import dataclass

from smsdrop.reasons import Reason
from smsdrop.recipients.phone_numbers import read_international_number, read_phone_number
from smsdrop_cli.deployment.failures import CannotBeDone

ABROAD = "phone_international"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`digits` are those to dial, for numbers abroad from the country code on."""

    digits: str
    is_abroad: bool = False

    @property
    def spelled(self) -> str:
        """Return the number in a spelling that means the same everywhere."""
        return f"+{self.digits}" if self.is_abroad else self.digits


def person_of(text: str, *, language: str) -> Person:
    """Raises `CannotBeDone` for what is not a number; its text never quotes it."""
    number = read_phone_number(text)
    is_abroad = isinstance(number, Reason) and number.code == ABROAD
    if is_abroad:
        number = read_international_number(text)
    if isinstance(number, Reason):
        raise CannotBeDone(number.text(language))
    return Person(digits=number, is_abroad=is_abroad)

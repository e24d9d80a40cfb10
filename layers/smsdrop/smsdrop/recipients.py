"""Those who can be texted: one of them, or many column by column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A row that can be sent to."""

    phone_number: str
    """Canonical: eleven digits, or country code and number."""
    sign_name: str
    extend_code: str
    """Empty when the row has none."""
    params: tuple[str, ...]
    """Exactly as in the file, in the header's order."""
    is_international: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Recipients in the file's order; all columns are equally long."""

    phone_numbers: Sequence[str]
    sign_names: Sequence[str]
    extend_codes: Sequence[str]
    params: Sequence[Sequence[str]]
    """A column for each param."""
    longest: int
    """No one's params have more characters than this."""
    is_international: bool = False

    @classmethod
    def of(cls, recipient: Recipient) -> Self:
        return cls(
            phone_numbers=[recipient.phone_number],
            sign_names=[recipient.sign_name],
            extend_codes=[recipient.extend_code],
            params=[[param] for param in recipient.params],
            longest=sum(map(len, recipient.params)),
            is_international=recipient.is_international,
        )

    def __len__(self) -> int:
        return len(self.phone_numbers)

    def part(self, start: int, stop: int) -> Self:
        return type(self)(
            phone_numbers=self.phone_numbers[start:stop],
            sign_names=self.sign_names[start:stop],
            extend_codes=self.extend_codes[start:stop],
            params=[column[start:stop] for column in self.params],
            longest=self.longest,
            is_international=self.is_international,
        )

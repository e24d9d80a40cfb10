"""Those who can be texted: one of them, or many row by row, as a queue message holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from smsdrop.recipients.layout import Columns, Layout, texts_of_rows


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
    """Recipients in the file's order."""

    layout: Layout
    rows: Sequence[bytes]
    """Each as it stands in a message; see `Layout.rows`."""
    sign_name: str = ""
    """Of all, unless there are `sign_names`."""
    sign_names: Sequence[str] = ()
    """As many as rows, or none when all have the same."""
    extend_codes: Sequence[str] = ()
    """As many as rows, or none when nobody has one."""
    is_international: bool = False

    @classmethod
    def of(cls, recipient: Recipient, layout: Layout) -> Self:
        return cls(
            layout=layout,
            rows=layout.rows([recipient.phone_number], [[param] for param in recipient.params]),
            sign_names=[recipient.sign_name],
            extend_codes=[recipient.extend_code],
            is_international=recipient.is_international,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def columns(self) -> tuple[Sequence[str], Columns]:
        """Return the phone numbers, and a column for each param."""
        return self.layout.columns(texts_of_rows(self.rows))

    def part(self, start: int, stop: int) -> Self:
        return type(self)(
            layout=self.layout,
            rows=self.rows[start:stop],
            sign_name=self.sign_name,
            sign_names=self.sign_names[start:stop],
            extend_codes=self.extend_codes[start:stop],
            is_international=self.is_international,
        )


class Duplicate(NamedTuple):
    """A row whose number the first row already has."""

    first_row: int

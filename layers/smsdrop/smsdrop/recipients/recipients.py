"""Recipients of one file, row by row, as a queue message holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from smsdrop.recipients.layout import Columns, Layout, texts_of_rows
from smsdrop.recipients.sign_names import SignNames


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Recipients in the file's order."""

    layout: Layout
    rows: Sequence[bytes]
    """Each as it stands in a message; see `Layout.rows`."""
    sign_names: SignNames
    extend_codes: Sequence[str] = ()
    """As many as rows, or none if no row has one."""
    is_international: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def columns(self) -> tuple[Sequence[str], Columns]:
        """Return the phone numbers, and a column for each param."""
        return self.layout.columns(texts_of_rows(self.rows))

    def part(self, part: slice) -> Self:
        return type(self)(
            layout=self.layout,
            rows=self.rows[part],
            sign_names=self.sign_names.part(part),
            extend_codes=self.extend_codes[part],
            is_international=self.is_international,
        )

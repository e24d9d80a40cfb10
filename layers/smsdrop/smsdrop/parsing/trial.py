"""What a test sends: the texts of a file's first rows, to the stack's own numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from smsdrop.batches.first_texts import FIRST_TEXTS
from smsdrop.batches.plan import JUDGED_ONLY
from smsdrop.recipients.blocks import RowBlock
from smsdrop.recipients.header import Header
from smsdrop.recipients.recipients import Recipients
from smsdrop.recipients.sign_names import SignNames


@dataclass(slots=True, kw_only=True)
class Trial:
    """Keeps the first rows with mainland numbers; of all others, only that they were judged."""

    header: Header
    numbers: tuple[str, ...] = field(repr=False)
    _first: list[Recipients] = field(default_factory=list)

    def add(self, recipients: Recipients) -> list[tuple[int, int]]:
        """Take recipients of the file; return what stands in the plan for their batches."""
        if not recipients:
            return []
        if not recipients.is_international:
            some = recipients.part(slice(FIRST_TEXTS - len(self._first)))
            self._first += [some.part(slice(at, at + 1)) for at in range(len(some))]
        return [(JUDGED_ONLY, len(recipients))]

    def messages(self) -> Iterator[Recipients]:
        """Yield for each row all test numbers, with the row's params, sign name and extend code."""
        count = len(self.numbers)
        for row in self._first:
            _, params = row.columns()
            yield replace(
                row,
                rows=row.layout.rows(self.numbers, [[*column] * count for column in params]),
                sign_names=SignNames(
                    shared=row.sign_names.shared, each=(*row.sign_names.each,) * count
                ),
                extend_codes=(*row.extend_codes,) * count,
            )

    def block(self, messages: Sequence[Recipients], *, first_row: int) -> RowBlock:
        """Return them as rows in the user's own columns; the other columns stay empty."""
        return RowBlock(first_row, [row for each in messages for row in self._rows(each)])

    def _rows(self, recipients: Recipients) -> Iterator[list[str]]:
        numbers, params = recipients.columns()
        sign_names = recipients.sign_names.of_rows(len(recipients))
        for at, number in enumerate(numbers):
            cells = [""] * len(self.header.columns)
            for (position, _), column in zip(self.header.params, params, strict=True):
                cells[position] = column[at]
            if self.header.sign_name is not None:
                cells[self.header.sign_name] = sign_names[at]
            if self.header.extend_code is not None and recipients.extend_codes:
                cells[self.header.extend_code] = recipients.extend_codes[at]
            cells[self.header.phone] = number
            yield cells

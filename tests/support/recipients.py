"""What becomes of single rows, for tests that look at one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block
from smsdrop.recipients.layout import Layout
from smsdrop.recipients.recipients import Recipients
from smsdrop.recipients.sign_names import SignNames
from smsdrop.validation.validator import RowValidator
from smsdrop.validation.verdicts import Verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A row that can be sent to."""

    phone_number: str
    sign_name: str
    extend_code: str
    params: tuple[str, ...]
    is_international: bool = False

    def alone(self, layout: Layout) -> Recipients:
        return Recipients(
            layout=layout,
            rows=layout.rows([self.phone_number], [[param] for param in self.params]),
            sign_names=SignNames(each=[self.sign_name]),
            extend_codes=[self.extend_code],
            is_international=self.is_international,
        )


class Duplicate(NamedTuple):
    """A row whose number the first row already has."""

    first_row: int


Outcome: TypeAlias = Recipient | Duplicate | Reason | None
"""Of one row: accepted, duplicate, rejected for this reason, or blank, or held back so far."""


def outcome_of(validator: RowValidator, row: int, cells: Sequence[str]) -> Outcome:
    """Validate one row."""
    [outcome] = outcomes_of(validator.validate(Block(row, [[cell] for cell in cells or [""]])), 1)
    return outcome


def outcomes_of(verdicts: Verdicts, rows: int) -> list[Outcome]:
    """Return what becomes of each of so many rows, each of which has one verdict."""
    outcomes: dict[int, Outcome] = {
        **dict.fromkeys([*verdicts.blank, *verdicts.held]),
        **verdicts.rejected,
        **{index: Duplicate(first_row) for index, first_row in verdicts.duplicates.items()},
        **dict(
            zip(verdicts.international_rows, each_of(verdicts.international), strict=True),
        ),
    }
    others = (verdicts.rejected, verdicts.duplicates, verdicts.international_rows)
    assert not verdicts.suppressed
    assert len(outcomes) == sum(map(len, [verdicts.blank, verdicts.held, *others]))
    domestic = [index for index in range(rows) if index not in outcomes]
    outcomes |= zip(domestic, each_of(verdicts.domestic), strict=True)
    return [outcomes[index] for index in range(rows)]


def each_of(recipients: Recipients) -> Iterator[Recipient]:
    if not recipients:
        return
    phone_numbers, params = recipients.columns()
    sign_names = recipients.sign_names.of_rows(len(recipients))
    for index in range(len(recipients)):
        yield Recipient(
            phone_number=phone_numbers[index],
            sign_name=sign_names[index],
            extend_code=recipients.extend_codes[index] if recipients.extend_codes else "",
            params=tuple(column[index] for column in params),
            is_international=recipients.is_international,
        )

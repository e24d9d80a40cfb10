"""What becomes of each row: it is accepted, a duplicate, rejected or blank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress, count
from operator import not_
from typing import Self, TypeVar

from smsdrop.json_text import contents_of_strings
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block, TextBlock
from smsdrop.recipients.characters import is_blank
from smsdrop.recipients.header import Header, column_letters
from smsdrop.recipients.layout import Columns
from smsdrop.recipients.phone_numbers import (
    read_international_number,
    read_phone_number,
    read_phone_numbers,
)
from smsdrop.recipients.recipients import Recipients
from smsdrop.recipients.sign_names import SignNames
from smsdrop.validation.fast_path import FastPath
from smsdrop.validation.had_messages import HadMessages
from smsdrop.validation.param_rules import TemplateRules
from smsdrop.validation.params import Params
from smsdrop.validation.seen_numbers import NO_NUMBER, SeenNumbers
from smsdrop.validation.sender_columns import SenderColumns

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What becomes of a block's rows, by index; those that no other field has are `domestic`."""

    domestic: Recipients
    international: Recipients
    international_rows: Sequence[int]
    """The index of each of `international`."""
    duplicates: Mapping[int, int]
    """The row that had the number first."""
    had: Mapping[int, str]
    """The campaign that this very message was in."""
    rejected: Mapping[int, Reason]
    blank: Sequence[int]


@dataclass(slots=True)
class _Others:
    """The rows of a block that are no domestic recipients, by index, as they are found."""

    international: dict[int, str] = field(default_factory=dict)
    """The number of each that is accepted."""
    duplicates: dict[int, int] = field(default_factory=dict)
    had: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, Reason] = field(default_factory=dict)
    blank: list[int] = field(default_factory=list)

    def last_first(self) -> list[int]:
        found = (self.international, self.duplicates, self.had, self.rejected, self.blank)
        return sorted(chain.from_iterable(found), reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowsRead:
    """What was read of a block's rows; by index, why some cannot be sent to."""

    numbers: list[bytes]
    """Empty where there is no mainland number."""
    rows: list[bytes]
    """As they are sent; undefined for rows that cannot be sent to."""
    sign_names: Sequence[str] = ()
    extend_codes: Sequence[str] = ()
    """One for each row, or none, as in `SignNames.each` and in `Recipients`."""
    no_numbers: dict[int, Reason] = field(default_factory=dict)
    surplus: dict[int, Reason] = field(default_factory=dict)
    faults: dict[int, Reason] = field(default_factory=dict)
    """Beside those of the number; a surplus is among them."""

    def correct(self, places: Sequence[int], closer: Self) -> None:
        """Put in what a closer look at some rows has given, none of which has a surplus."""
        for place, number, row in zip(places, closer.numbers, closer.rows, strict=True):
            self.numbers[place] = number
            self.rows[place] = row
        for place, reason in closer.no_numbers.items():
            self.no_numbers[places[place]] = reason
        for place, reason in closer.faults.items():
            self.faults[places[place]] = reason


class RowValidator:
    """
    Validates the rows of one file, in order, each once.

    A number that an earlier row was accepted with makes a duplicate, whatever else is wrong with
    the row: corrected and dropped again, it would text that person twice. A rejected row does not
    count as the first; one whose very message an earlier campaign had, does.
    """

    def __init__(
        self,
        header: Header,
        *,
        default_sign_name: str = "",
        allow_empty_params: bool = False,
        international: bool = False,
        template_rules: TemplateRules | None = None,
        expected_rows: int = 0,
        had: HadMessages | None = None,
    ) -> None:
        self._header = header
        self._had = had
        self._width = len(header.columns)
        self._layout = header.layout
        self._fast_path = FastPath(header, allow_empty=allow_empty_params, rules=template_rules)
        self._params = Params(header.params, allow_empty=allow_empty_params, rules=template_rules)
        self._sender = SenderColumns(header, default_sign_name=default_sign_name)
        self._default_sign_name = default_sign_name
        self._international = international
        self._seen = SeenNumbers(expected_rows)
        self._seen_abroad: dict[str, int] = {}
        """Apart from the others: some numbers of +1 look like mainland ones."""
        self._ignored = dict.fromkeys(header.nameless, 0)

    def problems(self) -> list[Reason]:
        """Return what a person should hear of the rows so far, though it rejects none."""
        return [
            Reason("nameless_column", (column_letters(position), str(count)))
            for position, count in self._ignored.items()
            if count
        ]

    def validate(self, block: Block) -> Verdicts:
        if block.fault:
            others = _Others(rejected=dict.fromkeys(range(len(block)), block.fault))
            return self._verdicts(block, _RowsRead(numbers=[], rows=[b""] * len(block)), others)
        self._count_ignored(block)
        reading = self._read(block)
        others = self._without_number(block, reading)
        numbers = list(reading.numbers)
        for index in reading.no_numbers.keys() | reading.faults.keys():
            numbers[index] = NO_NUMBER
        for row, first_row in self._seen.add_all(numbers, block.first_row).items():
            others.duplicates[row - block.first_row] = first_row
        for index in reading.faults.keys() - reading.no_numbers.keys():
            first = self._seen.first_row(reading.numbers[index])
            if first is not None and first < block.first_row + index:
                others.duplicates[index] = first
            else:
                others.rejected[index] = reading.faults[index]
        if self._had is not None:
            self._set_had_apart(self._had, block, reading, others)
        return self._verdicts(block, reading, others)

    def _set_had_apart(
        self, had: HadMessages, block: Block, reading: _RowsRead, others: _Others
    ) -> None:
        """Find the rows, of those that would be accepted, whose message was sent before."""
        found = had.find(reading.rows, sign_names=reading.sign_names, is_international=False)
        if found:
            left_out = set(others.last_first())
            others.had |= {index: each for index, each in found.items() if index not in left_out}
        abroad = list(others.international)
        found = had.find(
            self._rows_abroad(block, others.international),
            sign_names=some(abroad, reading.sign_names),
            is_international=True,
        )
        for place, campaign_id in found.items():
            others.had[abroad[place]] = campaign_id
            del others.international[abroad[place]]

    def _verdicts(self, block: Block, reading: _RowsRead, others: _Others) -> Verdicts:
        left_out = others.last_first()
        abroad = list(others.international)
        return Verdicts(
            domestic=self._recipients(
                rows=without(left_out, reading.rows),
                sign_names=without(left_out, reading.sign_names),
                extend_codes=without(left_out, reading.extend_codes),
            ),
            international=self._recipients(
                rows=self._rows_abroad(block, others.international),
                sign_names=some(abroad, reading.sign_names),
                extend_codes=some(abroad, reading.extend_codes),
                is_international=True,
            ),
            international_rows=abroad,
            duplicates=others.duplicates,
            had=others.had,
            rejected=others.rejected,
            blank=others.blank,
        )

    def _recipients(
        self,
        rows: Sequence[bytes],
        sign_names: Sequence[str],
        extend_codes: Sequence[str],
        *,
        is_international: bool = False,
    ) -> Recipients:
        return Recipients(
            layout=self._layout,
            rows=rows,
            sign_names=SignNames(shared=self._default_sign_name, each=sign_names),
            extend_codes=extend_codes,
            is_international=is_international,
        )

    def _read(self, block: Block) -> _RowsRead:
        """Read the rows, and look closer only at those that cannot be sent as they stand."""
        found = None
        if isinstance(block, TextBlock) and self._default_sign_name:
            found = self._fast_path.read(block)
        if found is None:
            return self._read_closer(block.columns)
        reading = _RowsRead(numbers=found.numbers, rows=found.rows)
        if found.unclear:
            reading.correct(found.unclear, self._read_closer(block.some(found.unclear)))
        return reading

    def _read_closer(self, columns: Columns) -> _RowsRead:
        width, rows = len(columns), len(columns[0])
        surplus = self._surplus(columns)
        columns = [*columns[: self._width], *[[""] * rows] * (self._width - width)]
        numbers, no_numbers = read_numbers(columns[self._header.phone])
        sign_names, sign_name_faults = self._sender.sign_names(columns)
        extend_codes, extend_code_faults = self._sender.extend_codes(columns)
        params = self._params.of_columns(columns)
        missing = self._params.missing(width)
        return _RowsRead(
            numbers=contents_of_strings(numbers),
            rows=self._layout.rows(numbers, params),
            sign_names=sign_names,
            extend_codes=extend_codes,
            no_numbers=no_numbers,
            surplus=surplus,
            faults={  # of several, the last one counts
                **extend_code_faults,
                **sign_name_faults,
                **self._params.faults(params),
                **(dict.fromkeys(range(rows), missing) if missing else {}),
                **surplus,
            },
        )

    def _without_number(self, block: Block, reading: _RowsRead) -> _Others:
        """Find out about the rows that have no mainland number."""
        others = _Others()
        for index, reason in reading.no_numbers.items():
            cells = block.cells(index)
            if reason.code == "phone_international" and self._international:
                number = read_international_number(cells[self._header.phone])
                self._take_abroad(block.first_row + index, index, number, reading, others)
            elif is_blank(cells):
                others.blank.append(index)
            else:
                others.rejected[index] = reading.surplus.get(index, reason)
        return others

    def _take_abroad(
        self, row: int, index: int, number: str | Reason, reading: _RowsRead, others: _Others
    ) -> None:
        if isinstance(number, Reason):
            others.rejected[index] = reading.surplus.get(index, number)
        elif number in self._seen_abroad:
            others.duplicates[index] = self._seen_abroad[number]
        elif index in reading.faults:
            others.rejected[index] = reading.faults[index]
        else:
            self._seen_abroad[number] = row
            others.international[index] = number

    def _rows_abroad(self, block: Block, numbers: Mapping[int, str]) -> list[bytes]:
        if not numbers:
            return []
        params = self._params.of_columns(block.some(list(numbers)))
        return self._layout.rows(list(numbers.values()), params)

    def _surplus(self, columns: Columns) -> dict[int, Reason]:
        """Find rows with a stray separator: it shifts values, so none of them can be trusted."""
        reason = Reason("cells_surplus", (str(len(columns)), str(self._width)))
        return {
            index: reason
            for index, surplus in enumerate(zip(*columns[self._width :], strict=True))
            if not is_blank(surplus)
        }

    def _count_ignored(self, block: Block) -> None:
        for position in self._ignored:
            column = block.columns[position] if position < len(block.columns) else ()
            self._ignored[position] += sum(not is_blank([cell]) for cell in column)


def read_numbers(cells: Sequence[str]) -> tuple[list[str], dict[int, Reason]]:
    """Read a column of phone numbers; return, by index, why some cells hold none."""
    numbers = read_phone_numbers(cells)
    reasons: dict[int, Reason] = {}
    for index in list(compress(count(), map(not_, numbers))):
        number = read_phone_number(cells[index])
        if isinstance(number, Reason):
            reasons[index] = number
        else:
            numbers[index] = number
    return numbers, reasons


def without(last_first: Sequence[int], column: Sequence[T]) -> list[T]:
    """Return a column without some rows, of which the last comes first; an empty one stays so."""
    kept = list(column)
    if kept:
        for index in last_first:
            del kept[index]
    return kept


def some(indexes: Sequence[int], column: Sequence[T]) -> list[T]:
    """Return some rows of a column; an empty one stays so."""
    return [column[index] for index in indexes] if column else []

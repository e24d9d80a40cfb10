"""What becomes of each row: a recipient, a duplicate, a rejected row or a blank one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import compress, count
from operator import not_
from typing import Self, TypeAlias, TypeVar

from smsdrop.json_text import contents_of_strings
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block, TextBlock
from smsdrop.recipients.characters import UNSENDABLE, is_blank
from smsdrop.recipients.header import Header, column_letters
from smsdrop.recipients.layout import Columns
from smsdrop.recipients.phone_numbers import (
    read_international_number,
    read_phone_number,
    read_phone_numbers,
)
from smsdrop.recipients.recipient import Duplicate, Recipient, Recipients
from smsdrop.validation.fast_path import FastPath
from smsdrop.validation.param_rules import ParamRules
from smsdrop.validation.params import Params
from smsdrop.validation.seen_numbers import NO_NUMBER, SeenNumbers

EXTEND_CODE = re.compile(r"[0-9]{0,7}")
"""SendBatchSms takes no longer SmsUpExtendCode; an empty cell means none."""

LINE_BREAK_OR_TAB = re.compile(r"[\t\r\n]")

MAX_SIGN_NAME = 100
"""Ours: many times what is approved; a hundred that are longer would outgrow an SQS message."""

T = TypeVar("T")

Outcome: TypeAlias = Recipient | Duplicate | Reason | None
"""Of one row: accepted, duplicate, rejected for this reason, or blank."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A block's rows: those that can be sent to, and by index what became of the others."""

    recipients: Recipients
    """In the block's order; those abroad are among the others."""
    others: dict[int, Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowsRead:
    """What was read of a block's rows; by index, why some cannot be sent to."""

    numbers: list[bytes]
    """Empty where there is none of the mainland."""
    rows: list[bytes]
    """As they are sent; of those that cannot be sent to, whatever came out."""
    sign_names: Sequence[str] = ()
    extend_codes: Sequence[str] = ()
    """One for each row, or none, as in `Recipients`."""
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
    Judges the rows of one file, in order, each once.

    A number that an earlier row was accepted with makes a duplicate, whatever else is wrong with
    the row: mended and dropped again, it would text that person twice. A rejected row does not
    count as the first.
    """

    def __init__(
        self,
        header: Header,
        *,
        default_sign_name: str = "",
        allow_empty_params: bool = False,
        international: bool = False,
        param_rules: ParamRules | None = None,
        expected_rows: int = 0,
    ) -> None:
        self._header = header
        self._width = len(header.columns)
        self._layout = header.layout
        self._fast_path = FastPath(header, allow_empty=allow_empty_params, rules=param_rules)
        self._params = Params(header.params, allow_empty=allow_empty_params, rules=param_rules)
        self._default_sign_name = default_sign_name
        self._international = international
        self._seen = SeenNumbers(expected_rows)
        self._seen_abroad: dict[str, int] = {}
        self._ignored = dict.fromkeys(header.nameless, 0)

    def problems(self) -> list[Reason]:
        """What a person should hear of the rows judged so far, though it rejects none."""
        return [
            Reason("nameless_column", (column_letters(position), str(count)))
            for position, count in self._ignored.items()
            if count
        ]

    def validate(self, block: Block) -> Verdicts:
        """Say what becomes of each row."""
        if block.fault:
            return Verdicts(self._recipients(), dict.fromkeys(range(len(block)), block.fault))
        self._count_ignored(block)
        reading = self._read(block)
        others = self._without_number(block, reading)
        numbers = list(reading.numbers)
        for index in others.keys() | reading.faults.keys():
            numbers[index] = NO_NUMBER
        for row, first_row in self._seen.add_all(numbers, block.first_row).items():
            others[row - block.first_row] = Duplicate(first_row)
        for index in reading.faults.keys() - others.keys():
            first = self._seen.first_row(reading.numbers[index])
            if first is not None and first < block.first_row + index:
                others[index] = Duplicate(first)
            else:
                others[index] = reading.faults[index]
        gone = sorted(others, reverse=True)
        recipients = self._recipients(
            rows=without(gone, reading.rows),
            sign_names=without(gone, reading.sign_names) if reading.sign_names else (),
            extend_codes=without(gone, reading.extend_codes) if reading.extend_codes else (),
        )
        return Verdicts(recipients, others)

    def _recipients(
        self,
        rows: Sequence[bytes] = (),
        sign_names: Sequence[str] = (),
        extend_codes: Sequence[str] = (),
    ) -> Recipients:
        return Recipients(
            layout=self._layout,
            rows=rows,
            sign_name=self._default_sign_name,
            sign_names=sign_names,
            extend_codes=extend_codes,
        )

    def _read(self, block: Block) -> _RowsRead:
        """Look closer only at the rows that cannot be sent as they stand."""
        found = None
        if isinstance(block, TextBlock) and self._default_sign_name:
            found = self._fast_path.read(block)
        if found is None:
            return self._read_closer(block.columns)
        reading = _RowsRead(numbers=found.numbers, rows=found.rows)
        if found.others:
            reading.correct(found.others, self._read_closer(block.some(found.others)))
        return reading

    def _read_closer(self, columns: Columns) -> _RowsRead:
        width, rows = len(columns), len(columns[0])
        surplus = self._surplus(columns)
        columns = [*columns[: self._width], *[[""] * rows] * (self._width - width)]
        numbers, no_numbers = read_numbers(columns[self._header.phone])
        sign_names, sign_name_faults = self._sign_names(columns)
        extend_codes, extend_code_faults = self._extend_codes(columns)
        params = self._params.of_columns(columns)
        missing = self._params.missing(width)
        return _RowsRead(
            numbers=contents_of_strings(numbers),
            rows=self._layout.rows(numbers, params),
            sign_names=sign_names,
            extend_codes=extend_codes,
            no_numbers=no_numbers,
            surplus=surplus,
            faults={  # of several, the last stands
                **extend_code_faults,
                **sign_name_faults,
                **self._params.faults(params),
                **(dict.fromkeys(range(rows), missing) if missing else {}),
                **surplus,
            },
        )

    def _without_number(self, block: Block, reading: _RowsRead) -> dict[int, Outcome]:
        """Say what becomes of the rows that have no number of the mainland."""
        outcomes: dict[int, Outcome] = {}
        for index, reason in reading.no_numbers.items():
            cells = block.cells(index)
            if reason.code == "phone_international" and self._international:
                outcomes[index] = self._abroad(block.first_row + index, index, cells, reading)
            elif is_blank(cells):
                outcomes[index] = None
            else:
                outcomes[index] = reading.surplus.get(index, reason)
        return outcomes

    def _abroad(self, row: int, index: int, cells: list[str], reading: _RowsRead) -> Outcome:
        """Numbers of other countries are kept apart: some of +1 look like mainland ones."""
        number = read_international_number(cells[self._header.phone])
        if isinstance(number, Reason):
            return reading.surplus.get(index, number)
        if number in self._seen_abroad:
            return Duplicate(self._seen_abroad[number])
        if index in reading.faults:
            return reading.faults[index]
        self._seen_abroad[number] = row
        return Recipient(
            phone_number=number,
            sign_name=reading.sign_names[index] if reading.sign_names else self._default_sign_name,
            extend_code=reading.extend_codes[index] if reading.extend_codes else "",
            params=tuple(cells[position] for position, _ in self._header.params),
            is_international=True,
        )

    def _surplus(self, columns: Columns) -> dict[int, Reason]:
        """A stray separator shifts every value, so none of them can be trusted."""
        reason = Reason("cells_surplus", (str(len(columns)), str(self._width)))
        return {
            index: reason
            for index, surplus in enumerate(zip(*columns[self._width :], strict=True))
            if not is_blank(surplus)
        }

    def _sign_names(self, columns: Columns) -> tuple[Sequence[str], dict[int, Reason]]:
        if self._header.sign_name is not None:
            return each_read(columns[self._header.sign_name], self._sign_name)
        if self._default_sign_name:
            return (), {}
        return (), dict.fromkeys(range(len(columns[0])), Reason("sign_name_missing"))

    def _sign_name(self, cell: str) -> str | Reason:
        sign_name = cell.strip() or self._default_sign_name
        if not sign_name:
            return Reason("sign_name_missing")
        if UNSENDABLE.search(sign_name) or LINE_BREAK_OR_TAB.search(sign_name):
            return Reason(
                "control_characters", (self._header.columns[self._header.sign_name or 0],)
            )
        if len(sign_name) > MAX_SIGN_NAME:
            return Reason("sign_name_too_long", (str(len(sign_name)), str(MAX_SIGN_NAME)))
        return sign_name

    def _extend_codes(self, columns: Columns) -> tuple[Sequence[str], dict[int, Reason]]:
        if self._header.extend_code is None:
            return (), {}
        return each_read(columns[self._header.extend_code], extend_code_of)

    def _count_ignored(self, block: Block) -> None:
        for position in self._ignored:
            column = block.columns[position] if position < len(block.columns) else ()
            self._ignored[position] += sum(not is_blank([cell]) for cell in column)


def extend_code_of(cell: str) -> str | Reason:
    extend_code = cell.strip()
    return extend_code if EXTEND_CODE.fullmatch(extend_code) else Reason("extend_code_wrong")


def each_read(
    cells: Sequence[str], read: Callable[[str], str | Reason]
) -> tuple[list[str], dict[int, Reason]]:
    """Read a column of few different values; return, by index, why some cannot be read."""
    values: dict[str, str] = {}
    faults: dict[str, Reason] = {}
    for cell in set(cells):
        value = read(cell)
        if isinstance(value, Reason):
            faults[cell] = value
        else:
            values[cell] = value
    if not faults:
        return list(map(values.__getitem__, cells)), {}
    return (
        [values.get(cell, "") for cell in cells],
        {index: faults[cell] for index, cell in enumerate(cells) if cell in faults},
    )


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


def without(places: Sequence[int], column: Sequence[T]) -> list[T]:
    """Return a copy of the column that lacks these places, which come last first."""
    kept = list(column)
    for place in places:
        del kept[place]
    return kept

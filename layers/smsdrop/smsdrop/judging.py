"""What becomes of each row: a recipient, a duplicate, a rejected row or a blank one."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, count
from operator import not_
from typing import TypeAlias, TypeVar

from smsdrop.characters import INVISIBLE, UNSENDABLE, WHITE_SPACE
from smsdrop.header import Header, column_letters
from smsdrop.international import read_international_number
from smsdrop.param_rules import ParamRules
from smsdrop.params import Params
from smsdrop.phone import read_phone_number, read_phone_numbers
from smsdrop.reasons import Reason
from smsdrop.recipients import Recipient, Recipients
from smsdrop.rows import Block
from smsdrop.seen_numbers import SeenNumbers

EXTEND_CODE = re.compile(r"[0-9]{0,7}")
"""SendBatchSms takes no longer SmsUpExtendCode; an empty cell means none."""

LINE_BREAK_OR_TAB = re.compile(r"[\t\r\n]")

MAX_SIGN_NAME = 100
"""Ours: many times what is approved; a hundred that are longer would outgrow an SQS message."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row whose number the first row already has."""

    first_row: int


T = TypeVar("T")

Columns: TypeAlias = Sequence[Sequence[str]]

Outcome: TypeAlias = Recipient | Duplicate | Reason | None
"""Of one row: accepted, duplicate, rejected for this reason, or blank."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A block's rows: those that can be sent to, and by index what became of the others."""

    recipients: Recipients
    """In the block's order; those abroad are among the others."""
    others: dict[int, Outcome]


NOBODY = Recipients(phone_numbers=(), sign_names=(), extend_codes=(), params=(), longest=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """A block's cells by what they are for, and by index why a row cannot be sent to."""

    phones: Sequence[str]
    numbers: list[str]
    """Read from the former; empty where there is none of the mainland."""
    sign_names: Sequence[str]
    extend_codes: Sequence[str]
    params: Columns
    surplus: dict[int, Reason]
    faults: dict[int, Reason]
    """Beside those of the number; a surplus is among them."""


class Judge:
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

    def judge(self, block: Block) -> Judged:
        """Say what becomes of each row."""
        if block.fault:
            return Judged(NOBODY, dict.fromkeys(range(len(block)), block.fault))
        rows = range(block.first_row, block.first_row + len(block))
        self._count_ignored(block)
        cells = self._read(block)
        others = self._without_number(block, cells)
        unsure = last_first(others.keys() | cells.faults.keys())
        firsts = self._seen.add_all(without(unsure, cells.numbers), without(unsure, rows))
        for row, first_row in firsts.items():
            others[row - block.first_row] = Duplicate(first_row)
        for index in cells.faults.keys() - others.keys():
            first = self._seen.first_row(cells.numbers[index])
            if first is not None and first < rows[index]:
                others[index] = Duplicate(first)
            else:
                others[index] = cells.faults[index]
        gone = last_first(others)
        recipients = Recipients(
            phone_numbers=without(gone, cells.numbers),
            sign_names=without(gone, cells.sign_names),
            extend_codes=without(gone, cells.extend_codes),
            params=[without(gone, column) for column in cells.params],
            longest=block.longest,
        )
        return Judged(recipients, others)

    def _read(self, block: Block) -> _Cells:
        width = len(block.columns)
        columns = [*block.columns[: self._width], *[[""] * len(block)] * (self._width - width)]
        phones = columns[self._header.phone]
        sign_names, sign_name_faults = self._sign_names(columns)
        extend_codes, extend_code_faults = self._extend_codes(columns)
        params = self._params.of_columns(columns)
        missing = self._params.missing(width)
        surplus = self._surplus(block)
        return _Cells(
            phones=phones,
            numbers=read_phone_numbers(phones),
            sign_names=sign_names,
            extend_codes=extend_codes,
            params=params,
            surplus=surplus,
            faults={  # of several, the last stands
                **extend_code_faults,
                **sign_name_faults,
                **self._params.faults(params, block.longest),
                **(dict.fromkeys(range(len(block)), missing) if missing else {}),
                **surplus,
            },
        )

    def _without_number(self, block: Block, cells: _Cells) -> dict[int, Outcome]:
        """Look closer at the rows without a number; say what becomes of those that have none."""
        outcomes: dict[int, Outcome] = {}
        for index in list(compress(count(), map(not_, cells.numbers))):
            number = read_phone_number(cells.phones[index])
            if isinstance(number, str):
                cells.numbers[index] = number
            elif number.code == "phone_international" and self._international:
                outcomes[index] = self._abroad(block.first_row + index, index, cells)
            elif is_blank(block.cells(index)):
                outcomes[index] = None
            else:
                outcomes[index] = cells.surplus.get(index, number)
        return outcomes

    def _abroad(self, row: int, index: int, cells: _Cells) -> Outcome:
        """Numbers of other countries are kept apart: some of +1 look like mainland ones."""
        number = read_international_number(cells.phones[index])
        if isinstance(number, Reason):
            return cells.surplus.get(index, number)
        if number in self._seen_abroad:
            return Duplicate(self._seen_abroad[number])
        if index in cells.faults:
            return cells.faults[index]
        self._seen_abroad[number] = row
        return Recipient(
            phone_number=number,
            sign_name=cells.sign_names[index],
            extend_code=cells.extend_codes[index],
            params=tuple(column[index] for column in cells.params),
            is_international=True,
        )

    def _surplus(self, block: Block) -> dict[int, Reason]:
        """A stray separator shifts every value, so none of them can be trusted."""
        columns = block.columns[self._width :]
        reason = Reason("cells_surplus", (str(len(block.columns)), str(self._width)))
        return {
            index: reason
            for index, surplus in enumerate(zip(*columns, strict=True))
            if not is_blank(surplus)
        }

    def _sign_names(self, columns: Columns) -> tuple[Sequence[str], dict[int, Reason]]:
        if self._header.sign_name is not None:
            return each_read(columns[self._header.sign_name], self._sign_name)
        rows = len(columns[0])
        if not self._default_sign_name:
            return [""] * rows, dict.fromkeys(range(rows), Reason("sign_name_missing"))
        return [self._default_sign_name] * rows, {}

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
            return [""] * len(columns[0]), {}
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


def last_first(places: Iterable[int]) -> list[int]:
    return sorted(places, reverse=True)


def without(places: Sequence[int], column: Sequence[T]) -> list[T]:
    """Return a copy of the column that lacks these places, which come last first."""
    kept = list(column)
    for place in places:
        del kept[place]
    return kept


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a person sees nothing in the row."""
    return not "".join(cells).strip(WHITE_SPACE + INVISIBLE)

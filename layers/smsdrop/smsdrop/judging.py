"""What becomes of each row: a recipient, a duplicate, a rejected row or a blank one."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import itemgetter
from typing import TypeAlias

from smsdrop.characters import INVISIBLE, UNSENDABLE, WHITE_SPACE
from smsdrop.header import Header, column_letters
from smsdrop.international import read_international_number
from smsdrop.param_rules import ParamRules
from smsdrop.phone import read_phone_number
from smsdrop.reasons import Reason
from smsdrop.seen_numbers import SeenNumbers

EXTEND_CODE = re.compile(r"[0-9]{0,7}")
"""SendBatchSms takes no longer SmsUpExtendCode; an empty cell means none."""

LINE_BREAK_OR_TAB = re.compile(r"[\t\r\n]")

SHEET_ERRORS = frozenset(
    [
        "#N/A",
        "#VALUE!",
        "#REF!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
    ]
)
"""What a spreadsheet shows where a formula has failed."""

MAX_PARAMS_BYTES = 20_000
"""
Of a row's params as JSON. An SMS has 500 characters at most, which is a tenth of this; what is
longer is some other column, and a batch of such rows would outgrow its SQS message.
"""

MAX_BYTES_PER_CHARACTER = 4
"""In JSON as UTF-8: an emoji takes four; a quote, a backslash, a line break two."""


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


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row whose number the first row already has."""

    first_row: int


Outcome: TypeAlias = Recipient | Duplicate | Reason | None
"""Of one row: accepted, duplicate, rejected for this reason, or blank."""


class Judge:
    """Judges the rows of one file, in order, each once."""

    def __init__(
        self,
        header: Header,
        *,
        default_sign_name: str = "",
        allow_empty_params: bool = False,
        international: bool = False,
        param_rules: ParamRules | None = None,
    ) -> None:
        self._header = header
        self._width = len(header.columns)
        self._take_params = picker([position for position, _ in header.params])
        self._param_names = [name for _, name in header.params]
        self._default_sign_name = default_sign_name
        self._allow_empty_params = allow_empty_params
        self._param_rules = param_rules
        self._international = international
        self._seen = SeenNumbers()
        self._seen_abroad: dict[str, int] = {}
        self._ignored = dict.fromkeys(header.nameless, 0)
        unfilled = params_bytes(self._param_names, [""] * len(self._param_names))
        self._surely_short = (MAX_PARAMS_BYTES - unfilled) // MAX_BYTES_PER_CHARACTER

    def judge(self, row_number: int, cells: Sequence[str]) -> Outcome:
        """
        Say what becomes of the row.

        A number that an earlier row was accepted with makes a duplicate, whatever else is wrong
        with the row: mended and dropped again, it would text that person twice. A rejected row
        does not count as the first.
        """
        if self._ignored:
            self._count_ignored(cells)
        phone = self._header.phone
        number = read_phone_number(cells[phone] if phone < len(cells) else "")
        if isinstance(number, Reason):
            if number.code == "phone_international" and self._international:
                return self._judge_abroad(row_number, cells)
            return None if is_blank(cells) else self._surplus(cells) or number
        first_row = self._seen.first_row(number)
        if first_row is not None:
            return Duplicate(first_row)
        outcome = self._read(number, cells)
        if isinstance(outcome, Recipient):
            self._seen.add(number, row_number)
        return outcome

    def _judge_abroad(self, row_number: int, cells: Sequence[str]) -> Outcome:
        """Numbers of other countries are kept apart: some of +1 look like mainland ones."""
        number = read_international_number(cells[self._header.phone])
        if isinstance(number, Reason):
            return self._surplus(cells) or number
        if number in self._seen_abroad:
            return Duplicate(self._seen_abroad[number])
        outcome = self._read(number, cells)
        if isinstance(outcome, Recipient):
            self._seen_abroad[number] = row_number
            return replace(outcome, is_international=True)
        return outcome

    def problems(self) -> list[Reason]:
        """What a person should hear of the rows judged so far, though it rejects none."""
        return [
            Reason("nameless_column", (column_letters(position), str(count)))
            for position, count in self._ignored.items()
            if count
        ]

    def _read(self, number: str, cells: Sequence[str]) -> Recipient | Reason:
        if len(cells) != self._width:
            misfit = self._surplus(cells) or self._missing(cells)
            if misfit:
                return misfit
            cells = [*cells, *[""] * (self._width - len(cells))]
        params = self._take_params(cells)
        fault = self._params_fault(params)
        if fault:
            return fault
        sign_name = self._sign_name(cells)
        if isinstance(sign_name, Reason):
            return sign_name
        extend_code = self._extend_code(cells)
        if isinstance(extend_code, Reason):
            return extend_code
        return Recipient(
            phone_number=number, sign_name=sign_name, extend_code=extend_code, params=params
        )

    def _surplus(self, cells: Sequence[str]) -> Reason | None:
        """A stray separator shifts every value, so none of them can be trusted."""
        if is_blank(cells[self._width :]):
            return None
        return Reason("cells_surplus", (str(len(cells)), str(self._width)))

    def _missing(self, cells: Sequence[str]) -> Reason | None:
        """Only params can be missing: Excel itself leaves out empty cells at a row's end."""
        names = [name for position, name in self._header.params if position >= len(cells)]
        return Reason("params_missing", tuple(names)) if names else None

    def _params_fault(self, params: tuple[str, ...]) -> Reason | None:
        if not (self._allow_empty_params or all(map(str.strip, params))):
            return Reason("params_empty", self._names_where([not each.strip() for each in params]))
        text = "".join(params)
        if not text.isprintable() and UNSENDABLE.search(text):
            guilty = self._names_where([UNSENDABLE.search(each) is not None for each in params])
            return Reason("control_characters", guilty)
        if "#" in text and not SHEET_ERRORS.isdisjoint(params):
            return Reason(
                "sheet_errors", self._names_where([each in SHEET_ERRORS for each in params])
            )
        if len(text) > self._surely_short:
            size = params_bytes(self._param_names, params)
            if size > MAX_PARAMS_BYTES:
                return Reason("params_too_long", (str(size), str(MAX_PARAMS_BYTES)))
        return self._param_rules.fault(params, text) if self._param_rules else None

    def _names_where(self, flags: Sequence[bool]) -> tuple[str, ...]:
        return tuple(compress(self._param_names, flags))

    def _sign_name(self, cells: Sequence[str]) -> str | Reason:
        position = self._header.sign_name
        sign_name = "" if position is None else cells[position].strip()
        if position is None or not sign_name:
            return self._default_sign_name or Reason("sign_name_missing")
        if UNSENDABLE.search(sign_name) or LINE_BREAK_OR_TAB.search(sign_name):
            return Reason("control_characters", (self._header.columns[position],))
        return sign_name

    def _extend_code(self, cells: Sequence[str]) -> str | Reason:
        position = self._header.extend_code
        if position is None:
            return ""
        extend_code = cells[position].strip()
        return extend_code if EXTEND_CODE.fullmatch(extend_code) else Reason("extend_code_wrong")

    def _count_ignored(self, cells: Sequence[str]) -> None:
        for position in self._ignored:
            self._ignored[position] += not is_blank(cells[position : position + 1])


def picker(positions: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Takes these cells of a row; `itemgetter` is fastest, but makes no tuple of fewer than two."""
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda cells: tuple(cells[position] for position in positions)


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a person sees nothing in the row."""
    return not "".join(cells).strip(WHITE_SPACE + INVISIBLE)


def params_bytes(names: Sequence[str], values: Sequence[str]) -> int:
    """How long the params are as the JSON object that is sent."""
    params = dict(zip(names, values, strict=True))
    return len(json.dumps(params, ensure_ascii=False).encode())

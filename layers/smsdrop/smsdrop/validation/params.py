"""
A row's params: which cells they are, and why they cannot be sent.

Most columns of most files hold nothing suspicious, and show so as a whole; only where one does, its
rows are looked at one by one.
"""

import json
from collections.abc import Sequence
from itertools import compress

from smsdrop.reasons import Reason
from smsdrop.recipients.characters import UNSENDABLE
from smsdrop.validation.param_rules import ParamRules

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

BETWEEN = "|"
"""Between cells that are looked at together, so that no word is made of two of them."""


class Params:
    """The params of one file, `columns` being the position and name of each."""

    def __init__(
        self,
        columns: Sequence[tuple[int, str]],
        *,
        allow_empty: bool = False,
        rules: ParamRules | None = None,
    ) -> None:
        self._positions = [position for position, _ in columns]
        self._names = [name for _, name in columns]
        self._allow_empty = allow_empty
        self._rules = rules
        unfilled = params_bytes(self._names, [""] * len(self._names))
        self._surely_short = (MAX_PARAMS_BYTES - unfilled) // MAX_BYTES_PER_CHARACTER

    def of_columns(self, columns: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        return [columns[position] for position in self._positions]

    def missing(self, width: int) -> Reason | None:
        """Name those that a row of so few cells lacks."""
        positions = zip(self._positions, self._names, strict=True)
        names = [name for position, name in positions if position >= width]
        return Reason("params_missing", tuple(names)) if names else None

    def faults(self, columns: Sequence[Sequence[str]]) -> dict[int, Reason]:
        """Return what is wrong with a block's params, by the index of the row."""
        if self._are_surely_faultless(columns):
            return {}
        faults = map(self.fault, zip(*columns, strict=True))
        return {index: fault for index, fault in enumerate(faults) if fault}

    def fault(self, params: tuple[str, ...]) -> Reason | None:
        """Say what is wrong with a row's params, the first that is."""
        if not (self._allow_empty or all(map(str.strip, params))):
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
            size = params_bytes(self._names, params)
            if size > MAX_PARAMS_BYTES:
                return Reason("params_too_long", (str(size), str(MAX_PARAMS_BYTES)))
        return self._rules.fault(params) if self._rules else None

    def _are_surely_faultless(self, columns: Sequence[Sequence[str]]) -> bool:
        text = BETWEEN.join(map(BETWEEN.join, columns))
        return (
            text.isprintable()  # so that no white space but " " is in it
            and "#" not in text
            and (self._allow_empty or all(map(has_no_blank if " " in text else all, columns)))
            and sum(max(map(len, column)) for column in columns) <= self._surely_short
            and (self._rules is None or self._rules.surely_kept(text, columns))
        )

    def _names_where(self, flags: Sequence[bool]) -> tuple[str, ...]:
        return tuple(compress(self._names, flags))


def has_no_blank(column: Sequence[str]) -> bool:
    return all(column) and all(map(str.strip, column))


def params_bytes(names: Sequence[str], values: Sequence[str]) -> int:
    """How long the params are as the JSON object that is sent."""
    params = dict(zip(names, values, strict=True))
    return len(json.dumps(params, ensure_ascii=False).encode())

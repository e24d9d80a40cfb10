"""A row's params: which cells they are, and why they cannot be sent."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from smsdrop.reasons import Reason
from smsdrop.recipients.layout import Columns
from smsdrop.validation.param_rules import (
    NOT_BLANK,
    OF_EVERY_FILE,
    TemplateRules,
    Values,
    fault_of,
    not_surely_kept,
)

MAX_PARAMS_BYTES = 20_000
"""
The most for a row's params as JSON. An SMS has 500 characters at most, a tenth of this; anything
longer is some other column, and a batch of such rows would not fit into its SQS message.
"""

MAX_BYTES_PER_CHARACTER = 4
"""In JSON as UTF-8: an emoji takes four; a quote, a backslash, a line break two."""


Check: TypeAlias = Callable[[Sequence[str]], Reason | None]
"""Says what is wrong with a row's params, if anything is."""


class Params:
    """The params of one file, `columns` being the position and name of each."""

    def __init__(
        self,
        columns: Sequence[tuple[int, str]],
        *,
        allow_empty: bool = False,
        rules: TemplateRules | None = None,
    ) -> None:
        self._positions = [position for position, _ in columns]
        self._names = [name for _, name in columns]
        self._rules = [rule for rule in OF_EVERY_FILE if not (allow_empty and rule is NOT_BLANK)]
        self._template_rules = rules
        unfilled = params_bytes(self._names, [""] * len(self._names))
        self._surely_short = (MAX_PARAMS_BYTES - unfilled) // MAX_BYTES_PER_CHARACTER

    def of_columns(self, columns: Columns) -> list[Sequence[str]]:
        return [columns[position] for position in self._positions]

    def missing(self, width: int) -> Reason | None:
        """Name the params that a row of `width` cells lacks."""
        positions = zip(self._positions, self._names, strict=True)
        names = [name for position, name in positions if position >= width]
        return Reason("params_missing", tuple(names)) if names else None

    def faults(self, columns: Columns) -> dict[int, Reason]:
        """
        Return the first fault in the params of each row of a block, by the row's index.

        Only rules that the block as a whole may break are checked row by row.
        """
        checks = self._suspicions(Values(columns))
        if not checks:
            return {}
        faults: dict[int, Reason] = {}
        for index, params in enumerate(zip(*columns, strict=True)):
            for check in checks:
                if fault := check(params):
                    faults[index] = fault
                    break
        return faults

    def _suspicions(self, values: Values) -> list[Check]:
        checks: list[Check] = []
        if rules := not_surely_kept(self._rules, values):
            checks.append(partial(fault_of, rules, self._names))
        if sum(values.longest) > self._surely_short:
            checks.append(self._size_fault)
        if self._template_rules and not self._template_rules.surely_kept(values):
            checks.append(self._template_rules.fault)
        return checks

    def _size_fault(self, params: Sequence[str]) -> Reason | None:
        if sum(map(len, params)) <= self._surely_short:
            return None
        size = params_bytes(self._names, params)
        if size <= MAX_PARAMS_BYTES:
            return None
        return Reason("params_too_long", (str(size), str(MAX_PARAMS_BYTES)))


def params_bytes(names: Sequence[str], values: Sequence[str]) -> int:
    """Return the size of the params as the JSON object that is sent."""
    params = dict(zip(names, values, strict=True))
    return len(json.dumps(params, ensure_ascii=False).encode())

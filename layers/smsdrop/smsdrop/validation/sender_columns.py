"""The columns that say how a row is sent: its sign name and its extend code."""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from smsdrop.reasons import Reason
from smsdrop.recipients.characters import UNSENDABLE
from smsdrop.recipients.header import Header
from smsdrop.recipients.layout import Columns
from smsdrop.validation.param_rules import ALL_LETTERS, NO_NULL_WORD, NO_SHEET_ERROR

EXTEND_CODE = re.compile(r"[0-9]{0,7}")
"""SendBatchSms refuses a longer SmsUpExtendCode; an empty cell means none."""

LINE_BREAK_OR_TAB = re.compile(r"[\t\r\n]")

MAX_SIGN_NAME = 100
"""
Our choice: many times what is approved; a hundred that are longer would outgrow an SQS message.
"""

ReadColumn: TypeAlias = tuple[Sequence[str], dict[int, Reason]]
"""A value for each row, or none at all; and, by index, why some cells cannot be read."""


class SenderColumns:
    """Reads both columns of one file."""

    def __init__(self, header: Header, *, default_sign_name: str) -> None:
        self._header = header
        self._default_sign_name = default_sign_name

    def sign_names(self, columns: Columns) -> ReadColumn:
        """Return a sign name for each row, or none if all rows have the default."""
        if self._header.sign_name is not None:
            return read_column(columns[self._header.sign_name], self._sign_name)
        if self._default_sign_name:
            return (), {}
        return (), dict.fromkeys(range(len(columns[0])), Reason("sign_name_missing"))

    def extend_codes(self, columns: Columns) -> ReadColumn:
        if self._header.extend_code is None:
            return (), {}
        return read_column(columns[self._header.extend_code], extend_code_of)

    def _sign_name(self, cell: str) -> str | Reason:
        sign_name = cell.strip() or self._default_sign_name
        if not sign_name:
            return Reason("sign_name_missing")
        if UNSENDABLE.search(sign_name) or LINE_BREAK_OR_TAB.search(sign_name):
            return Reason(
                "control_characters", (self._header.columns[self._header.sign_name or 0],)
            )
        for rule in (NO_SHEET_ERROR, ALL_LETTERS, NO_NULL_WORD):
            if rule.is_broken_by(sign_name):
                return Reason(rule.code, (self._header.columns[self._header.sign_name or 0],))
        if len(sign_name) > MAX_SIGN_NAME:
            return Reason("sign_name_too_long", (str(len(sign_name)), str(MAX_SIGN_NAME)))
        return sign_name


def extend_code_of(cell: str) -> str | Reason:
    extend_code = cell.strip()
    return extend_code if EXTEND_CODE.fullmatch(extend_code) else Reason("extend_code_wrong")


def read_column(cells: Sequence[str], read: Callable[[str], str | Reason]) -> ReadColumn:
    """Read each different cell once: there are few of them."""
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

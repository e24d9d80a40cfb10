"""
Rows that can be sent as they stand, which nearly all rows of most files are.

One pattern, made from the header, goes over a whole block of lines and takes the rows in which
nothing is left to be looked at. Rows that it does not take get the usual spelling of their number
and are tried again. What is not taken then may be good all the same.
"""

import re
from dataclasses import dataclass
from itertools import compress, count
from operator import not_

from smsdrop.header import Header
from smsdrop.param_rules import ParamRules
from smsdrop.params import MAX_PARAMS_BYTES, params_bytes
from smsdrop.rows import SEPARATOR, SEPARATOR_BYTE, SHORT_ROW, TextBlock

NUMBER = "1[3-9][0-9]{9}"
"""As `phone.read_phone_number` returns it."""

BETWEEN_DIGITS = b" -()"
SPELLED = re.compile(rf"(?:|86|[+]86|0086)({NUMBER})\n|.*\n".encode())
"""What else people put around and between the digits; `phone` knows more of the kind."""


@dataclass(frozen=True, slots=True)
class Found:
    """A block's rows as they are sent, and their numbers, but for `others`."""

    rows: list[bytes]
    numbers: list[bytes]
    others: list[int]
    """Indexes, in order."""


class PlainRows:
    """Finds them in blocks of text, if the file has a number and params and nothing else."""

    def __init__(self, header: Header, *, allow_empty: bool, rules: ParamRules | None) -> None:
        width = len(header.columns)
        params = [position for position in range(width) if position != header.phone]
        names = header.layout.param_names
        max_cell = rules.surely_short if rules else SHORT_ROW
        is_usual = (
            max_cell > 0
            and header.sign_name is None
            and header.extend_code is None
            and params == [position for position, _ in header.params]
            and params_bytes(names, [""] * len(names)) + SHORT_ROW <= MAX_PARAMS_BYTES
        )
        self._width = width if is_usual else 0
        self._rules = rules
        self._phone = header.phone
        cells = [
            cell(max_cell, allow_empty=allow_empty, is_last=position + 1 == width)
            for position in range(self._width)
        ]
        if is_usual:
            cells[header.phone] = f"({NUMBER})"
        self._lines = re.compile(rf"{SEPARATOR.join(cells)}\r?\n|.*\n".encode())

    def read(self, block: TextBlock) -> Found | None:
        """Find them; return None for a block that has to be looked at closer as a whole."""
        if not block.is_plain or block.width != self._width:
            return None
        if self._rules and self._rules.suspects(block.text.decode()):
            return None
        rows, numbers = list(block.lines), self._lines.findall(block.text)
        others = self._respelled(rows, numbers) if b"" in numbers else []
        return Found(rows, numbers, others)

    def _respelled(self, rows: list[bytes], numbers: list[bytes]) -> list[int]:
        """Give numbers their canonical spelling, and return where that did not help."""
        others = list(compress(count(), map(not_, numbers)))
        cells = [rows[index].split(SEPARATOR_BYTE) for index in others]
        phones = b"\n".join([*[each[self._phone] for each in cells], b""])
        respelled = SPELLED.findall(phones.translate(None, BETWEEN_DIGITS))
        for each, phone in zip(cells, respelled, strict=True):
            each[self._phone] = phone
        lines = list(map(SEPARATOR_BYTE.join, cells))
        left = []
        found = self._lines.findall(b"\n".join([*lines, b""]))
        for index, line, number in zip(others, lines, found, strict=True):
            if number:
                rows[index], numbers[index] = line, number
            else:
                left.append(index)
        return left


def cell(max_bytes: int, *, allow_empty: bool, is_last: bool) -> str:
    """
    Match a cell of a short line that is known to have as many cells as there are columns.

    It has no more characters than bytes, so that one of so many bytes is not too long.
    """
    first = SEPARATOR + (r"\r\n" if is_last else "") + ("" if allow_empty else " ")
    others = "." if is_last else f"[^{SEPARATOR}]"
    some = f"[^{first}]{others}{{0,{max_bytes - 1}}}"
    return f"(?:{some})?" if allow_empty else some

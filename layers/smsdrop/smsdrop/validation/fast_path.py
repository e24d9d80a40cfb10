"""
Finds the rows that can be sent as they stand: nearly all rows of most files.

One pattern, made from the header, matches the rows of a whole block in which only the spelling of
the number may still be unusual. A common other spelling is replaced; rows with any other one, and
rows that do not match, are unclear: they may still be good.
"""

import re
from dataclasses import dataclass

from smsdrop.recipients.blocks import SHORT_ROW, TextBlock
from smsdrop.recipients.header import Header
from smsdrop.recipients.layout import SEPARATOR
from smsdrop.recipients.spoiled import MISREAD, SUSPECT_CELL
from smsdrop.validation.param_rules import TemplateRules
from smsdrop.validation.params import MAX_PARAMS_BYTES, params_bytes

NUMBER = "1[3-9][0-9]{9}+"
"""As `read_phone_number` returns it."""

DIGITS = 11

SPELLED = "[018+][0-9][-+0-9 ()]{10,}+"
"""May not begin as `1-415-555-0101` does: the digits of that are a mainland number's."""

BETWEEN_DIGITS = b" -()"

COMPACT = re.compile(rf"(?:|86|[+]86|0086)({NUMBER})\n|.*\n".encode())
"""Common spellings; `phone_numbers` knows more of them."""


@dataclass(frozen=True, slots=True)
class FastRows:
    """A block's rows as they are sent, and their numbers; both undefined for `unclear` rows."""

    rows: list[bytes]
    numbers: list[bytes]
    unclear: list[int]
    """The indexes of rows that need a closer look, in order."""


class FastPath:
    """Works on blocks of text, if the file has a number and params and no other columns."""

    def __init__(self, header: Header, *, allow_empty: bool, rules: TemplateRules | None) -> None:
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
        self._phone = header.phone
        self._rules = rules
        self._plain, self._suspect = (
            self._lines(max_cell, allow_empty=allow_empty, is_plain=each) for each in (True, False)
        )

    def _lines(self, max_cell: int, *, allow_empty: bool, is_plain: bool) -> re.Pattern[bytes]:
        cells = [
            cell(
                max_cell,
                allow_empty=allow_empty,
                is_last=position + 1 == self._width,
                is_plain=is_plain,
            )
            for position in range(self._width)
        ]
        if cells:
            end = r"\r?" if self._phone + 1 == self._width else ""
            cells[self._phone] = f"({NUMBER}|{SPELLED}){end}"
        return re.compile(rf"{SEPARATOR.join(cells)}\n|.*\n".encode("latin-1"))

    def read(self, block: TextBlock) -> FastRows | None:
        """Read the block; return None if all of it needs a closer look."""
        if not block.is_clean or block.width != self._width or MISREAD in block.text:
            return None
        if self._rules and self._rules.suspects(block.text.decode()):
            return None
        lines = self._suspect if block.is_suspect else self._plain
        rows, numbers = list(block.lines), lines.findall(block.text)
        return FastRows(rows, numbers, respell(rows, numbers, is_first=self._phone == 0))


def respell(rows: list[bytes], numbers: list[bytes], *, is_first: bool) -> list[int]:
    """
    Give rows and numbers the usual spelling; return the indexes that need a closer look.

    If the number is not the first cell of its row, another cell may look the same.
    """
    spelled = [index for index, number in enumerate(numbers) if len(number) != DIGITS]
    phones = [numbers[index] for index in spelled]
    compact = b"\n".join([*phones, b""]).translate(None, BETWEEN_DIGITS)
    unclear = []
    for index, phone, number in zip(spelled, phones, COMPACT.findall(compact), strict=True):
        row = rows[index]
        if number and is_first:
            rows[index], numbers[index] = number + row.removeprefix(phone), number
        elif number and row.count(phone) == 1:
            rows[index], numbers[index] = row.replace(phone, number), number
        else:
            unclear.append(index)
    return unclear


def cell(max_bytes: int, *, allow_empty: bool, is_last: bool, is_plain: bool) -> str:
    """
    Return a pattern for a cell of a line that is known to have as many cells as columns.

    A cell has no more characters than bytes, so one of `max_bytes` is not too long; a carriage
    return counts for the last cell. The pattern never backtracks into a cell, which saves time. A
    pattern that is not for plain blocks does not match cells that may be spoiled.
    """
    not_spoiled = "" if is_plain else f"(?!{SUSPECT_CELL})"
    mark = "" if is_plain else "?"
    each = (f"[^{mark}\\n]" if mark else ".") if is_last else f"[^{mark}{SEPARATOR}]"
    if allow_empty:
        return f"{not_spoiled}{each}{{0,{max_bytes}}}+"
    first = rf"[^{mark}{SEPARATOR}\r\n ]"
    return f"{not_spoiled}{first}{each}{{0,{max_bytes - 1}}}+"

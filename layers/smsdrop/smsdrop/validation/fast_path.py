"""
Rows that can be sent as they stand, which nearly all rows of most files are.

One pattern, made from the header, goes over a whole block of lines and takes the rows in which
nothing is left to be looked at but the spelling of their number. Where that is not the usual one,
but of a usual kind, the number is put in anew. What is not taken may be good all the same.
"""

import re
from dataclasses import dataclass

from smsdrop.recipients.blocks import SHORT_ROW, TextBlock
from smsdrop.recipients.header import Header
from smsdrop.recipients.layout import SEPARATOR
from smsdrop.validation.param_rules import TemplateRules
from smsdrop.validation.params import MAX_PARAMS_BYTES, params_bytes

NUMBER = "1[3-9][0-9]{9}+"
"""As `phone.read_phone_number` returns it."""

DIGITS = 11

SPELLED = "[-+0-9 ()]{12,}+"

BETWEEN_DIGITS = b" -()"

COMPACT = re.compile(rf"(?:|86|[+]86|0086)({NUMBER})\n|.*\n".encode())
"""What else people put around and between the digits; `phone` knows more of the kind."""


@dataclass(frozen=True, slots=True)
class FastRows:
    """A block's rows as they are sent, and their numbers; both undefined for `unclear` rows."""

    rows: list[bytes]
    numbers: list[bytes]
    unclear: list[int]
    """The indexes of rows that need a closer look, in order."""


class FastPath:
    """Finds them in blocks of text, if the file has a number and params and nothing else."""

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
        cells = [
            cell(max_cell, allow_empty=allow_empty, is_last=position + 1 == width)
            for position in range(self._width)
        ]
        if is_usual:
            end = r"\r?" if header.phone + 1 == width else ""
            cells[header.phone] = f"({NUMBER}|{SPELLED}){end}"
        self._lines = re.compile(rf"{SEPARATOR.join(cells)}\n|.*\n".encode())

    def read(self, block: TextBlock) -> FastRows | None:
        """Find them; return None for a block that has to be looked at closer as a whole."""
        if not block.is_clean or block.width != self._width:
            return None
        if self._rules and self._rules.suspects(block.text.decode()):
            return None
        rows, numbers = list(block.lines), self._lines.findall(block.text)
        return FastRows(rows, numbers, respell(rows, numbers, is_first=self._phone == 0))


def respell(rows: list[bytes], numbers: list[bytes], *, is_first: bool) -> list[int]:
    """
    Give rows and numbers the usual spelling; return the indexes where it takes more.

    Where the number is not the first cell of its row, another may look the same.
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


def cell(max_bytes: int, *, allow_empty: bool, is_last: bool) -> str:
    """
    Match a cell of a short line that is known to have as many cells as there are columns.

    It has no more characters than bytes, so that one of so many bytes is not too long. The last
    one's carriage return counts as one of them. No cell is ever gone back into, which saves time.
    """
    each = "." if is_last else f"[^{SEPARATOR}]"
    if allow_empty:
        return f"{each}{{0,{max_bytes}}}+"
    first = rf"[^{SEPARATOR}\r\n ]"
    return f"{first}{each}{{0,{max_bytes - 1}}}+"

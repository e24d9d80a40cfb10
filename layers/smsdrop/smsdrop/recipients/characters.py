"""Characters that are invisible, that come in a wide form, or that cannot be sent."""

import re
from collections.abc import Sequence

WHITE_SPACE = " \t\r\n\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)

PRINTABLE_BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe0e\ufe0f\uffa0"
"""Fillers and joiners that count as letters, symbols or accents, though they are invisible."""

INVISIBLE = (
    "\u00ad\u180e\ufeff"
    + "".join(map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]))
    + PRINTABLE_BLANKS
)
"""Soft hyphen, byte order mark, zero-width and direction marks: pasted text brings them along."""

UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters except tab and line breaks, and what an SQS message may not hold."""

SHEET_ERROR_MARK = "#"
"""What nearly every error of a sheet begins with."""

FULL_WIDTH = range(0xFF01, 0xFF5F)
"""The wide forms of ASCII `!` to `~`, in the same order; a Chinese keyboard types them."""

FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""
Spreadsheets run cells that begin with one of these as formulas, some of them also with the
full-width ones; an apostrophe in front keeps them text.
"""


def plain_table(drop: str) -> dict[int, str | None]:
    """Return a table for `str.translate`: wide becomes ASCII; blanks, invisibles and `drop` go."""
    narrow = {wide: chr(wide - FULL_WIDTH.start + ord("!")) for wide in FULL_WIDTH}
    gone = set(WHITE_SPACE + INVISIBLE + drop)
    table = {wide: None if char in gone else char for wide, char in narrow.items()}
    return table | {ord(char): None for char in gone}


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a person sees nothing in the row."""
    return not "".join(cells).strip(WHITE_SPACE + INVISIBLE)


def has_printable_blank(text: str) -> bool:
    return any(map(text.__contains__, PRINTABLE_BLANKS))

"""
CSV text -> blocks of rows, by replacing each delimiter with our own separator.

It takes text in which every line is one row of the expected width, and quotation marks only enclose
whole cells. Any other text is left to the CSV reader.
"""

import csv
import re

from smsdrop.json_text import MUST_ESCAPE
from smsdrop.recipients.blocks import SHORT_ROW, TextBlock
from smsdrop.recipients.characters import SHEET_ERROR_MARK, has_printable_blank
from smsdrop.recipients.header import MAX_COLUMNS
from smsdrop.recipients.layout import SEPARATOR_BYTE
from smsdrop.recipients.spoiled import HINT_BYTES, hints_at_spoiled

HIDDEN = b"\x1f"
"""Replaces the delimiters between quotation marks, while the others are replaced."""


def all_but(others: bytes) -> bytes:
    return bytes(each for each in range(0x100) if each not in others)


RARE_LETTERS = bytes(range(0xC0, 0xE4)) + bytes(range(0xEA, 0x100))
"""The first bytes of rare letters in UTF-8; the usual Chinese letters begin with E4 to E9."""

OF_LINES = SEPARATOR_BYTE + b"\r\n"

OF_CELLS = all_but(OF_LINES)

ENDS = (b"\n", b"\r\n")
"""Line breaks that can be told from bytes in a cell without looking at each."""

TEXT_MARKS = re.compile(
    rb"(?<![^\x7f\n])(?:\t+'(?=[0-9]+\t*[\x7f\r\n])|\t+|'(?=[0-9]+\t*[\x7f\r\n]))|\t+(?=[\x7f\r\n])"
)
"""Tabs around a cell, and an apostrophe in front of digits; `=` needs quotation marks too."""

NOT_CLEAN = MUST_ESCAPE + SHEET_ERROR_MARK.encode() + SEPARATOR_BYTE
"""What no cell of a clean block has; see `TextBlock.is_clean`."""

CLEAN = all_but(NOT_CLEAN)

SURELY_CLEAN = all_but(NOT_CLEAN + RARE_LETTERS + HINT_BYTES)
"""Bytes of letters that are surely printable; of the other letters, not all are."""


def split_block(
    text: bytes, *, first_row: int, delimiter: str, width: int, end: bytes = b""
) -> TextBlock | None:
    """
    Return the rows of whole lines in UTF-8, or None if only a CSV reader can tell them apart.

    A `width` of 0 is unknown so far; `end` is the file's line break, if known.
    """
    end = end or (b"\r\n" if b"\r\n" in text else b"\n")
    if end not in ENDS or not 0 < width <= MAX_COLUMNS or len(text) > csv.field_size_limit():
        return None
    rows = text if text.endswith(end) else text + end
    if (
        SEPARATOR_BYTE in rows
        or HIDDEN in rows
        or (width == 1 and end * 2 in end + rows)  # a blank line has no cell
    ):
        return None
    between = delimiter.encode()
    cells = unquoted(rows, between) if b'"' in rows else rows
    if cells is None:
        return None
    rows = cells.replace(between, SEPARATOR_BYTE).replace(HIDDEN, between)
    if b"\t" in rows or b"'" in rows:
        rows = TEXT_MARKS.sub(b"", rows)
    lines = rows.splitlines()
    if len(rows) < len(lines) * width:
        return None
    bare = ((width - 1) * SEPARATOR_BYTE + end) * len(lines)
    special = rows.translate(None, SURELY_CLEAN)
    is_surely_clean = special.translate(None, HINT_BYTES) == bare
    if not is_surely_clean and rows.translate(None, OF_CELLS) != bare:
        return None
    is_clean = is_surely_clean or (rows.translate(None, CLEAN) == bare and is_printable(rows))
    return TextBlock(
        first_row,
        lines,
        text=rows,
        width=width,
        end=end,
        is_clean=is_clean and has_only_short_lines(rows),
        is_suspect=is_clean and special != bare and hints_at_spoiled(rows, special),
    )


def is_printable(lines: bytes) -> bool:
    """Whether everything between separators and line breaks is printable and visible."""
    text = lines.translate(None, OF_LINES).decode()
    return text.isprintable() and not has_printable_blank(text) and "\ufffd" not in text


def has_only_short_lines(lines: bytes) -> bool:
    """Jump from one line break to the last one in reach, which is faster than measuring lines."""
    start = 0
    while start < len(lines):
        end = lines.rfind(b"\n", start, start + SHORT_ROW + 1) + 1
        if end <= start:
            return False
        start = end
    return True


def unquoted(text: bytes, delimiter: bytes) -> bytes | None:
    """
    Remove the quotation marks around whole cells, and hide the delimiters within them.

    Return None if there are other quotation marks, or line breaks inside a pair. Each must have a
    delimiter or a line break next to it, except at the very beginning.
    """
    pieces = text.split(b'"')
    outside, inside = pieces[::2], pieces[1::2]
    held = b"".join(inside)
    if (
        len(outside) == len(inside)
        or b"\r" in held
        or b"\n" in held
        or not all(each.endswith((delimiter, b"\n")) for each in outside[:-1] if each)
        or not all(each.startswith((delimiter, b"\r", b"\n")) for each in outside[1:])
    ):
        return None
    pieces[1::2] = [each.replace(delimiter, HIDDEN) for each in inside]
    return b"".join(pieces)

"""
CSV text -> blocks of rows, by putting a separator of our own in the place of each delimiter.

It takes text in which every line is one row of the usual width, and quotation marks stand around
whole cells without others in them. Any other text is left to the CSV reader.
"""

import csv
import re
from functools import cache, partial

from smsdrop.header import MAX_COLUMNS
from smsdrop.rows import SEPARATOR_BYTE, SHORT_ROW, TextBlock

MAX_QUOTES_A_LINE = 0.5
"""Where there are more, the CSV reader is as fast."""

HIDDEN = b"\x1f"
"""Stands for a delimiter between quotation marks, while the others are replaced."""


def all_but(others: bytes) -> bytes:
    return bytes(each for each in range(0x100) if each not in others)


CONTROLS = bytes(range(0x20)) + SEPARATOR_BYTE
RARE_LETTERS = bytes(range(0xC0, 0xE4)) + bytes(range(0xEA, 0x100))
"""What they begin with in UTF-8; the usual Chinese ones begin with E4 to E9."""

OF_LINES = SEPARATOR_BYTE + b"\r\n"
OF_CELLS = all_but(OF_LINES)
UNESCAPED = all_but(CONTROLS + b'"\\#')
COMMON = all_but(CONTROLS + b'"\\#' + RARE_LETTERS)
"""Bytes a cell may have: any; any plain one; any that shows to be plain without a second look."""


def split_block(text: str, *, first_row: int, delimiter: str, width: int) -> TextBlock | None:
    """
    Return the rows of whole lines, or None where only a CSV reader can tell them.

    A `width` of 0 says that it is not known yet.
    """
    if not 0 < width <= MAX_COLUMNS or len(text) > csv.field_size_limit():
        return None
    lines = text.encode()
    end = b"\r\n" if b"\r\n" in lines else b"\n"
    if not lines.endswith(end):
        lines += end
    rows = lines.count(b"\n")
    if (
        lines.count(end) != rows  # else a cell might end with half an end of line
        or len(lines) < rows * width
        or SEPARATOR_BYTE in lines
        or HIDDEN in lines
        or lines.count(b'"') > rows * MAX_QUOTES_A_LINE
        or (width == 1 and end * 2 in end + lines)  # a blank line has no cell
    ):
        return None
    between = delimiter.encode()
    if b'"' in lines:
        lines = _quoted(between).sub(partial(_plain, between), lines)
        if b'"' in lines:
            return None
    lines = lines.replace(between, SEPARATOR_BYTE).replace(HIDDEN, between)
    bare = ((width - 1) * SEPARATOR_BYTE + end) * rows
    is_common = lines.translate(None, COMMON) == bare
    if not is_common and lines.translate(None, OF_CELLS) != bare:
        return None
    is_plain = is_common or (lines.translate(None, UNESCAPED) == bare and is_printable(lines))
    return TextBlock(
        first_row,
        rows,
        lines,
        width=width,
        end=end,
        is_plain=is_plain and has_only_short_lines(lines),
    )


def is_printable(lines: bytes) -> bool:
    """Whether all is that stands between separators and line breaks."""
    return lines.translate(None, OF_LINES).decode().isprintable()


def has_only_short_lines(lines: bytes) -> bool:
    """Look for an end of line in every stretch, which is faster than measuring each line."""
    at = 0
    while at < len(lines):
        at, start = lines.rfind(b"\n", at, at + SHORT_ROW + 1) + 1, at
        if at <= start:
            return False
    return True


@cache
def _quoted(delimiter: bytes) -> re.Pattern[bytes]:
    """
    Find cells between quotation marks.

    It may find what only looks like one, but never so that no mark is left: the first of a line is
    part of the first cell that is found there, and what is before it shows whether it opens it.
    """
    return re.compile(rb'"([^"\n]*)"(?=%b|[\r\n])' % re.escape(delimiter))


def _plain(delimiter: bytes, cell: re.Match[bytes]) -> bytes:
    start = cell.start()
    before = cell.string[max(0, start - len(delimiter)) : start]
    if not before or before.endswith((b"\n", delimiter)):
        return cell[1].replace(delimiter, HIDDEN)
    return cell[0]

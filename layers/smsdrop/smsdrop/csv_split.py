"""
CSV text -> blocks of rows, by splitting at every delimiter: twice as fast as a CSV reader.

It takes text in which every line is one row of the usual width, and quotation marks stand around
whole cells without others in them. Any other text is left to the CSV reader.
"""

import csv
import re
from functools import cache, partial

from smsdrop.header import MAX_COLUMNS
from smsdrop.rows import SEPARATOR, Block

MAX_QUOTES_A_LINE = 0.5
"""Where there are more, the CSV reader is as fast."""

HIDDEN = "\x1f"
"""Stands for a delimiter between quotation marks, while the others are replaced."""


def split_block(text: str, *, first_row: int, delimiter: str, width: int) -> Block | None:
    """
    Return the rows of whole lines, or None where only a CSV reader can tell them.

    A `width` of 0 says that it is not known yet.
    """
    text = text.replace("\r\n", "\n")
    if not text.endswith("\n"):
        text += "\n"
    rows = text.count("\n")
    if (
        not 0 < width <= MAX_COLUMNS
        or "\r" in text
        or SEPARATOR in text
        or HIDDEN in text
        or len(text) > csv.field_size_limit()
        or text.count('"') > rows * MAX_QUOTES_A_LINE
        or (width == 1 and "\n\n" in f"\n{text}")  # a blank line has no cell
    ):
        return None
    if '"' in text:
        text = _quoted(delimiter).sub(partial(_plain, delimiter), text)
        if '"' in text:
            return None
    text = text.replace(delimiter, SEPARATOR).replace(HIDDEN, delimiter)
    cells = text.replace("\n", f"{SEPARATOR}\n{SEPARATOR}").split(SEPARATOR)
    ends = cells[width :: width + 1]
    if ends.count("\n") != rows or len(cells) != rows * (width + 1) + 1:
        return None
    return Block(first_row, [cells[column : -1 : width + 1] for column in range(width)], text=text)


@cache
def _quoted(delimiter: str) -> re.Pattern[str]:
    """
    Find cells between quotation marks.

    It may find what only looks like one, but never so that no mark is left: the first of a line is
    part of the first cell that is found there, and what is before it shows whether it opens it.
    """
    return re.compile(rf'"([^"\n]*)"(?=[{re.escape(delimiter)}\n])')


def _plain(delimiter: str, cell: re.Match[str]) -> str:
    before = cell.string[cell.start() - 1] if cell.start() else "\n"
    return cell[1].replace(delimiter, HIDDEN) if before in (delimiter, "\n") else cell[0]

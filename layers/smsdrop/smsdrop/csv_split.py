"""
CSV text -> blocks of rows, by splitting at every delimiter: twice as fast as a CSV reader.

It takes text in which every line is one row of the usual width; the few lines with quotation marks
go to the CSV reader. Any other text is left to it as a whole.
"""

import csv
from collections.abc import Iterator

from smsdrop.header import MAX_COLUMNS
from smsdrop.rows import SEPARATOR, Block

MAX_QUOTES_A_LINE = 0.5
"""Where there are more, the CSV reader is as fast."""


def split_block(text: str, *, first_row: int, delimiter: str, width: int) -> Block | None:
    """
    Return the rows of whole lines, or None where only a CSV reader can tell them.

    A `width` of 0 says that it is not known yet.
    """
    text = text.replace("\r\n", "\n")
    if not text.endswith("\n"):
        text += "\n"
    rows = text.count("\n")
    quotes = text.count('"')
    if (
        not 0 < width <= MAX_COLUMNS
        or "\r" in text
        or SEPARATOR in text
        or len(text) > csv.field_size_limit()
        or quotes > rows * MAX_QUOTES_A_LINE
        or (width == 1 and "\n\n" in f"\n{text}")  # a blank line has no cell
    ):
        return None
    text = _without_quotes(text, delimiter) if quotes else text.replace(delimiter, SEPARATOR)
    cells = text.replace("\n", f"{SEPARATOR}\n").split(SEPARATOR)
    first = "".join(cells[:-1:width])
    if len(cells) != rows * width + 1 or first.count("\n") != rows - 1:
        return None
    cells[:-1:width] = first.split("\n")
    del cells[-1]
    return Block(first_row, [cells[column::width] for column in range(width)], text=text)


def _without_quotes(text: str, delimiter: str) -> str:
    """Put separators between the cells, or return nothing where a quoted line is no whole row."""
    spans = list(_quoted_lines(text))
    reader = csv.reader([text[start:end] for start, end in spans], delimiter=delimiter, strict=True)
    try:
        rows = [SEPARATOR.join(cells) for cells in reader]
    except csv.Error:
        return ""
    if len(rows) != len(spans):
        return ""
    pieces = []
    at = 0
    for (start, end), row in zip(spans, rows, strict=True):
        pieces += [text[at:start].replace(delimiter, SEPARATOR), row, "\n"]
        at = end
    return "".join(pieces) + text[at:].replace(delimiter, SEPARATOR)


def _quoted_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each line that has a quotation mark starts and ends."""
    end = 0
    while (quote := text.find('"', end)) >= 0:
        start = max(end, text.rfind("\n", end, quote) + 1)
        end = text.index("\n", quote) + 1
        yield start, end

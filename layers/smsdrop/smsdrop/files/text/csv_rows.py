"""CSV text -> rows, numbered as a spreadsheet shows them, with cells exactly as in the file."""

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from smsdrop.files.rows import in_blocks
from smsdrop.files.text.csv_split import split_block
from smsdrop.files.text.delimiters import find_delimiter
from smsdrop.files.text.encoding import Decoding
from smsdrop.files.text.lines import TextLines
from smsdrop.reasons import Reason, refused
from smsdrop.recipients.blocks import Block
from smsdrop.recipients.phone_numbers import read_phone_number

LINE_BREAK = re.compile(r"\r\n|\r|\n")


class CsvReading:
    """One pass over a file; its first piece shows the delimiter."""

    def __init__(self, decoding: Decoding, pieces: Iterator[bytes]) -> None:
        self._decoding = decoding
        self._pieces = pieces

    @property
    def encoding(self) -> str:
        return self._decoding.encoding

    def problems(self) -> list[Reason]:
        return []

    def blocks(self) -> Iterator[Block]:
        """
        Split the text into blocks, or gather them row by row where only a CSV reader can tell rows.

        The first row is 1; blank lines count; a line break between quotation marks stays within
        its row. Raises `FileRefused`, naming the row, if the bytes are not text or a quotation mark
        is unbalanced.
        """
        first = next(self._pieces, b"")
        delimiter, is_declared = find_delimiter(first.decode())
        lines = TextLines(chain([first], self._pieces))
        rows = rows_one_by_one(lines, delimiter)
        if is_declared:
            next(rows, None)
        width = 0
        while not width and (row := next(rows, None)):
            width = len(row[1])
            yield from in_blocks([row])
        while text := lines.rest_of_block():
            if block := split_block(
                text, first_row=lines.row + 1, delimiter=delimiter, width=width
            ):
                lines.skip_block()
                yield block
                lines.row += len(block)
            else:
                yield from in_blocks(islice(rows, most_rows(text)))


def most_rows(text: bytes) -> int:
    """Return the number of rows in the text, or a few more."""
    return text.count(b"\n") + text.count(b"\r") + 1


def rows_one_by_one(lines: TextLines, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 0
    try:
        for cells in reader:
            line += 1
            if reader.line_num != line:
                line = reader.line_num
                if swallows_rows(cells, delimiter):
                    raise refused("rows_swallowed", lines.row + 1)
            lines.row += 1
            yield lines.row, cells
    except csv.Error as error:
        raise refused("quote_unbalanced", lines.row + 1) from error


def swallows_rows(cells: Sequence[str], delimiter: str) -> bool:
    """
    Whether a cell contains lines that look like rows of their own.

    Two stray quotation marks can pair up, and then the rows between them are one cell: valid
    CSV, but one person would be texted the data of others. A line with a phone number between
    separators gives it away.
    """
    return any(
        isinstance(read_phone_number(piece), str)
        for cell in cells
        for line in LINE_BREAK.split(cell)[1:]
        if delimiter in line
        for piece in line.split(delimiter)
    )

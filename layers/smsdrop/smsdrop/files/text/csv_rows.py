"""CSV text -> rows, numbered as a spreadsheet shows them; cells lose only their text marks."""

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from smsdrop.files.rows import Row, UnreadableRow, in_blocks
from smsdrop.files.text.csv_split import split_block
from smsdrop.files.text.delimiters import find_delimiter
from smsdrop.files.text.encoding import Decoding
from smsdrop.files.text.lines import TextLines
from smsdrop.reasons import Reason, refused
from smsdrop.recipients.blocks import Block
from smsdrop.recipients.phone_numbers import lacks_digits, read_phone_number

TEXT_MARK = re.compile(r'\t*="((?:[^"]|"")*)"[\t ]*|\'([0-9]+)\t*')
"""What keeps a number text in Excel, and in programs that write for it."""

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
        Split the text into blocks, or gather them row by row where only a CSV reader can tell rows
        apart.

        The first row is 1; blank lines count; a line break between quotation marks stays within
        its row. Raises `FileRefused`, naming the row, if the bytes are not text or a quotation mark
        is unbalanced.
        """
        first = next(self._pieces, b"")
        delimiter, is_declared = find_delimiter(first.decode())
        lines = TextLines(chain([first], self._pieces))
        rows = CsvRows(lines, delimiter)
        if is_declared:
            rows.skip_one()
        width = 0
        while not width and (row := next(rows, None)):
            width = rows.width
            yield from in_blocks([row])
        while text := lines.rest_of_block():
            block = None
            if not rows.is_torn:
                block = split_block(
                    text,
                    first_row=lines.row + 1,
                    delimiter=delimiter,
                    width=width,
                    end=rows.end.encode(),
                )
            if block:
                lines.skip_block()
                yield block
                lines.row += len(block)
            else:
                yield from in_blocks(islice(rows, most_rows(text)))


def most_rows(text: bytes) -> int:
    """Return the number of rows in the text, or a few more."""
    return text.count(b"\n") + text.count(b"\r") + 1


class CsvRows:
    """
    The rows of a text one by one, each with its number.

    A line break of another kind than the header's does not end a row: it is inside an unquoted
    cell, and both pieces of the row are unreadable.
    """

    def __init__(self, lines: TextLines, delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._line = ""
        self._lines_read = 0
        self._reader = csv.reader(self._lines_noted(), delimiter=delimiter, strict=True)
        self.end = ""
        """The line break behind the header, the first row that is not blank."""
        self.width = 0
        """How many cells the header has."""
        self.is_torn = False
        """Whether the last row continues in the next."""

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        cells = self._cells()
        self._lines.row += 1
        row = self._lines.row
        end = line_break_of(self._line)
        if not any(map(str.strip, cells)):
            self.is_torn = self.is_torn and end != self.end
            return row, cells
        if not self.end:
            self.end, self.width = end or "\n", len(cells)
        was_torn, self.is_torn = self.is_torn, self._is_torn(end)
        if was_torn or self.is_torn:
            return row, UnreadableRow(cells=cells, reason=Reason("row_torn"))
        return row, cells

    def skip_one(self) -> None:
        next(self._reader, None)
        self._lines_read = self._reader.line_num
        self._lines.row += 1

    def _is_torn(self, end: str) -> bool:
        """A list of bare numbers has no cell that could continue."""
        return self.width > 1 and end not in ("", self.end)

    def _cells(self) -> list[str]:
        try:
            cells = next(self._reader)
        except csv.Error as error:
            raise refused("quote_unbalanced", self._lines.row + 1) from error
        lines_before, self._lines_read = self._lines_read, self._reader.line_num
        if self._lines_read > lines_before + 1 and swallows_rows(cells, self._delimiter):
            raise refused("rows_swallowed", self._lines.row + 1)
        return list(map(without_text_marks, cells))

    def _lines_noted(self) -> Iterator[str]:
        for line in self._lines:
            self._line = line
            yield line


def line_break_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def without_text_marks(cell: str) -> str:
    """Return what a mark keeps text: `="007"`, `'007`, or the same between tabs."""
    bare = cell.strip("\t")
    if bare.startswith(("=", "'")) and (match := TEXT_MARK.fullmatch(bare)):
        return (match[1] or match[2] or "").replace('""', '"')
    return bare


def swallows_rows(cells: Sequence[str], delimiter: str) -> bool:
    """
    Whether a cell contains lines that look like rows of their own.

    Two stray quotation marks can pair up, and then the rows between them are one cell: valid
    CSV, but one person would be texted the data of others. A line with a phone number between
    separators gives it away.
    """
    return any(
        is_number(piece)
        for cell in cells
        for line in lines_of(cell)
        if delimiter in line
        for piece in line.split(delimiter)
    )


def lines_of(cell: str) -> list[str]:
    """Return the lines of a cell that has several."""
    lines = LINE_BREAK.split(cell)
    return lines if len(lines) > 1 else []


def is_number(piece: str) -> bool:
    """Whether it looks like a row's phone number, even one that cannot be sent to."""
    number = read_phone_number(piece)
    return isinstance(number, str) or number.code == "phone_international" or lacks_digits(piece)

"""CSV bytes -> rows: numbered as a spreadsheet shows them, cells exactly as in the file."""

import csv
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import chain
from typing import Protocol

from smsdrop.phone import read_phone_number
from smsdrop.reasons import FileRefused, Reason

CHUNK_BYTES = 256 * 1024
"""Decoding at once this much or more costs least; four times as much gains nothing."""

MAX_ROW_CHARACTERS = 1024 * 1024
"""About where reading gives up on a row, so that a file without an end fits into memory."""

DELIMITER = ","
LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Readable(Protocol):
    """A file, or the body of an answer."""

    def read(self, size: int, /) -> bytes: ...


def read_csv_rows(stream: Readable) -> Iterator[tuple[int, list[str]]]:
    """
    Yield each row's number and cells, as they are read.

    The first row is 1; blank lines count; a line break between quotation marks stays within
    its row. Raises `FileRefused`, naming the row, where the bytes are no UTF-8 text or a
    quotation mark is astray.
    """
    return CsvReading(stream).rows()


class CsvReading:
    """One pass over a file, which knows how many rows it has read whole."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._row = 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        lines = chain.from_iterable(self._lines())
        reader = csv.reader(lines, delimiter=DELIMITER, strict=True)
        line = 0
        try:
            for row, cells in enumerate(reader, start=1):
                line += 1
                if reader.line_num != line:
                    line = reader.line_num
                    if swallows_rows(cells):
                        raise self._refusal("rows_swallowed")
                self._row = row
                yield row, cells
        except csv.Error as error:
            raise self._refusal("quote_unbalanced") from error
        except UnicodeDecodeError:
            # The error carries the bytes it failed on, phone numbers among them.
            raise self._refusal("not_utf8") from None

    def _refusal(self, code: str) -> FileRefused:
        """Names the first row that was not read whole."""
        return FileRefused(Reason(code, (str(self._row + 1),)))

    def _lines(self) -> Iterator[StringIO]:
        """
        Yield blocks of whole lines, each line with its own ending.

        `StringIO` ends lines where spreadsheets do, as `str.splitlines` does not, and
        `csv.reader` takes them from it without a step of Python between.
        """
        rest = ""
        held, row = 0, self._row
        for text in decoded(self._stream):
            if row != self._row:
                held, row = len(rest), self._row
            held += len(text)
            if held > MAX_ROW_CHARACTERS:
                raise self._refusal("row_too_long")
            text = rest + text
            end = end_of_last_line(text)
            rest = text[end:]
            yield StringIO(text[:end], newline="")
        yield StringIO(rest, newline="")


def decoded(stream: Readable) -> Iterator[str]:
    """Decode UTF-8, dropping a BOM; yield what precedes a wrong byte before raising."""
    decoder = getincrementaldecoder("utf-8-sig")()
    chunks = iter(lambda: stream.read(CHUNK_BYTES), b"")
    for chunk in chain(chunks, [b""]):
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode()
            raise
        yield text


def end_of_last_line(text: str) -> int:
    """Where the last whole line ends; a final \\r may be half of a \\r\\n yet to come."""
    end = text.rfind("\n") + 1
    return max(end, text.rfind("\r", end, len(text) - 1) + 1)


def swallows_rows(cells: Sequence[str]) -> bool:
    """
    Whether a cell goes on with lines that look like rows of their own.

    Two stray quotation marks can pair up, and then the rows between them are one cell: good
    CSV, but somebody would be texted the data of others. A line with a phone number between
    separators gives it away.
    """
    return any(
        isinstance(read_phone_number(piece), str)
        for cell in cells
        for line in LINE_BREAK.split(cell)[1:]
        if DELIMITER in line
        for piece in line.split(DELIMITER)
    )

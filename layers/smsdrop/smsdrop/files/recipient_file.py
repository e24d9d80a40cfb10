"""A recipient file of any format: its header, and the rows to be judged."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain

from smsdrop.files.formats import find_reading
from smsdrop.files.streams import CHUNK_BYTES, Readable
from smsdrop.reasons import Reason, refused
from smsdrop.recipients.characters import is_blank
from smsdrop.recipients.phone_numbers import COMPACT, TEXT_MARKS
from smsdrop.recipients.rows import Block, Reading, Row, UnreadableRow, one_by_one

FIRST_ROWS = 20
"""Looked at to tell a list of plain numbers from rows under a header."""

NUMBER = re.compile(r"\+?[0-9]{7,}(?:\.0*)?|[0-9]\.[0-9]+[eE]\+?[0-9]+")

IMPLIED_NAME = "phone_number"
"""Of the one column of plain numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFile:
    """A file being read; what is said of it is complete once its rows have come to their end."""

    header: list[str]
    rows: Iterator[Row | Block]
    blank: int
    """Blank rows before the header."""
    reading: Reading

    @property
    def encoding(self) -> str:
        return self.reading.encoding

    def problems(self) -> list[Reason]:
        return self.reading.problems()


@contextmanager
def open_recipient_file(stream: Readable) -> Iterator[RecipientFile]:
    """
    Read a file up to its header, in whatever format; with its last row the stream is at its end.

    Raises `FileRefused`, then or while rows are read, where the file as a whole is not usable.
    """
    with ExitStack() as stack:
        reading = find_reading(stream, stack)
        yield under_header(reading, afterwards=drained(stream))


def under_header(reading: Reading, *, afterwards: Iterable[Row] = ()) -> RecipientFile:
    """Read up to the header; `afterwards` is what is left to be done with the last row."""
    rows = reading.rows()
    blank, first_rows = 0, list[Row]()
    for each in rows:
        for row in one_by_one([each]):
            if first_rows or not is_blank_row(row):
                first_rows.append(row)
            else:
                blank += 1
        if len(first_rows) >= FIRST_ROWS:
            break
    if not first_rows:
        raise refused("no_recipients")
    _, first = first_rows[0]
    implied = implied_header(first_rows[:FIRST_ROWS])
    return RecipientFile(
        header=implied or ([] if isinstance(first, UnreadableRow) else first),
        rows=chain(first_rows if implied else first_rows[1:], rows, afterwards),
        blank=blank,
        reading=reading,
    )


def implied_header(rows: Sequence[Row]) -> list[str]:
    """Return the header that plain numbers, one a row and in one column, do not have."""
    column = -1
    for _, cells in rows:
        if isinstance(cells, UnreadableRow):
            return []
        filled = [at for at, cell in enumerate(cells) if not is_blank([cell])]
        if not filled:
            continue
        column = filled[0] if column < 0 else column
        if filled != [column] or not is_number(cells[column]):
            return []
    return [*[""] * column, IMPLIED_NAME]


def is_number(cell: str) -> bool:
    return NUMBER.fullmatch(cell.translate(COMPACT).strip(TEXT_MARKS)) is not None


def is_blank_row(row: Row) -> bool:
    _, cells = row
    return not isinstance(cells, UnreadableRow) and is_blank(cells)


def drained(stream: Readable) -> Iterator[Row]:
    """Read what no format needed, without a row; whoever hashes the file has seen all of it."""
    while stream.read(CHUNK_BYTES):
        pass
    yield from ()

"""A recipient file of any format: its header, and the rows under it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, islice, takewhile

from smsdrop.files.formats import find_reading
from smsdrop.files.rows import Reading
from smsdrop.files.spreadsheets.sheets import SheetReading
from smsdrop.files.streams import CHUNK_BYTES, Readable
from smsdrop.reasons import FileRefused, Reason, refused
from smsdrop.recipients.blocks import Block
from smsdrop.recipients.characters import is_blank
from smsdrop.recipients.header import PHONE, Header, read_header, role, shown
from smsdrop.recipients.phone_numbers import COMPACT, TEXT_MARKS

FIRST_ROWS = 20
"""Rows that are checked to tell a list of bare numbers from rows under a header."""

NUMBER = re.compile(r"\+?[0-9]{7,}(?:\.0*)?|[0-9]\.[0-9]+[eE]\+?[0-9]+")

IMPLIED_NAME = "phone_number"
"""The name of the only column in a list of bare numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFile:
    """A file being read; `encoding` and `problems` are final once its blocks have ended."""

    header: list[str]
    header_row: int
    blocks: Iterator[Block]
    blank: int
    """Blank rows before the header."""
    reading: Reading
    first: Sequence[Block] = ()
    """The first rows under the header."""

    def read_header(self) -> Header:
        """Find out what each column is for; a refusal says where the list may be instead."""
        try:
            return read_header(self.header)
        except FileRefused as refusal:
            raise FileRefused(self._with_whereabouts(refusal.reason)) from None

    def _with_whereabouts(self, reason: Reason) -> Reason:
        if reason.code not in ("no_recipient_column", "header_missing"):
            return reason
        sheets = sheets_of(self.reading)
        lower = next(rows_with_recipient_column(self.first), None)
        if lower is not None:
            rows = (str(lower), str(self.header_row))
            return Reason("header_lower_down" + "_in_sheet" * bool(sheets), (*rows, *sheets))
        if sheets and reason.code == "no_recipient_column":
            found = " | ".join(reason.details)
            return Reason("no_recipient_column_in_sheet", (*sheets, found))
        return reason

    @property
    def encoding(self) -> str:
        return self.reading.encoding

    def problems(self) -> list[Reason]:
        return self.reading.problems()


@contextmanager
def open_recipient_file(
    stream: Readable, *, with_hidden_rows: bool = False
) -> Iterator[RecipientFile]:
    """
    Read a file of any format up to its header; after the last block the stream is at its end.

    A sheet with hidden rows is refused after its last row, unless `with_hidden_rows`.

    Raises `FileRefused`, at once or while blocks are read, if the file as a whole is unusable.
    """
    with ExitStack() as stack:
        reading = find_reading(stream, stack, with_hidden_rows=with_hidden_rows)
        yield under_header(reading, afterwards=drained(stream))


def under_header(reading: Reading, *, afterwards: Iterable[Block] = ()) -> RecipientFile:
    """Read up to the header; `afterwards` is iterated over after the last block."""
    blocks = reading.blocks()
    blank, first = 0, list[Block]()
    for block in blocks:
        leading = 0 if first else leading_blank_rows(block)
        blank += leading
        if leading < len(block):
            first.append(block.after(leading))
        if sum(map(len, first)) >= FIRST_ROWS:
            break
    if not first:
        raise no_recipients(reading, otherwise="file_empty")
    header, header_row = implied_header(first), first[0].first_row
    if not header:
        header = [] if first[0].fault else first[0].cells(0)
        first[0] = first[0].after(1)
    return RecipientFile(
        header=header,
        header_row=header_row,
        first=tuple(first),
        blocks=filter(len, chain(first, blocks, afterwards)),
        blank=blank,
        reading=reading,
    )


def no_recipients(reading: Reading, *, otherwise: str = "no_recipients") -> FileRefused:
    """Return why the file is refused; `otherwise` is the code if there is no other sheet."""
    sheets = sheets_of(reading)
    return refused("no_recipients_in_sheet", *sheets) if sheets else refused(otherwise)


def sheets_of(reading: Reading) -> tuple[str, ...]:
    """Return the sheet that is read and the names of the others; empty if no other is visible."""
    if not isinstance(reading, SheetReading):
        return ()
    reading.look_at_the_rest()
    if not reading.other_sheets:
        return ()
    return (*shown([reading.sheet]), " | ".join(shown(reading.other_sheets)))


def rows_with_recipient_column(blocks: Iterable[Block]) -> Iterator[int]:
    for block in blocks:
        for number, cells in block.rows():
            if not block.fault and PHONE in map(role, cells):
                yield number


def leading_blank_rows(block: Block) -> int:
    if block.fault:
        return 0
    return sum(1 for _ in takewhile(is_blank, (cells for _, cells in block.rows())))


def implied_header(blocks: Sequence[Block]) -> list[str]:
    """Return a header for bare numbers, one per row in one column; empty for other rows."""
    column = -1
    rows = ((block.fault, cells) for block in blocks for _, cells in block.rows())
    for fault, cells in islice(rows, FIRST_ROWS):
        if fault:
            return []
        filled = [position for position, cell in enumerate(cells) if not is_blank([cell])]
        if not filled:
            continue
        column = filled[0] if column < 0 else column
        if filled != [column] or not is_number(cells[column]):
            return []
    return [*[""] * column, IMPLIED_NAME]


def is_number(cell: str) -> bool:
    return NUMBER.fullmatch(cell.translate(COMPACT).strip(TEXT_MARKS)) is not None


def drained(stream: Readable) -> Iterator[Block]:
    """Read to the end, without yielding anything, so that a hash of the file covers all of it."""
    while stream.read(CHUNK_BYTES):
        pass
    yield from ()

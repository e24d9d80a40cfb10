"""
Read the numbers of a suppression list: a file of any format that recipient files may have.

Every column of phone numbers counts, also in hidden rows, and nothing else does: it is worse to
miss somebody on such a list than to have one too many.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from smsdrop.files.recipient_file import RecipientFile, open_recipient_file
from smsdrop.files.streams import Readable
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import TextBlock
from smsdrop.recipients.characters import INVISIBLE, WHITE_SPACE, is_blank
from smsdrop.recipients.header import PHONE, role
from smsdrop.recipients.layout import SEPARATOR, Columns
from smsdrop.recipients.phone_numbers import read_international_number
from smsdrop.validation.fast_path import DIGITS, NUMBER, SPELLED, respell
from smsdrop.validation.rows_read import read_numbers

PLAIN = re.compile(rf"(?:{NUMBER}\n)++".encode())

NEVER_TEXTED = frozenset(["phone_landline"])
"""What a cell may hold, without being at fault, instead of a number that texts are sent to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNumbers:
    """
    The numbers of some rows: in mainland China eleven digits each, with a line break after each;
    abroad digits from the country code.

    `rows` are all but the blank ones; in `without` of them nothing can be read as a number.
    """

    domestic: bytes = b""
    abroad: Sequence[str] = ()
    rows: int = 0
    without: int = 0


def listed_numbers(stream: Readable) -> Iterator[ListedNumbers]:
    """Yield what some rows hold at a time; raises `FileRefused` if the file cannot be read."""
    with open_recipient_file(stream, with_hidden_rows=True) as file:
        columns = _columns_of_numbers(file)
        usual = _usual_rows(columns[0]) if len(columns) == 1 else None
        for block in file.blocks:
            if usual and isinstance(block, TextBlock) and block.is_clean:
                yield _of_text(block, columns[0], usual)
            else:
                yield _of_columns(block.columns, columns)


def _columns_of_numbers(file: RecipientFile) -> list[int]:
    """Return all columns of numbers; if there is none, the refusal says where else they may be."""
    names = [name.strip(WHITE_SPACE + INVISIBLE) for name in file.header]
    columns = [place for place, name in enumerate(names) if role(name) == PHONE]
    return columns or [file.read_header().phone]


def _usual_rows(column: int) -> re.Pattern[bytes]:
    """Match a row each, and find its number in a spelling that `respell` knows, or nothing."""
    before = rf"(?:[^{SEPARATOR}\n]*+{SEPARATOR}){{{column}}}"
    return re.compile(rf"{before}({NUMBER}|{SPELLED})(?:{SEPARATOR}.*|\r)?\n|.*\n".encode())


def _of_text(block: TextBlock, column: int, usual: re.Pattern[bytes]) -> ListedNumbers:
    """Look closer only at unusual rows; a list of plain numbers has none."""
    if block.width == 1 and PLAIN.fullmatch(text := block.text.replace(block.end, b"\n")):
        return ListedNumbers(domestic=text, rows=len(block))
    numbers = usual.findall(block.text)
    are_usual = set(map(len, numbers)) == {DIGITS}
    unclear = [] if are_usual else respell([*numbers], numbers, is_first=True)
    if not unclear:
        return ListedNumbers(domestic=in_lines(numbers), rows=len(block))
    for place in reversed(unclear):
        del numbers[place]
    closer = _of_columns(block.some(unclear), [column])
    return replace(
        closer, domestic=in_lines(numbers) + closer.domestic, rows=len(numbers) + closer.rows
    )


def _of_columns(cells: Columns, columns: Sequence[int]) -> ListedNumbers:
    """A row that the reader finds fault with still holds a number, if that can be read."""
    domestic: list[str] = []
    abroad: list[str] = []
    rows = len(cells[0])
    without = set(range(rows))
    for column in cells_of(cells, columns):
        numbers, reasons, rounded = read_numbers(column)
        domestic += filter(None, numbers)
        found = _abroad(column, reasons)
        abroad += found.values()
        known = {place for place, each in reasons.items() if each.code in NEVER_TEXTED}
        without &= (reasons.keys() | set(rounded)) - found.keys() - known
    blank = sum(is_blank([column[place] for column in cells]) for place in without)
    return ListedNumbers(
        domestic=in_lines([each.encode() for each in domestic]),
        abroad=abroad,
        rows=rows - blank,
        without=len(without) - blank,
    )


def in_lines(numbers: Sequence[bytes]) -> bytes:
    return b"\n".join([*numbers, b""])


def cells_of(cells: Columns, columns: Sequence[int]) -> list[Sequence[str]]:
    """Return some columns; one that no row of the block reaches is left out."""
    return [cells[each] for each in columns if each < len(cells)]


def _abroad(cells: Sequence[str], reasons: dict[int, Reason]) -> dict[int, str]:
    read = {
        place: read_international_number(cells[place])
        for place, reason in reasons.items()
        if reason.code == "phone_international"
    }
    return {place: each for place, each in read.items() if isinstance(each, str)}

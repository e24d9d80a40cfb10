"""
Read the numbers of a suppression list: a file of any format that recipient files may have.

Every column of phone numbers counts, also in hidden rows, and nothing else does: it is worse to
miss somebody on such a list than to have one too many.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smsdrop.files.recipient_file import RecipientFile, open_recipient_file
from smsdrop.files.streams import Readable
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block
from smsdrop.recipients.characters import INVISIBLE, WHITE_SPACE, is_blank
from smsdrop.recipients.header import PHONE, role
from smsdrop.recipients.phone_numbers import read_international_number
from smsdrop.validation.rows_read import read_numbers

NEVER_TEXTED = frozenset(["phone_landline"])
"""What a cell may hold instead of a number that texts are sent to, and not be at fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNumbers:
    """
    The numbers of some rows: in mainland China eleven digits, abroad digits from the country code.

    `rows` are all but the blank ones; in `without` of them nothing can be read as a number.
    """

    domestic: Sequence[str] = ()
    abroad: Sequence[str] = ()
    rows: int = 0
    without: int = 0


def listed_numbers(stream: Readable) -> Iterator[ListedNumbers]:
    """Yield what some rows hold at a time; raises `FileRefused` if the file cannot be read."""
    with open_recipient_file(stream, with_hidden_rows=True) as file:
        columns = _columns_of_numbers(file)
        for block in file.blocks:
            yield _of_block(block, columns)


def _columns_of_numbers(file: RecipientFile) -> list[int]:
    """Return all of them; where there is none, the refusal says where else they may be."""
    names = [name.strip(WHITE_SPACE + INVISIBLE) for name in file.header]
    columns = [place for place, name in enumerate(names) if role(name) == PHONE]
    return columns or [file.read_header().phone]


def _of_block(block: Block, columns: Sequence[int]) -> ListedNumbers:
    """A row that the reader finds fault with holds a number all the same, if it can be read."""
    domestic: list[str] = []
    abroad: list[str] = []
    without = set(range(len(block)))
    for column in columns:
        if column >= len(block.columns):
            continue
        numbers, reasons, rounded = read_numbers(block.columns[column])
        lost = set(rounded)
        domestic += [each for each in numbers if each]
        found = _abroad(block.columns[column], reasons)
        abroad += found.values()
        known = {place for place, each in reasons.items() if each.code in NEVER_TEXTED}
        without &= (reasons.keys() | lost) - found.keys() - known
    blank = [place for place in without if is_blank(block.cells(place))]
    return ListedNumbers(
        domestic=domestic,
        abroad=abroad,
        rows=len(block) - len(blank),
        without=len(without) - len(blank),
    )


def _abroad(cells: Sequence[str], reasons: dict[int, Reason]) -> dict[int, str]:
    read = {
        place: read_international_number(cells[place])
        for place, reason in reasons.items()
        if reason.code == "phone_international"
    }
    return {place: each for place, each in read.items() if isinstance(each, str)}

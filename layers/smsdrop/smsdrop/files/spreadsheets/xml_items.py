"""XML -> items while it is read: neither a document nor an item may fill the memory."""

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from smsdrop.files.streams import Readable
from smsdrop.reasons import refused

PIECE_BYTES = 64 * 1024

MAX_ITEM_BYTES = 4 * 1024**2
"""Reading fails at an item, such as a row, of about this size; Excel's widest row has an eighth."""

Attributes: TypeAlias = dict[str, str]

Item = TypeVar("Item")


def new_parser() -> XMLParserType:
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def read_items(
    stream: Readable,
    parser: XMLParserType,
    made: list[Item],
    *,
    is_done: Callable[[], bool] = lambda: False,
) -> Iterator[Item]:
    """
    Yield what the parser's handlers append to `made`, until the end or until `is_done`.

    Raises `FileRefused` if the document is broken, or makes no item for too long.
    """
    idle = 0
    while not is_done() and (piece := stream.read(PIECE_BYTES)):
        _parse(parser, piece)
        idle += len(piece)
        if made:
            yield from made
            made.clear()
            idle = 0
        if idle > MAX_ITEM_BYTES:
            raise refused("part_too_long")
    if not is_done():
        _parse(parser, b"", is_final=True)
        yield from made


def local(name: str) -> str:
    """Return the name of an element or attribute without its prefix."""
    return name[name.rfind(":") + 1 :]


def _parse(parser: XMLParserType, piece: bytes, *, is_final: bool = False) -> None:
    try:
        parser.Parse(piece, is_final)
    except (ExpatError, ValueError, LookupError) as error:  # the last two from handlers too
        raise refused("file_broken") from error


def _refuse_doctype(*_: object) -> None:
    """Refuse a doctype: no spreadsheet has one, and its entities could grow without end."""
    raise refused("file_broken")

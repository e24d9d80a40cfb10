"""XML -> items, as they are read: neither a document nor an item of it may fill the memory."""

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from smsdrop.files.streams import Readable
from smsdrop.reasons import refused

PIECE_BYTES = 64 * 1024

MAX_ITEM_BYTES = 4 * 1024**2
"""About where reading gives up on an item, such as a row; Excel's widest has half a megabyte."""

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
    Yield what the parser's handlers append to `made`, until the end or until it is done.

    Raises `FileRefused` where the document is broken, or goes on without making anything.
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
    """The name of an element or attribute without the prefix that its author chose."""
    return name[name.rfind(":") + 1 :]


def _parse(parser: XMLParserType, piece: bytes, *, is_final: bool = False) -> None:
    try:
        parser.Parse(piece, is_final)
    except (ExpatError, ValueError, IndexError) as error:  # the latter by a number out of place
        raise refused("file_broken") from error


def _refuse_doctype(*_: object) -> None:
    """No spreadsheet has one; it could define entities that grow without end."""
    raise refused("file_broken")

"""What the styles of an OpenDocument spreadsheet hide, and the names of its sheets."""

import re
from collections.abc import Iterator
from html import unescape

from smsdrop.files.spreadsheets.xml_items import Attributes
from smsdrop.files.streams import CHUNK_BYTES, Readable, Replayed

TAG = re.compile(rb"<(?:[a-z]+:)?(style|table-properties|table)[\s>][^<>]*>?")

ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

MAX_TAG_BYTES = 64 * 1024

NO_HEIGHT = re.compile(r"0+(?:\.0*)?[a-z]*")


class HiddenStyles:
    """The names of styles whose sheets or rows are hidden, as they are declared."""

    def __init__(self) -> None:
        self._style = ""
        self._of_tables: set[str] = set()
        self._of_rows: set[str] = set()

    def look_at(self, name: str, attributes: Attributes) -> None:
        if name == "style":
            self._style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self._of_tables.add(self._style)
        elif name == "table-row-properties" and NO_HEIGHT.fullmatch(
            attributes.get("row-height", "-")
        ):
            self._of_rows.add(self._style)

    def has_table(self, attributes: Attributes) -> bool:
        return attributes.get("style-name") in self._of_tables

    def has_row(self, attributes: Attributes) -> bool:
        is_visible = attributes.get("visibility", "visible") == "visible"
        return not is_visible or attributes.get("style-name") in self._of_rows


class Recorded:
    """A stream whose last piece can be read again."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._last = b""

    def read(self, size: int, /) -> bytes:
        self._last = self._stream.read(size)
        return self._last

    def rest(self) -> Readable:
        """Return the stream from its last piece on."""
        return Replayed(self._last, self._stream)


def sheet_names(content: Readable, hidden: HiddenStyles) -> list[str]:
    """Return the names of the visible sheets, without parsing all their content."""
    names = []
    for name, attributes in tags(content):
        hidden.look_at(name, attributes)
        if (
            name == "table"
            and not hidden.has_table(attributes)
            and "is-sub-table" not in attributes
        ):
            names.append(attributes.get("name", ""))
    return names


def tags(content: Readable) -> Iterator[tuple[str, Attributes]]:
    """Yield the tags of styles and sheets, with the local names of their attributes."""
    rest = b""
    is_last = False
    while not is_last:
        piece = content.read(CHUNK_BYTES)
        is_last = not piece
        piece = rest + piece
        end = len(piece) if is_last else max(piece.rfind(b"<"), len(piece) - MAX_TAG_BYTES)
        for match in TAG.finditer(piece, 0, end):
            attributes = ATTRIBUTE.findall(match[0].decode(errors="replace"))
            yield match[1].decode(), {key: unescape(one or two) for key, one, two in attributes}
        rest = piece[end:]

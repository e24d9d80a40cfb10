"""Text in UTF-8 -> blocks of whole lines, none of which is without an end."""

from collections.abc import Iterable, Iterator
from io import StringIO

from smsdrop.files.rows import MAX_ROW_SIZE
from smsdrop.files.text.encoding import NotText
from smsdrop.reasons import refused


class TextLines:
    """
    One pass over a text, to be read line by line, or in blocks of whole lines, in any turn.

    `row` is the last that its reader has read whole. Raises `FileRefused` naming the row where the
    bytes are no text, or the row has no end.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._blocks = self._whole_lines(pieces)
        self._block = b""
        self._at = 0
        self.row = 0

    def __iter__(self) -> Iterator[str]:
        """
        Yield the lines that are not read yet, each with its own ending.

        `StringIO` ends lines where spreadsheets do, as `str.splitlines` does not.
        """
        while rest := self.rest_of_block():
            block, at = self._block, self._at
            for line in StringIO(rest.decode(), newline=""):
                if block is not self._block or at != self._at:
                    break  # the block was skipped meanwhile
                self._at = at = at + len(line.encode())
                yield line

    def rest_of_block(self) -> bytes:
        """Return whole lines that are not read yet, and leave them so; none only at the end."""
        while self._at == len(self._block):
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._block, self._at = block, 0
        return self._block[self._at :]

    def skip_block(self) -> None:
        self._at = len(self._block)

    def _whole_lines(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        rest = b""
        held, row = 0, self.row
        for piece in self._checked(pieces):
            if row != self.row:
                held, row = len(rest), self.row
            held += len(piece)
            if held > MAX_ROW_SIZE:
                raise refused("row_too_long", self.row + 1)
            text = rest + piece
            end = end_of_last_line(text)
            rest = text[end:]
            yield text[:end]
        yield rest

    def _checked(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        try:
            yield from pieces
        except NotText:
            raise refused("not_text", self.row + 1) from None


def end_of_last_line(text: bytes) -> int:
    """Where the last whole line ends; a final \\r may be half of a \\r\\n yet to come."""
    end = text.rfind(b"\n") + 1
    return max(end, text.rfind(b"\r", end, len(text) - 1) + 1)

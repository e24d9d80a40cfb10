"""Text in UTF-8 -> blocks of whole lines of bounded length."""

from collections.abc import Iterable, Iterator
from io import StringIO

from smsdrop.files.rows import MAX_ROW_SIZE
from smsdrop.files.text.encoding import NotText
from smsdrop.reasons import refused


class TextLines:
    """
    One pass over a text, which may be read by lines and by blocks of whole lines in turn.

    `row` is the last row that the reader has completed. Raises `FileRefused`, naming the row, if
    the bytes are not text or a row does not end.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._blocks = self._whole_lines(pieces)
        self._block = b""
        self._position = 0
        self.row = 0

    def __iter__(self) -> Iterator[str]:
        """
        Yield the lines that have not been read yet, each with its own ending.

        `StringIO` ends lines where spreadsheets do; `str.splitlines` does not.
        """
        while rest := self.rest_of_block():
            block, position = self._block, self._position
            for line in StringIO(rest.decode(), newline=""):
                if block is not self._block or position != self._position:
                    break  # the block has been skipped since
                self._position = position = position + len(line.encode())
                yield line

    def rest_of_block(self) -> bytes:
        """Return whole lines that have not been read yet, without reading them; none at the end."""
        while self._position == len(self._block):
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._block, self._position = block, 0
        return self._block[self._position :]

    def skip_block(self) -> None:
        self._position = len(self._block)

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
    """Return where the last whole line ends; a final \\r may be half of a \\r\\n."""
    end = text.rfind(b"\n") + 1
    return max(end, text.rfind(b"\r", end, len(text) - 1) + 1)

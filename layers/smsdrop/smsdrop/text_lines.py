"""Text -> blocks of whole lines, none of which is without an end."""

from collections.abc import Iterable, Iterator
from io import StringIO

from smsdrop.decoding import NotText
from smsdrop.rows import MAX_ROW_CHARACTERS, refused


class TextLines:
    """One pass over a text; `row` is the last that its reader has read whole."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts
        self.row = 0

    def blocks(self) -> Iterator[StringIO]:
        """
        Yield blocks of whole lines, each line with its own ending.

        `StringIO` ends lines where spreadsheets do, as `str.splitlines` does not, and
        `csv.reader` takes them from it without a step of Python between. Raises `FileRefused`
        naming the row where the bytes are no text, or the row has no end.
        """
        rest = ""
        held, row = 0, self.row
        for text in self._checked():
            if row != self.row:
                held, row = len(rest), self.row
            held += len(text)
            if held > MAX_ROW_CHARACTERS:
                raise refused("row_too_long", self.row + 1)
            text = rest + text
            end = end_of_last_line(text)
            rest = text[end:]
            yield StringIO(text[:end], newline="")
        yield StringIO(rest, newline="")

    def _checked(self) -> Iterator[str]:
        try:
            yield from self._texts
        except NotText:
            raise refused("not_text", self.row + 1) from None


def end_of_last_line(text: str) -> int:
    """Where the last whole line ends; a final \\r may be half of a \\r\\n yet to come."""
    end = text.rfind("\n") + 1
    return max(end, text.rfind("\r", end, len(text) - 1) + 1)

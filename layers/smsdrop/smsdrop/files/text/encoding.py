"""Bytes -> text in UTF-8; the encoding is found from the bytes while they are read."""

import re
from codecs import BOM_UTF8, getincrementaldecoder, utf_8_decode
from collections.abc import Iterable, Iterator
from itertools import chain

from smsdrop.files.streams import CHUNK_BYTES, Readable, read_fully
from smsdrop.files.text.gb18030 import Plausibility

UTF_8 = "utf-8"


UTF_8_MARKED = "utf-8-sig"


UTF_16 = "utf-16"


GB18030 = "gb18030"
"""What Chinese Excel saves; GBK and GB2312 are parts of it."""

BEGINNINGS = (
    (re.compile(BOM_UTF8), UTF_8_MARKED),
    (re.compile(rb"\xff\xfe|\xfe\xff"), "utf-16"),
    (re.compile(rb"(?:[\t\n\r -~]\x00){2}"), "utf-16-le"),
    (re.compile(rb"(?:\x00[\t\n\r -~]){2}"), "utf-16-be"),
)
"""Beginnings of a text that show its encoding."""

NAMES = {
    "utf-8": UTF_8,
    UTF_8_MARKED: UTF_8,
    "utf-16": UTF_16,
    "utf-16-le": UTF_16,
    "utf-16-be": UTF_16,
    "gb18030": GB18030,
}
"""What the summary calls each variety."""

LONGEST_LETTER = 4
"""The most bytes of a letter in any encoding; a chunk's last letter may go on in the next."""

NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


LONG_IN_UTF_8 = re.compile(r"[^\x00-\u07ff]")
"""Letters of three bytes or more; Chinese in another encoding hardly ever looks like them."""

BESIDE_LATIN = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")


class NotText(Exception):
    """The bytes are text in none of the encodings; all text before them has been yielded."""


class Decoding:
    """One pass over a text; `encoding` is what it is as far as it was read."""

    def __init__(self, stream: Readable) -> None:
        self._chunks = iter(lambda: read_fully(stream, CHUNK_BYTES), b"")
        self.encoding = UTF_8
        """ASCII counts as UTF-8."""

    def pieces(self) -> Iterator[bytes]:
        """
        Yield the text in UTF-8, in large pieces of whole letters, without a byte order mark.

        ASCII does not decide: the encoding is found from the first chunk that is not pure ASCII.
        Raises `NotText`.
        """
        chunk = next(self._chunks, b"")
        variety = variety_by_beginning(chunk)
        while not variety and chunk and chunk.isascii():
            yield chunk
            chunk = next(self._chunks, b"")
        if not variety and chunk[:-LONGEST_LETTER].isascii():
            chunk += next(self._chunks, b"")
        variety = variety or variety_by_trial(chunk)
        self.encoding = NAMES[variety]
        if variety == UTF_8_MARKED:
            chunk = chunk.removeprefix(BOM_UTF8)
        chunks = chain([chunk], self._chunks, [b""])
        try:
            yield from checked(chunks) if self.encoding == UTF_8 else converted(chunks, variety)
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(error.encoding).encode()
            # The error holds the bytes it failed on, with phone numbers.
            raise NotText from None


def checked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield UTF-8 as it comes, after checking that it is; the last chunk is empty."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        _, end = utf_8_decode(text, "strict", not chunk)
        yield text[:end]
        rest = text[end:]


def converted(chunks: Iterable[bytes], variety: str) -> Iterator[bytes]:
    """
    Yield text of another encoding in UTF-8; the last chunk is empty.

    Raises `FileRefused` if what reads as GB18030 is hardly that.
    """
    decoder = getincrementaldecoder(variety)()
    plausibility = Plausibility() if variety == GB18030 else None
    for chunk in chunks:
        text = decoder.decode(chunk, final=not chunk)
        in_utf_8 = text.encode()
        if plausibility:
            plausibility.look_at(text, in_utf_8)
        yield in_utf_8


def variety_by_beginning(chunk: bytes) -> str:
    for pattern, variety in BEGINNINGS:
        if pattern.match(chunk):
            return variety
    return ""


def variety_by_trial(chunk: bytes) -> str:
    """
    Tell UTF-8 from GB18030 by a chunk that is not pure ASCII.

    Text in GB18030 is hardly ever valid UTF-8; UTF-8 often is valid GB18030, but nonsense. So UTF-8
    that breaks somewhere after its first Chinese letters stays UTF-8, and is refused.
    """
    try:
        text = getincrementaldecoder("utf-8")().decode(chunk)
    except UnicodeDecodeError as error:
        begins_well = LONG_IN_UTF_8.search(chunk[: error.start].decode())
        return "utf-8" if begins_well else "gb18030"
    return "gb18030" if is_rather_chinese(chunk, text) else "utf-8"


def is_rather_chinese(chunk: bytes, text: str) -> bool:
    """
    Whether valid UTF-8 is more likely a few Chinese letters in GB18030.

    One in thirty Chinese names of two letters also reads as two European letters in UTF-8, such as
    ģӡ. These then have no Latin letter beside them, as letters with accents mostly do.
    """
    letters = "".join(NOT_ASCII.findall(text))
    if not letters.isalpha() or LONG_IN_UTF_8.search(letters) or BESIDE_LATIN.search(text):
        return False
    try:
        chunk.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True

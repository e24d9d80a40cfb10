"""
Tells text in GB18030 from text in another encoding that only reads as if it were.

Nearly any bytes can be read as GB18030. Big5, Shift-JIS and Windows-1252 give themselves away by
letters that people in China hardly ever use, or not in such places.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from smsdrop.reasons import refused

ASCII = bytes(range(0x80))

PRIVATE_USE = b"\xee"
"""The first byte in UTF-8 of the private-use letters that two bytes of GB18030 stand for."""

MOST_LETTERS = 50
"""The most letters outside GB2312 that are checked in a piece of text."""

MOST_PLACES = 20
"""The most places checked for each letter; if the letter is wrong, one of the first shows it."""


def letters_of(leads: range, *, in_gb2312: bool) -> str:
    """Return the Chinese letters of two bytes whose first is one of these."""
    pairs = [bytes([lead, trail]) for lead in leads for trail in range(0x40, 0xFF)]
    letters = (
        pair.decode("gbk", "replace")
        for pair in pairs
        if is_in_gb2312(pair) == in_gb2312 and pair[1] != 0x7F
    )
    return "".join(letter for letter in letters if "\u4e00" <= letter <= "\u9fff")


def is_in_gb2312(pair: bytes) -> bool:
    return len(pair.decode("gb2312", "replace")) == 1 and pair[0] > 0xA0 and pair[1] > 0xA0


@dataclass(frozen=True, slots=True)
class Patterns:
    """What is looked for in a text."""

    outside: re.Pattern[str]
    """Chinese letters that GB2312 does not have: 喆 and 堃 in names, and all but 6,763."""
    amid_latin: re.Pattern[str]
    """What two letters with accents of Windows-1252 look like between others: Gr鲞e."""


@cache
def patterns() -> Patterns:
    """Make the patterns only if a file needs them: that takes a while."""
    outside = f"[{letters_of(range(0x81, 0xFF), in_gb2312=False)}]"
    rare = f"[{letters_of(range(0xD8, 0xF8), in_gb2312=True)}]"  # listed second, by radical
    return Patterns(
        outside=re.compile(outside),
        amid_latin=re.compile(f"[A-Za-z]{rare}[A-Za-z]"),
    )


FOREIGN = re.compile("[\u0370-\u04ff\u3040-\u312f\u2500-\u257f]")
"""Greek, Cyrillic, Japanese and box-drawing letters: a text in Chinese has them singly."""


class Plausibility:
    """Looks at a text piece by piece; raises `FileRefused` once it is hardly GB18030."""

    def __init__(self) -> None:
        self._letters = 0
        self._strange = 0

    def look_at(self, text: str, in_utf_8: bytes) -> None:
        """Take the next piece, as it is and in UTF-8."""
        kept = in_utf_8.translate(None, ASCII)
        if not kept:
            return
        letters = kept.decode()
        outside = patterns().outside.findall(letters)
        is_first = not self._letters
        self._letters += len(letters)
        self._strange += len(outside) + len(FOREIGN.findall(letters))
        if (
            PRIVATE_USE in kept
            or self._strange * 2 > self._letters
            or (is_first and patterns().amid_latin.search(text))
            or any(stands_wrong(text, place) for place in places(text, outside))
        ):
            raise refused("encoding_unclear")


def places(text: str, letters: Iterable[str]) -> Iterator[int]:
    """Yield where the letters stand."""
    for letter in islice(dict.fromkeys(letters), MOST_LETTERS):
        place = -1
        for _ in range(MOST_PLACES):
            if (place := text.find(letter, place + 1)) < 0:
                break
            yield place


def stands_wrong(text: str, place: int) -> bool:
    """
    Whether the letter stands right behind a Latin one, or its line is good UTF-8.

    O’Brien in Windows-1252 gives the former; the latter is no coincidence.
    """
    before = text[place - 1 : place]
    return (before.isascii() and before.isalpha()) or is_utf_8(line_at(text, place))


def line_at(text: str, place: int) -> bytes:
    end = text.find("\n", place)
    return text[text.rfind("\n", 0, place) + 1 : end if end >= 0 else len(text)].encode("gb18030")


def is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True

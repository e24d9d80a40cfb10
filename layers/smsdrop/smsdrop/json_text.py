"""
JSON as queue messages and plans hold it: UTF-8 in one line, letters as they are.

Nearly no text needs an escape, and then a whole column is one join.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

MUST_ESCAPE = bytes(range(0x20)) + b'"\\'
"""What does not stand as it is in a string."""


def to_json(value: Any) -> bytes:
    return _encoder.encode(value).encode()


def strings_to_json(strings: Sequence[str]) -> bytes:
    """Write a list of strings."""
    joined = '","'.join(strings).encode()
    quotes_between = 2 * len(strings) - 2
    if _count_escapes(joined) != quotes_between:
        return to_json(strings)
    return b'["%b"]' % joined


def contents_of_strings(strings: Sequence[str]) -> list[bytes]:
    """
    Write each string as it stands in JSON between its quotation marks.

    What no JSON in UTF-8 can hold, half a surrogate pair, is written all the same.
    """
    joined = "\0".join(strings).encode(errors="surrogatepass")
    if _count_escapes(joined) == len(strings) - 1:
        return joined.split(b"\0")
    return [content_of_string(each).encode(errors="surrogatepass") for each in strings]


def content_of_string(string: str) -> str:
    """Write a string as it stands in JSON between its quotation marks."""
    return _encoder.encode(string)[1:-1]


def array_of(values: Iterable[bytes]) -> bytes:
    """Put values that are JSON already into an array."""
    return b"[" + b",".join(values) + b"]"


def object_of(values: Mapping[str, bytes]) -> bytes:
    """Put values that are JSON already into an object."""
    return b"{%b}" % joined(values)


def joined(members: Mapping[str, bytes]) -> bytes:
    """Write the members of an object, or some of them, without its brackets."""
    return b",".join([b"%b:%b" % (string_to_json(name), value) for name, value in members.items()])


@lru_cache
def string_to_json(string: str) -> bytes:
    """Write a string that comes again and again."""
    return to_json(string)


def _count_escapes(text: bytes) -> int:
    return len(text) - len(text.translate(None, MUST_ESCAPE))

"""
JSON as in queue messages and plans: UTF-8 in one line, without escapes for letters.

Hardly any text needs an escape; without one, a whole column is a single join.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

MUST_ESCAPE = bytes(range(0x20)) + b'"\\'
"""What cannot stand in a string as it is."""


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

    Half a surrogate pair is written too, though JSON in UTF-8 cannot hold it.
    """
    joined = "\0".join(strings).encode(errors="surrogatepass")
    if _count_escapes(joined) == len(strings) - 1:
        return joined.split(b"\0")
    return [content_of_string(each).encode(errors="surrogatepass") for each in strings]


def content_of_string(string: str) -> str:
    """Write a string as it stands in JSON between its quotation marks."""
    return _encoder.encode(string)[1:-1]


def array_of(values: Iterable[bytes]) -> bytes:
    """Put values that are already JSON into an array."""
    return b"[" + b",".join(values) + b"]"


def object_of(values: Mapping[str, bytes]) -> bytes:
    """Put values that are already JSON into an object."""
    return b"{%b}" % joined(values)


def joined(members: Mapping[str, bytes]) -> bytes:
    """Write members of an object without its brackets."""
    return b",".join([b"%b:%b" % (string_to_json(name), value) for name, value in members.items()])


@lru_cache
def string_to_json(string: str) -> bytes:
    """Write a string that occurs many times."""
    return to_json(string)


def _count_escapes(text: bytes) -> int:
    return len(text) - len(text.translate(None, MUST_ESCAPE))

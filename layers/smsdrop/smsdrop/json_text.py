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


def lines_to_json(lines: str) -> bytes:
    """Write a text that has line feeds in it."""
    text = lines.encode()
    if _count_escapes(text) != text.count(b"\n"):
        return to_json(lines)
    return b'"' + text.replace(b"\n", b"\\n") + b'"'


def array_of(values: Iterable[bytes]) -> bytes:
    """Put values that are JSON already into an array."""
    return b"[" + b",".join(values) + b"]"


def object_of(values: Mapping[str, bytes]) -> bytes:
    """Put values that are JSON already into an object."""
    return b"{" + b",".join([_key(name) + value for name, value in values.items()]) + b"}"


@lru_cache
def _key(name: str) -> bytes:
    return to_json(name) + b":"


def _count_escapes(text: bytes) -> int:
    return len(text) - len(text.translate(None, MUST_ESCAPE))

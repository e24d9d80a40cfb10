"""JSON as queue messages and plans hold it: in one line, letters as they are."""

import json
from collections.abc import Iterable, Mapping, Sequence

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

MUST_ESCAPE = bytes(range(0x20)) + b'"\\'
"""What does not stand as it is in a string; quotation marks also part the strings."""


def strings_to_json(strings: Sequence[str]) -> str:
    """Write a list of strings; where none of them needs an escape, which is usual, in one join."""
    text = '","'.join(strings)
    quotes = 2 * len(strings) - 2
    encoded = text.encode(errors="surrogatepass")
    is_plain = len(encoded.translate(None, MUST_ESCAPE)) == len(encoded) - quotes
    return f'["{text}"]' if is_plain else to_json(strings)


def array_of(values: Iterable[str]) -> str:
    """Put values that are JSON already into an array."""
    return f"[{','.join(values)}]"


def object_of(values: Mapping[str, str]) -> str:
    """Put values that are JSON already into an object."""
    return f"{{{','.join(f'{to_json(name)}:{value}' for name, value in values.items())}}}"

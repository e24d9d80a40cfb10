"""Notices code that reaches outside other than through a port."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OUTSIDE = ("open", "os.", "shutil.", "socket.", "ssl.", "subprocess.", "tempfile.", "urllib.")
"""Beginnings of the names of Python's audit events for files, sockets and processes."""

_noticed: list[list[str]] = []
"""One list for each active watch; an audit hook can never be removed."""


def _notice(event: str, _arguments: tuple[Any, ...]) -> None:
    if _noticed and event.startswith(OUTSIDE):
        _noticed[-1].append(event)


sys.addaudithook(_notice)


@contextmanager
def noticing() -> Iterator[list[str]]:
    """Keep watch, and give the list of what is noticed."""
    noticed: list[str] = []
    _noticed.append(noticed)
    try:
        yield noticed
    finally:
        _noticed.pop()

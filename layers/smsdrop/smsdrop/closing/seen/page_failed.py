"""The callback for a page that could not be written; nothing else waits for a page."""

from collections.abc import Callable
from typing import TypeAlias

PageFailed: TypeAlias = Callable[[str, Exception], None]
"""Takes the campaign's id, or the list's name, and the error."""


def no_one(_what: str, _error: Exception) -> None:
    """Ignore the failure."""

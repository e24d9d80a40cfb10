"""Who is told that a page could not be written; nothing else waits for it."""

from collections.abc import Callable
from typing import TypeAlias

PageFailed: TypeAlias = Callable[[str, Exception], None]
"""Is told of the campaign, or the list's name, and why."""


def no_one(_what: str, _error: Exception) -> None:
    """Whoever is not interested."""

"""What every format yields: rows, numbered as the person sees them, and where reading gave up."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from smsdrop.reasons import FileRefused, Reason

MAX_ROW_CHARACTERS = 1024 * 1024
"""About where reading gives up on a row, so that a file without an end fits into memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """A row that is rejected before it can be judged; its cells are what could be made of it."""

    cells: list[str]
    reason: Reason


Row: TypeAlias = tuple[int, list[str] | UnreadableRow]


class Reading(Protocol):
    """One pass over a file of one format."""

    @property
    def encoding(self) -> str:
        """What the file has turned out to be so far: a text's encoding, or a format's name."""
        ...

    def rows(self) -> Iterator[Row]:
        """
        Yield every row, the first that is not blank being the header.

        Raises `FileRefused` where the file cannot be read.
        """
        ...

    def problems(self) -> list[Reason]:
        """Return what a person should hear of, though it refuses nothing."""
        ...


def refused(code: str, *details: object) -> FileRefused:
    return FileRefused(Reason(code, tuple(map(str, details))))

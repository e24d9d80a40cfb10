"""The sign names of rows: one that all share, as in most files, or one each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from smsdrop.json_text import string_to_json, strings_to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class SignNames:
    """
    Either `shared` or `each` is used.

    A shared name does not say how many rows it is for. In one file, all rows share theirs, or all
    have their own.
    """

    shared: str = ""
    each: Sequence[str] = ()
    """As many as rows; none if they share one."""

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Join those of one file's rows; needs one part at least."""
        each = list(chain.from_iterable(part.each for part in parts))
        return cls(each=each) if each else parts[0]

    def part(self, part: slice) -> Self:
        return type(self)(each=self.each[part]) if self.each else self

    def of_rows(self, rows: int) -> Sequence[str]:
        """Return one for each of so many rows."""
        return self.each or (self.shared,) * rows

    @property
    def different(self) -> Iterable[str]:
        """Return each name once, in the order of the rows."""
        return dict.fromkeys(self.each) or (self.shared,)

    @property
    def same(self) -> str | None:
        """The name of all rows, or None if they differ."""
        if not self.each:
            return self.shared
        first = self.each[0]
        return first if self.each.count(first) == len(self.each) else None

    def to_json(self) -> bytes:
        """Write a text if all rows have the same name, else a list."""
        same = self.same
        return strings_to_json(self.each) if same is None else string_to_json(same)

    @classmethod
    def from_json(cls, value: Any) -> Self:
        return cls(shared=value) if isinstance(value, str) else cls(each=tuple(value))

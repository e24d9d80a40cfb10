"""
How long the texts of a template become, and how many texts each is billed as.

Source: help.aliyun.com, "SMS length calculation": the sign name counts, with its brackets.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import mul
from typing import Self

from smsdrop.alibaba.template import VARIABLE, Template
from smsdrop.recipients.recipients import Recipients

MAX_CONTENT = 500
"""Characters of a text with its variables filled in, without the sign name."""

BRACKETS = len("【】")

MAX_IN_ONE = 70
"""Characters of a text that is billed as one, with the sign name."""

IN_EACH_OF_SEVERAL = 67
"""Characters of each part of a longer text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLength:
    """A template's text: its `fixed` characters, and how many `times` each param occurs in it."""

    fixed: int
    times: tuple[int, ...]

    @classmethod
    def of(cls, template: Template, names: Sequence[str]) -> Self:
        """Measure a template whose params come in this order."""
        occurrences = Counter(VARIABLE.findall(template.content))
        return cls(
            fixed=len(VARIABLE.sub("", template.content)),
            times=tuple(occurrences[name] for name in names),
        )

    def length_with(self, lengths: Iterable[int]) -> int:
        """Return the length of a text whose params have these lengths."""
        filled: int = sum(map(mul, self.times, lengths))
        return self.fixed + filled

    def content_length(self, params: Iterable[str]) -> int:
        return self.length_with(map(len, params))

    @property
    def room_for_each(self) -> int:
        """Return how many characters every param may have at once."""
        return max(0, MAX_CONTENT - self.fixed) // max(1, sum(self.times))

    def segments(self, recipients: Recipients) -> int:
        """Return how many texts all of them are billed as."""
        longest_sign_name = max(map(len, recipients.sign_names.different))
        longest_row = max(map(len, recipients.rows))  # in bytes, so not shorter than in characters
        longest_params = longest_row * max(self.times, default=0)
        if BRACKETS + longest_sign_name + self.fixed + longest_params <= MAX_IN_ONE:
            return len(recipients)
        _, params = recipients.columns()
        rows = zip(*params, strict=True) if params else repeat((), len(recipients))
        sign_names = recipients.sign_names.of_rows(len(recipients))
        return sum(
            segments_of(BRACKETS + len(sign_name) + self.content_length(row))
            for sign_name, row in zip(sign_names, rows, strict=True)
        )


def segments_of(length: int) -> int:
    """Return how many texts a domestic one of this length, with its sign name, is billed as."""
    return 1 if length <= MAX_IN_ONE else -(-length // IN_EACH_OF_SEVERAL)

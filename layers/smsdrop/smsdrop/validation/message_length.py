"""
How long the texts of a template become, and how many the carrier bills each as.

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
"""Characters of a text, its variables filled in, the sign name apart."""

BRACKETS = len("【】")

MAX_IN_ONE = 70
"""Characters that are billed as one text."""

IN_EACH_OF_SEVERAL = 67
"""Characters of each part of a longer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLength:
    """`fixed` characters, and `times` how often each param of the call stands among them."""

    fixed: int
    times: tuple[int, ...]

    @classmethod
    def of(cls, template: Template, names: Sequence[str]) -> Self:
        """Return the message_length of a template whose params come in this order."""
        occurrences = Counter(VARIABLE.findall(template.content))
        return cls(
            fixed=len(VARIABLE.sub("", template.content)),
            times=tuple(occurrences[name] for name in names),
        )

    def length_with(self, lengths: Iterable[int]) -> int:
        """Return the length of a text whose params are so long."""
        filled: int = sum(map(mul, self.times, lengths))
        return self.fixed + filled

    def content_length(self, params: Iterable[str]) -> int:
        return self.length_with(map(len, params))

    @property
    def room_for_each(self) -> int:
        """Return how many characters each param may have if all have as many."""
        return max(0, MAX_CONTENT - self.fixed) // max(1, sum(self.times))

    def segments(self, recipients: Recipients) -> int:
        """Return what the texts are billed as together."""
        longest_sign_name = max(map(len, recipients.sign_names.different))
        longest_row = max(map(len, recipients.rows))  # in bytes: no fewer than characters
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
    """Return what a domestic text of so many characters, sign name included, is billed as."""
    return 1 if length <= MAX_IN_ONE else -(-length // IN_EACH_OF_SEVERAL)

"""
How long the texts of a template become, and how many the carrier bills each as.

Source: help.aliyun.com, "SMS length calculation": the sign name counts, with its brackets.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import Self

from smsdrop.template import VARIABLE, Template

MAX_CONTENT = 500
"""Characters of a text, its variables filled in, the sign name apart."""

BRACKETS = len("【】")

MAX_IN_ONE = 70
"""Characters that are billed as one text."""

IN_EACH_OF_SEVERAL = 67
"""Characters of each part of a longer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`fixed` characters, and `times` how often each param of the call stands among them."""

    fixed: int
    times: tuple[int, ...]

    @classmethod
    def of(cls, template: Template, names: Sequence[str]) -> Self:
        """Return the wording of a template whose params come in this order."""
        occurrences = Counter(VARIABLE.findall(template.content))
        return cls(
            fixed=len(VARIABLE.sub("", template.content)),
            times=tuple(occurrences[name] for name in names),
        )

    def content_length(self, params: Sequence[str]) -> int:
        filled: int = sum(map(mul, self.times, map(len, params)))  # once for every row
        return self.fixed + filled

    def segments(self, sign_name: str, params: Sequence[str]) -> int:
        return segments_of(BRACKETS + len(sign_name) + self.content_length(params))


def segments_of(length: int) -> int:
    """Return what a domestic text of so many characters, sign name included, is billed as."""
    return 1 if length <= MAX_IN_ONE else -(-length // IN_EACH_OF_SEVERAL)

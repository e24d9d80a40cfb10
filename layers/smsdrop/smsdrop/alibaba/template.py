"""
An SMS template, as `GetSmsTemplate` and before it `QuerySmsTemplate` describe it.

Source: Dysmsapi 2017-05-25. The older one gives status and type as numbers, its successor the same
numbers as texts; `QuerySmsTemplateList` has other numbers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self

VARIABLE = re.compile(r"\$\{([^{}]+)\}")


class TemplateType(IntEnum):
    """`TemplateType`."""

    ONE_TIME_PASSWORD = 0
    NOTIFICATION = 1
    PROMOTION = 2
    INTERNATIONAL = 3


class Review(IntEnum):
    """`TemplateStatus`, and `SignStatus` too."""

    PENDING = 0
    APPROVED = 1
    REJECTED = 2
    CANCELLED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`content` is empty if the provider did not return it; then the variables are unknown too."""

    code: str
    review: Review
    kind: TemplateType
    content: str = ""

    @classmethod
    def read(cls, code: str, fields: Mapping[str, Any]) -> Self:
        """Read an answer whose code is `OK`; raises `KeyError`, `TypeError` or `ValueError`."""
        content = fields.get("TemplateContent") or ""
        if not isinstance(content, str):
            raise TypeError("the content is not a text")
        return cls(
            code=code,
            review=Review(int(fields["TemplateStatus"])),
            kind=TemplateType(int(fields["TemplateType"])),
            content=content,
        )

    @property
    def variables(self) -> tuple[str, ...]:
        """Return each variable once, in the order of the content."""
        return tuple(dict.fromkeys(VARIABLE.findall(self.content)))

"""
What the provider takes as the value of a template's variable.

Sources: help.aliyun.com/document_detail/463270.html and 101346.html, `isv.PARAM_LENGTH_LIMIT`,
`isv.PARAM_NOT_SUPPORT_URL`, `isv.UNSUPPORTED_CONTENT`. Traditional characters are left to the
provider: no table tells them from the rare ones in people's names.
"""

import re
from collections.abc import Callable, Sequence
from itertools import compress

from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.reasons import Reason
from smsdrop.validation.message_length import MAX_CONTENT, MessageLength

MAX_VALUE = 35
"""Characters of a value in a notification."""

ONE_TIME_PASSWORD = re.compile(r"(?:[0-9A-Za-z]{4,6})?")
"""An empty value is for `AllowEmptyParams` to validator."""

URL = re.compile(r"://|\bwww\.|[a-z0-9]\.[a-z]{2,}/", re.IGNORECASE | re.ASCII)
"""Needs a slash or `www.`; a bare `name.com` may be a shop's name."""

SYMBOLS = re.compile(
    "[【】※"
    "\u2190-\u21ff"  # arrows
    "\u2600-\u27bf\u2b00-\u2bff"  # stars, hearts, ticks
    "\u20e3\U0001f000-\U0001faff]"  # emoji
)

IsWrong = Callable[[str], object]

FOR_ALL: dict[str, IsWrong] = {"value_url": URL.search, "value_symbols": SYMBOLS.search}

RULES: dict[TemplateType, dict[str, IsWrong]] = {
    TemplateType.ONE_TIME_PASSWORD: {
        **FOR_ALL,
        "value_no_password": lambda value: not ONE_TIME_PASSWORD.fullmatch(value),
    },
    TemplateType.NOTIFICATION: {**FOR_ALL, "value_too_long": lambda value: len(value) > MAX_VALUE},
    TemplateType.PROMOTION: FOR_ALL,
}
"""What is wrong with a value, by the code of its reason; the first that fits counts."""


class ParamRules:
    """Finds the rows whose params a domestic template does not take."""

    def __init__(self, template: Template, names: Sequence[str]) -> None:
        self._names = names
        self._rules = RULES[template.kind]
        self._message_length = MessageLength.of(template, names)
        self._are_passwords = template.kind is TemplateType.ONE_TIME_PASSWORD
        self._max_value = MAX_VALUE if template.kind is TemplateType.NOTIFICATION else MAX_CONTENT

    @property
    def surely_short(self) -> int:
        """So many characters are not too many, if all values have as many; 0 says nothing."""
        return min(self._max_value, self._message_length.room_for_each)

    def suspects(self, text: str) -> bool:
        """Whether some value might be wrong, apart from its length; the text holds them all."""
        return bool(
            self._are_passwords
            or (("/" in text or "www." in text.lower()) and URL.search(text))
            or not (text.isascii() or SYMBOLS.search(text) is None)
        )

    def surely_kept(self, text: str, columns: Sequence[Sequence[str]]) -> bool:
        """
        Whether all rules are kept by columns of params; `False` says nothing.

        The text is all of them, with something between any two.
        """
        longest = [max(map(len, column)) for column in columns]
        return not (
            self.suspects(text)
            or max(longest, default=0) > self._max_value
            or self._message_length.length_with(longest) > MAX_CONTENT
        )

    def fault(self, params: Sequence[str]) -> Reason | None:
        """Say what is wrong with a row's params, the first that is."""
        for code, is_wrong in self._rules.items():
            guilty = [bool(is_wrong(each)) for each in params]
            if any(guilty):
                return Reason(code, tuple(compress(self._names, guilty)))
        length = self._message_length.content_length(params)
        if length > MAX_CONTENT:
            return Reason("message_too_long", (str(length), str(MAX_CONTENT)))
        return None

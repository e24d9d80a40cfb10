"""
The rules for params: what breaks each, and what quickly shows that a whole block keeps it.

Nearly all values keep all rules. So each rule has a shortcut for many values, and only if that
fails, the rows are checked one by one. `FastPath` needs few of the shortcuts: its blocks are clean,
which covers `SENDABLE`, and its patterns cover `NOT_BLANK`, `SHORT` and what is spoiled.

Sources: help.aliyun.com/document_detail/463270.html and 101346.html, `isv.PARAM_LENGTH_LIMIT`,
`isv.PARAM_NOT_SUPPORT_URL`, `isv.UNSUPPORTED_CONTENT`. Traditional characters are left to the
provider: no table tells them from the rare ones in people's names.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import compress
from typing import NamedTuple

from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.reasons import Reason
from smsdrop.recipients import spoiled
from smsdrop.recipients.characters import UNSENDABLE, has_printable_blank, is_blank
from smsdrop.recipients.layout import Columns
from smsdrop.validation.message_length import MAX_CONTENT, MessageLength

MAX_VALUE = 35
"""Characters of a value in a notification."""

ONE_TIME_PASSWORD = re.compile(r"(?:[0-9A-Za-z]{4,6})?")
"""An empty value is left to `AllowEmptyParams`."""

URL = re.compile(r"://|\bwww\.|[a-z0-9]\.[a-z]{2,}/", re.IGNORECASE | re.ASCII)
"""Needs a slash or `www.`; a bare `name.com` may be a shop's name."""

SYMBOLS = re.compile(
    "[【】※"
    "\u2190-\u21ff"  # arrows
    "\u2600-\u27bf\u2b00-\u2bff"  # stars, hearts, ticks
    "\u20e3\U0001f000-\U0001faff]"  # emoji
)

BETWEEN = "|"
"""Separates values that are checked together, so that no two of them form a word."""


class Values:
    """Many values, checked together: as columns, and as one text."""

    def __init__(self, columns: Columns = (), *, text: str = "") -> None:
        """Without columns, only the text is checked, and it may hold other characters too."""
        self.columns = columns
        self.text = text or BETWEEN.join(map(BETWEEN.join, columns))

    @cached_property
    def longest(self) -> list[int]:
        """Return how long the longest value of each column is."""
        return [max(map(len, column)) for column in self.columns]


class Rule(NamedTuple):
    """A rule for each value, identified by the code of the reason for breaking it."""

    code: str
    is_broken_by: Callable[[str], object]
    is_surely_kept_by: Callable[[Values], object]
    """Whether many values show at once that none breaks the rule; false says nothing."""


def is_blank_value(value: str) -> bool:
    return not value or is_blank([value])


def has_no_blank(values: Values) -> bool:
    """Check printable values only, as nearly all are: in these, only spaces are blank."""
    text = values.text
    if not text.isprintable() or has_printable_blank(text):
        return False
    columns = values.columns
    return all(map(all, columns)) and (
        " " not in text or all(all(map(str.strip, column)) for column in columns)
    )


def may_hold_url(text: str) -> bool:
    return "/" in text or "www." in text.lower()


NOT_BLANK = Rule("params_empty", is_blank_value, has_no_blank)

SENDABLE = Rule("control_characters", UNSENDABLE.search, lambda values: values.text.isprintable())


def no_text(code: str) -> Rule:
    return Rule(
        code,
        lambda value: isinstance(value, spoiled.NoText) and value.code == code,
        lambda values: all(spoiled.NoText not in set(map(type, each)) for each in values.columns),
    )


ONE_VALUE = no_text("json_name_twice")

A_TEXT = no_text("json_value_no_text")

SHOWN = no_text("params_not_shown")

NO_SHEET_ERROR = Rule(
    "sheet_errors",
    spoiled.is_failed_formula,
    lambda values: not spoiled.may_hold_failed_formula(values.text),
)

NOT_SHORTENED = Rule(
    "digits_lost",
    spoiled.is_shortened,
    lambda values: not spoiled.may_hold_shortened(values.text),
)

ALL_LETTERS = Rule(
    "letters_lost",
    spoiled.has_lost_letters,
    lambda values: not spoiled.may_have_lost_letters(values.text),
)

NO_NULL_WORD = Rule(
    "null_words",
    spoiled.is_null_word,
    lambda values: not spoiled.may_hold_null_word(values.text),
)

NO_URL = Rule(
    "value_url",
    URL.search,
    lambda values: not (may_hold_url(values.text) and URL.search(values.text)),
)

NO_SYMBOLS = Rule(
    "value_symbols",
    SYMBOLS.search,
    lambda values: values.text.isascii() or not SYMBOLS.search(values.text),
)

PASSWORD = Rule(
    "value_no_password",
    lambda value: not ONE_TIME_PASSWORD.fullmatch(value),
    lambda _: False,
)

SHORT = Rule(
    "value_too_long",
    lambda value: len(value) > MAX_VALUE,
    lambda values: max(values.longest, default=0) <= MAX_VALUE,
)

OF_EVERY_FILE = (
    ONE_VALUE,
    A_TEXT,
    NOT_BLANK,
    SENDABLE,
    SHOWN,
    NO_SHEET_ERROR,
    NOT_SHORTENED,
    ALL_LETTERS,
    NO_NULL_WORD,
)

OF_TEMPLATES = {
    TemplateType.ONE_TIME_PASSWORD: (NO_URL, NO_SYMBOLS, PASSWORD),
    TemplateType.NOTIFICATION: (NO_URL, NO_SYMBOLS, SHORT),
    TemplateType.PROMOTION: (NO_URL, NO_SYMBOLS),
}
"""In order: if a row breaks several rules, the first is named."""


def not_surely_kept(rules: Iterable[Rule], values: Values) -> list[Rule]:
    return [rule for rule in rules if not rule.is_surely_kept_by(values)]


def fault_of(rules: Iterable[Rule], names: Sequence[str], params: Sequence[str]) -> Reason | None:
    """Name the first rule that a row's params break, and which of them do."""
    for rule in rules:
        if any(map(rule.is_broken_by, params)):
            guilty = [bool(rule.is_broken_by(each)) for each in params]
            return Reason(rule.code, tuple(compress(names, guilty)))
    return None


class TemplateRules:
    """Finds the rows whose params a domestic template does not take."""

    def __init__(self, template: Template, names: Sequence[str]) -> None:
        self._names = names
        self._rules = OF_TEMPLATES[template.kind]
        self._message_length = MessageLength.of(template, names)
        self._max_value = MAX_VALUE if SHORT in self._rules else MAX_CONTENT

    @property
    def surely_short(self) -> int:
        """Return a length that is safe for every value at once; 0 if none is known to be."""
        return min(self._max_value, self._message_length.room_for_each)

    def suspects(self, text: str) -> bool:
        """Whether some value in the text might be wrong, apart from its length."""
        return bool(not_surely_kept(self._rules, Values(text=text)))

    def surely_kept(self, values: Values) -> bool:
        """Whether the values of some rows show that all rules are kept; `False` says nothing."""
        return (
            not not_surely_kept(self._rules, values)
            and self._message_length.length_with(values.longest) <= MAX_CONTENT
        )

    def fault(self, params: Sequence[str]) -> Reason | None:
        """Say what is wrong with a row's params, the first that is."""
        if fault := fault_of(self._rules, self._names, params):
            return fault
        length = self._message_length.content_length(params)
        if length > MAX_CONTENT:
            return Reason("message_too_long", (str(length), str(MAX_CONTENT)))
        return None

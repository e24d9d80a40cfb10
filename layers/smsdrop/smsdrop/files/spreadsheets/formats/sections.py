"""A format code -> its sections, and the one that shows a number."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from smsdrop.files.spreadsheets.formats.built_in import LONG_DATE, LONG_TIME


class CannotBeShown(Exception):
    """The format has something unknown here, or does not suit the number."""


Token: TypeAlias = tuple[str, str]
"""The kind and the text of a piece of a format."""

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|(?:\\|!(?=[.,%#0?]))(?P<escaped>.)|_(?P<pad>.)|\*(?P<fill>.)'
    r"|\[(?P<elapsed>h+|m+|s+)\]|\[(?P<condition>[<>=]+ *[-+.0-9eE]+)\]"
    r"|\[\$(?P<currency>[^\]-]*)(?:-(?P<locale>[^\]]*))?\]|\[(?P<numerals>DBNum[0-9])\]"
    r"|\[(?:black|blue|cyan|green|magenta|red|white|yellow|colou?r ?[0-9]+"
    r"|黑色?|蓝色?|青色?|绿色?|洋红色?|红色?|白色?|黄色?|颜色 ?[0-9]+)\]|(?P<unknown>\[[^\]]*\]?)"
    r"|(?P<general>General|Standard|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<fraction>(?:(?<=s)|(?<=s\]))\.0+)|(?P<exponent>(?<=[0#?.])E[+-])"
    r"|(?P<part>y+|m+|d+|h+|s+|aaaa?|e+|g+|b+)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)"
    r"|(?P<percent>%)|(?P<slash>/)|(?P<text>@)|(?P<end>;)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
"""The pieces of a format; colours are left out."""

LITERALS = ("quoted", "escaped", "currency", "other")

SYSTEM_FORMATS = {
    "f800": LONG_DATE,
    "x-sysdate": LONG_DATE,
    "f400": LONG_TIME,
    "x-systime": LONG_TIME,
}
"""The formats of locales that stand for the computer's own format, as in China."""

DATE_KINDS = frozenset(["part", "elapsed", "half"])

COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a format between semicolons."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None
    locale: str = ""
    numerals: str = ""

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.tokens)

    @property
    def is_date(self) -> bool:
        return not self.kinds.isdisjoint(DATE_KINDS)

    def takes(self, value: Decimal) -> bool:
        if self.condition is None:
            return False
        compared, limit = self.condition
        return COMPARISONS[compared](value, limit)

    @property
    def takes_negatives_alone(self) -> bool:
        if self.condition is None:
            return False
        compared, limit = self.condition
        return compared in ("<", "<=", "=") and (limit < 0 or (compared == "<" and not limit))

    @property
    def takes_all_others(self) -> bool:
        """Whether it leaves only negative numbers, or zero, to the next section."""
        return self.condition in ((">=", Decimal(0)), (">", Decimal(0)))


def sections_of(code: str) -> tuple[list[Section], Section | None]:
    """Return the sections for numbers, and the one for texts, if there is one."""
    pieces: list[list[Token]] = [[]]
    for match in TOKEN.finditer(code):
        if match.lastgroup == "end":
            pieces.append([])
        elif match.lastgroup in ("currency", "locale"):
            pieces[-1] += [("currency", match["currency"]), ("locale", match["locale"] or "")]
        elif match.lastgroup:
            pieces[-1].append((match.lastgroup, match[match.lastgroup]))
    sections = [section_of(each) for each in pieces[:4]]
    is_for_texts = len(sections) == 4 or (len(sections) > 1 and "text" in sections[-1].kinds)
    if is_for_texts:
        return sections[:-1], sections[-1]
    return sections, sections[0] if "text" in sections[0].kinds else None


def section_of(tokens: Sequence[Token]) -> Section:
    locale = "".join(text for kind, text in tokens if kind == "locale").lower()
    if locale in SYSTEM_FORMATS:
        return sections_of(SYSTEM_FORMATS[locale])[0][0]
    return Section(
        tokens=tuple(each for each in tokens if each[0] not in ("locale", "condition", "numerals")),
        condition=next((condition(text) for kind, text in tokens if kind == "condition"), None),
        locale=locale,
        numerals="".join(text for kind, text in tokens if kind == "numerals").lower(),
    )


def condition(text: str) -> tuple[str, Decimal]:
    compared = text.rstrip("-+.0123456789eE").rstrip()
    try:
        limit = Decimal(text.removeprefix(compared).strip())
    except InvalidOperation:
        raise CannotBeShown from None
    if compared not in COMPARISONS:
        raise CannotBeShown
    return compared, limit


def choose(sections: Sequence[Section], value: Decimal) -> tuple[Section, bool]:
    """
    Return the section that shows the number, and whether its minus sign is left out.

    A section for negative numbers alone spells the sign itself, if it wants one.
    """
    first = sections[0]
    second = sections[1] if len(sections) > 1 else first
    third = sections[2] if len(sections) > 2 else None
    if not (first.condition or second.condition):
        if value < 0 and len(sections) > 1:
            return second, True
        return (third if third and not value else first), False
    if first.takes(value):
        return first, first.takes_negatives_alone
    if len(sections) == 1:
        raise CannotBeShown
    if second.takes(value):
        return second, second.takes_negatives_alone
    if second.condition is None and (third is None or value < 0):
        is_for_negatives = third is not None or first.takes_all_others
        return second, is_for_negatives and value < 0
    if first.condition is None and (third is None or value > 0):
        return first, False
    if third is None:
        raise CannotBeShown
    return third, False

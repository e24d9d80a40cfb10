"""What programs leave in a cell instead of what a person wrote there."""

import re
from functools import partial
from typing import Self

from smsdrop.recipients.characters import INVISIBLE, WHITE_SPACE


class NoText(str):
    """
    A cell that holds something other than one text, such as a list in JSON.

    As a param, it rejects its row. The text it is shown as is rejected too, in case that is dropped
    again.
    """

    code: str
    """The code of the reason why it cannot be sent."""

    def __new__(cls, shown: str, code: str) -> Self:
        cell = super().__new__(cls, shown)
        cell.code = code
        return cell


UNSHOWN = NoText("########", "params_not_shown")
"""A sheet's cell whose shown text is unknown here."""


AROUND = WHITE_SPACE + INVISIBLE

FAILED_FORMULA = re.compile(
    r"#[¡¿]?[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я0-9/_]*[!?]"  # in any language
    r"|#(?i:ref|value|name|null|num|div/0|error|field|spill|calc|blocked|connect|deleted|busy)[!?]?"
    r"|#(?:N/A|N/D|Н/Д|NV)(?: .*)?|#GETTING_DATA"
    r"|Loading(?:\.{3}|…)"  # Google Sheets
    r"|(?:Err|Error|错误):[0-9]{3}"  # LibreOffice
)
"""What a spreadsheet shows in place of a value: Excel, WPS, Google Sheets, LibreOffice, Access."""

SHORTENED = re.compile(
    r"##+"  # the column is too narrow
    r"|[-+]?[0-9]{1,3}(?:[.,][0-9]*)?[eE][-+][0-9]{1,3}"
    r"|[-+]?[0-9]{1,3}[.,][0-9]+[eE][0-9]{1,3}"
)
"""A number in scientific notation; `12E3`, without a sign and a point, may be a code."""

NULL_WORD = re.compile(
    r"\\N|NULL|null|nan|NaN|NaT|None|N/A|n/a|undefined"
    r"|<(?:NA|NULL|null)>|\((?:NULL|null)\)|\[(?:NULL|null)\]"
)
"""What databases and programs write where there is no value. `Null` may be a name."""

HAN = "[\u3400-\u9fff]"

LETTERS_LOST = re.compile(
    r"\?\?|\ufffd"
    r"|锟斤拷"  # U+FFFD twice in UTF-8, read as GBK
    r"|\A\?\Z"
    rf"|\A(?:{HAN}{{0,3}}(?<![吗呢吧么啊嘛了])\?{HAN}{{1,3}}|{HAN}{{1,2}}(?<![吗呢吧么啊嘛了])\?)\Z"
    r"|(?<!\S)[^\W\d_]+\?[^\W\d_]+(?!\S)"  # M?ller, and no address with a query
)
"""A question mark in place of a letter, in a name as short as people's are, or two of them."""


def is_alone(pattern: re.Pattern[str], value: str) -> bool:
    """Whether the value is this and nothing else a person sees."""
    return pattern.fullmatch(value.strip(AROUND)) is not None


is_failed_formula = partial(is_alone, FAILED_FORMULA)

is_shortened = partial(is_alone, SHORTENED)

is_null_word = partial(is_alone, NULL_WORD)


def has_lost_letters(value: str) -> bool:
    return LETTERS_LOST.search(value.strip(AROUND)) is not None


# Shortcuts to show that many values at once are not spoiled. Each looks for a character or two that
# every spoiled value has; a text without them needs no pattern.


def may_hold_failed_formula(text: str) -> bool:
    return "#" in text or ":" in text or "Loading" in text


def may_hold_shortened(text: str) -> bool:
    return "##" in text or (("E" in text or "e" in text) and EXPONENT.search(text) is not None)


def may_hold_null_word(text: str) -> bool:
    return ("N" in text or "n" in text) and NULL_WORD.search(text) is not None


def may_have_lost_letters(text: str) -> bool:
    return "?" in text or "\ufffd" in text or "锟" in text


EXPONENT = re.compile(r"[eE][-+]?[0-9]")

# The same for a text in UTF-8, with U+007F or a line break after each cell, all printable and
# without `#`, `"` or backslash.

HINTS = {
    b"E": re.compile(rb"E[-+0-9]"),
    b"e": re.compile(rb"e[-+0-9]"),
    b"N": re.compile(rb"N(?:aN|aT|one|/A|A>) *[\x7f\r\n]"),
    b"n": re.compile(rb"n(?:an|/a) *[\x7f\r\n]"),
    b"L": re.compile(rb"L(?:L[])>]? *[\x7f\r\n]|oading)"),
    b"l": re.compile(rb"ll[])>]? *[\x7f\r\n]"),
    b"f": re.compile(rb"fined *[\x7f\r\n]"),
    b":": re.compile(rb":[0-9]{3} *[\x7f\r\n]"),
    b"?": re.compile(rb"\?"),
}
"""A text with a spoiled cell has one of these, or `MISREAD`; the keys are bytes of few texts."""

HINT_BYTES = b"".join(HINTS)

MISREAD = "锟斤拷".encode()
"""Longer than necessary: a longer one is found faster."""

SUSPECT_CELL = (
    r" *(?:[-+]?[0-9]{1,3}+(?:[.,][0-9]*+)?[eE][-+]?[0-9]"
    r"|[NnuLE<(\[\xe9](?:ULL|ull|aN|an|aT|one|/A|NA>|null>|NULL>|null\)|NULL\)|null\]|NULL\]"
    r"|/a|ndefined|oading|rr|\x94\x99\xe8\xaf\xaf:))"
)
"""How a spoiled cell without `?` and `MISREAD` begins, as a pattern for bytes; others may too."""


FEW = 100
"""Up to this many places are found faster singly; beyond, a pattern goes over the whole text."""


def hints_at_spoiled(text: bytes, present: bytes) -> bool:
    """Look for hints; `present` has those of the text's bytes that are `HINT_BYTES`."""
    return any(byte in present and has_hint(text, byte, present.count(byte)) for byte in HINTS)


def has_hint(text: bytes, byte: bytes, times: int) -> bool:
    hint = HINTS[byte]
    if times > FEW:
        return hint.search(text) is not None
    place = text.find(byte)
    while place >= 0:
        if hint.match(text, place):
            return True
        place = text.find(byte, place + 1)
    return False

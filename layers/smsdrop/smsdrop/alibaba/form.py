"""
The form of a `SendBatchSms` call, percent-encoded column by column.

Encoding is the largest single cost of a call, so a whole column is encoded at once: by replacing
the few characters that need it, or, beyond ASCII, by one `bytes.hex`, which encodes letters too;
a form may do that. What stands between the values is encoded once.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import quote

from smsdrop.batches.batch import Batch
from smsdrop.json_text import content_of_string
from smsdrop.recipients.sign_names import SignNames

MUST_ESCAPE = re.compile(r'["\\\x00-\x1f]')
"""What JSON must escape in a string; NUL separates the values while they are encoded."""

MUST_ENCODE = re.compile(r"[^\0A-Za-z0-9._~-]")

BETWEEN = quote('","')

ARRAY = (quote('["'), quote('"]'))


def batch_form(batch: Batch) -> str:
    """Return the form's fields as a body of `application/x-www-form-urlencoded`."""
    return "&".join(f"{name}={value}" for name, value in _fields(batch))


def _fields(batch: Batch) -> Iterator[tuple[str, str]]:
    phone_numbers, params = batch.columns()
    yield "PhoneNumberJson", _array(encoded(phone_numbers))
    yield "SignNameJson", _array(_sign_names(batch))
    if params:
        yield "TemplateParamJson", _objects(batch.layout.param_names, params)
    if batch.extend_codes:
        yield "SmsUpExtendCodeJson", _array(encoded(batch.extend_codes))


def encoded(values: Sequence[str]) -> Sequence[str]:
    """Return each value as JSON has it between its quotation marks, percent-encoded."""
    plain = "".join(values)
    if plain.isascii() and plain.isalnum():
        return values
    if MUST_ESCAPE.search(plain):
        values = list(map(content_of_string, values))
    text = "\0".join(values)
    if not text.isascii():
        return f"%{text.encode().hex('%')}".split("%00")
    others = set(MUST_ENCODE.findall(text)) - {"%"}
    for character in ("%", *others):  # first, as the codes of the others contain it
        text = text.replace(character, quote(character, safe=""))
    return text.split("\0")


def _sign_names(batch: Batch) -> Sequence[str]:
    same = SignNames(each=batch.sign_names).same
    if same is None:
        return encoded(batch.sign_names)
    return [*encoded([same])] * len(batch)


def _array(values: Sequence[str]) -> str:
    before, after = ARRAY
    return before + BETWEEN.join(values) + after


def _objects(names: tuple[str, ...], columns: Sequence[Sequence[str]]) -> str:
    """Write an object for each row, its names from `names`, its values from the columns."""
    before, openings, after = _frame(names)
    rows, texts_a_row = len(columns[0]), 2 * len(names)
    texts = [""] * (rows * texts_a_row)
    for place, (opening, column) in enumerate(zip(openings, columns, strict=True)):
        texts[2 * place :: texts_a_row] = [opening] * rows
        texts[2 * place + 1 :: texts_a_row] = encoded(column)
    texts[0] = before
    return "".join(texts) + after


@lru_cache
def _frame(names: tuple[str, ...]) -> tuple[str, Sequence[str], str]:
    """
    Return what stands around the values of objects; it is the same for all batches of a file.

    That is: what opens the first object; what opens each value, where the first value of an object
    also ends the object before it; and what closes the last object.
    """
    first, *others = (quote(json.dumps(name, ensure_ascii=False) + ':"', safe="") for name in names)
    openings = (quote('"},{') + first, *(quote('",') + other for other in others))
    return quote("[{") + first, openings, quote('"}]')

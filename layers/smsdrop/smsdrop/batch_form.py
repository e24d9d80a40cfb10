"""
The form of a `SendBatchSms` call, percent-encoded column by column.

Encoding is the largest single cost of a call. A whole column takes one pass of `bytes.hex`, which
encodes letters too where a column has anything else, as a form may; what stands between the values
is encoded once.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from urllib.parse import quote

from smsdrop.batch import Batch

MUST_ESCAPE = re.compile(r'["\\\x00-\x1f]')
"""What JSON does not let stand in a string; NUL parts the values while they are encoded."""

BETWEEN = quote('","')


def batch_form(batch: Batch) -> str:
    """Return the form's fields as a body of `application/x-www-form-urlencoded`."""
    return "&".join(f"{name}={value}" for name, value in _fields(batch))


def _fields(batch: Batch) -> Iterator[tuple[str, str]]:
    yield "PhoneNumberJson", _array(encoded(batch.phone_numbers))
    yield "SignNameJson", _array(_repeating(batch.sign_names))
    if batch.param_names:
        yield "TemplateParamJson", _objects(batch.param_names, batch.params)
    if batch.extend_codes:
        yield "SmsUpExtendCodeJson", _array(encoded(batch.extend_codes))


def encoded(values: Sequence[str]) -> Sequence[str]:
    """Return each value as JSON has it between its quotation marks, percent-encoded."""
    text = "\0".join(values)
    joints = len(values) - 1
    if len(MUST_ESCAPE.findall(text)) != joints:
        values = [json.dumps(value, ensure_ascii=False)[1:-1] for value in values]
        text = "\0".join(values)
    plain = text.replace("\0", "")
    if plain.isascii() and plain.isalnum():
        return values
    if "" in values:  # two joints in a row could not be told apart
        return [quote(value, safe="") for value in values]
    return [f"%{value}" for value in text.encode().hex("%").split("%00%")]


def _repeating(values: Sequence[str]) -> Sequence[str]:
    """Encode a column in which one value mostly stands for all."""
    if values.count(values[0]) == len(values):
        return [*encoded(values[:1])] * len(values)
    return encoded(values)


def _array(values: Sequence[str]) -> str:
    return quote('["') + BETWEEN.join(values) + quote('"]')


def _objects(names: Sequence[str], columns: Sequence[Sequence[str]]) -> str:
    """Write an object for each row, its names from `names`, its values from the columns."""
    keys = [quote(json.dumps(name, ensure_ascii=False) + ':"', safe="") for name in names]
    opened = [quote("{") + keys[0], *(quote('",') + key for key in keys[1:])]
    parts = chain.from_iterable(
        (repeat(before), encoded(column)) for before, column in zip(opened, columns, strict=True)
    )
    rows = map("".join, zip(*parts))  # noqa: B905 - the texts between the values repeat for ever
    return quote("[") + (quote('"},')).join(rows) + quote('"}]')

"""
Read the messages of a plan as fast as possible.

The rows of a queue message are its last member, and are split without being parsed. What the
messages of several batches have in common is parsed once.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter

from smsdrop.batches.batch import Batch
from smsdrop.batches.forms import check_form
from smsdrop.batches.plan import raising_if_damaged
from smsdrop.recipients.layout import BETWEEN_ROWS, Layout

ROWS_BEGIN = b',"rows":["'
ROWS_END = b'"]}'
"""No JSON string can hold the first of these, since quotation marks are escaped in it."""

BATCHES_AT_ONCE = 20
"""Our choice: as many rows as a block of a file has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """The messages of some batches, each a row as it stands in a queue message."""

    rows: list[bytes]
    layout: Layout
    sign_names: str | Sequence[str]
    is_international: bool


def messages_of(lines: Iterable[tuple[str, bytes]]) -> Iterator[Messages]:
    """Yield the messages of batches, given by id and line; raises `LaterForm`, `PlanDamaged`."""
    cut = (_cut(batch_id, line) for batch_id, line in lines)
    for common, batches in groupby(cut, key=itemgetter(0)):
        while some := [rows for _, rows in islice(batches, BATCHES_AT_ONCE)]:
            yield _messages(common, some)


def _cut(batch_id: str, line: bytes) -> tuple[bytes, bytes]:
    """Return what batches may have in common, and the rows, which are not parsed."""
    head, begin, rest = line.rstrip(b"\n").partition(ROWS_BEGIN)
    if not (begin and rest.endswith(ROWS_END)):
        head, begin, rest = _written_anew(line).partition(ROWS_BEGIN)
    return head.replace(batch_id.encode(), b""), rest[: -len(ROWS_END)]


def _written_anew(line: bytes) -> bytes:
    """Rewrite a message as this release writes it; another may write it differently."""
    with raising_if_damaged():
        return Batch.from_json(line).to_json().encode()


def _messages(common: bytes, batches: Sequence[bytes]) -> Messages:
    with raising_if_damaged():
        members = json.loads(common + b"}")
        check_form(members)
        names = members["sign_name"]
        return Messages(
            rows=BETWEEN_ROWS.join(batches).split(BETWEEN_ROWS),
            layout=Layout(
                phone_column=members["phone_column"], param_names=tuple(members["param_names"])
            ),
            sign_names=names if isinstance(names, str) else names * len(batches),
            is_international=members.get("is_international", False),
        )

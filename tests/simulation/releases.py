"""The release before this one: the form in which it wrote plans, and what it cannot read."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from smsdrop.batches import forms
from smsdrop.batches.plan import BATCHES, ROWS

FORM_BEFORE = 0


def _batches_before(plan: bytes) -> bytes:
    return plan.replace(b'{"form":1,', b"{")


def _rows_before(plan: bytes) -> bytes:
    head, line_end, rows = plan.partition(b"\n")
    columns = json.loads(head)["columns"]
    return json.dumps(columns, ensure_ascii=False).encode() + line_end + rows


IN_THE_FORM_BEFORE: Mapping[str, Callable[[bytes], bytes]] = {
    BATCHES: _batches_before,
    ROWS: _rows_before,
}
"""What turns each object of a plan into what the release before would have written."""


NEWEST = forms.FORM


@contextmanager
def newest_release() -> Iterator[None]:
    """Read what any release has written, then return to the release that ran before."""
    form = forms.FORM
    forms.FORM = NEWEST
    try:
        yield
    finally:
        forms.FORM = form


def roll_back() -> None:
    """From now on nothing is read that is newer than the release before."""
    forms.FORM = FORM_BEFORE


def roll_forward() -> None:
    forms.FORM = NEWEST

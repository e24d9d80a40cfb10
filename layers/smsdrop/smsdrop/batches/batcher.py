"""Gathers recipients into batches, and writes each as its queue message."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, count, groupby
from typing import NamedTuple

from smsdrop.batches.batch import MAX_RECIPIENTS, nth_batch_id, queue_message
from smsdrop.recipients.layout import BETWEEN_ROWS, Layout, joined_rows
from smsdrop.recipients.recipients import Recipients
from smsdrop.recipients.sign_names import SignNames

MAX_ROWS_BYTES = 200_000
"""
Our choice: bytes of a batch's rows and what stands between them, so that its queue message stays
below 256 KiB.
"""

MAX_OPEN_BATCHES = 64
"""Our choice: how many full batches wait in memory for an earlier one that is being filled."""


@dataclass(slots=True)
class _Filling:
    """A batch that is being filled."""

    position: int
    rows: list[bytes] = field(default_factory=list)
    """In runs, each joined as in the queue message."""
    sign_names: list[SignNames] = field(default_factory=list)
    """Of the same runs."""
    extend_codes: list[str] = field(default_factory=list)
    count: int = 0
    size: int = 0
    """Bytes of the rows and what stands between them."""

    def add(self, recipients: Recipients, part: slice, joined: bytes) -> None:
        self.rows.append(joined)
        self.sign_names.append(recipients.sign_names.part(part))
        self.extend_codes += recipients.extend_codes[part]
        self.count += part.stop - part.start
        self.size += len(joined) + len(BETWEEN_ROWS)


class BatchKind(NamedTuple):
    """What recipients that share a batch have in common."""

    has_extend_codes: bool
    is_international: bool


class Batcher:
    """
    Gathers recipients into batches, numbered from 1, in the order of their first recipients.

    Recipients with an extend code and those without go into different batches, and so do
    international numbers.
    A batch is closed when it is full, or when it keeps too many later ones waiting.
    """

    def __init__(
        self,
        *,
        campaign_id: str,
        template_code: str,
        layout: Layout,
        max_recipients: int = MAX_RECIPIENTS,
    ) -> None:
        self._campaign_id = campaign_id
        self._template_code = template_code
        self._layout = layout
        self._max_recipients = max_recipients
        self._positions = count(1)
        self._filling: dict[BatchKind, _Filling] = {}
        self._waiting: dict[int, bytes] = {}
        self._next = 1

    def add(self, recipients: Recipients) -> list[tuple[int, int]]:
        """Take the recipients; return the positions of their batches, each with how many rows."""
        runs = []
        for kind, some in _by_kind(recipients):
            taken = 0
            while taken < len(some):
                filling = self._with_room(kind)
                stop = taken + self._max_recipients - filling.count
                room = MAX_ROWS_BYTES - filling.size
                at_least = 0 if filling.count else 1
                fitting, joined = _fitting(some.rows[taken:stop], room, at_least=at_least)
                if not fitting:
                    self._close(kind)
                    continue
                filling.add(some, slice(taken, taken + fitting), joined)
                runs.append((filling.position, fitting))
                taken += fitting
        return runs

    def _with_room(self, kind: BatchKind) -> _Filling:
        filling = self._filling.get(kind)
        if filling is not None:
            if filling.count < self._max_recipients:
                return filling
            self._close(kind)
        filling = self._filling[kind] = _Filling(next(self._positions))
        return filling

    def ready(self) -> list[bytes]:
        """Return the queue messages that have become ready since the last call, in order."""
        ready = self._next_in_order()
        while len(self._waiting) > MAX_OPEN_BATCHES:
            self._close(min(self._filling, key=lambda kind: self._filling[kind].position))
            ready += self._next_in_order()
        return ready

    def _next_in_order(self) -> list[bytes]:
        ready = []
        while self._next in self._waiting:
            ready.append(self._waiting.pop(self._next))
            self._next += 1
        return ready

    def rest(self) -> list[bytes]:
        """Close every batch and return what had not been ready, in order."""
        for kind in tuple(self._filling):
            self._close(kind)
        return self._next_in_order()

    def _close(self, kind: BatchKind) -> None:
        filling = self._filling.pop(kind)
        self._waiting[filling.position] = queue_message(
            batch_id=nth_batch_id(self._campaign_id, filling.position),
            template_code=self._template_code,
            layout=self._layout,
            rows=filling.rows,
            sign_names=SignNames.joined(filling.sign_names),
            extend_codes=filling.extend_codes if kind.has_extend_codes else (),
            is_international=kind.is_international,
        )


def _by_kind(recipients: Recipients) -> Iterator[tuple[BatchKind, Recipients]]:
    is_international = recipients.is_international
    if not any(recipients.extend_codes):
        yield BatchKind(has_extend_codes=False, is_international=is_international), recipients
        return
    start = 0
    for has_extend_code, run in groupby(map(bool, recipients.extend_codes)):
        stop = start + len(list(run))
        yield BatchKind(has_extend_code, is_international), recipients.part(slice(start, stop))
        start = stop


def _fitting(rows: Sequence[bytes], room: int, *, at_least: int) -> tuple[int, bytes]:
    """Return how many of the first rows fit into the room, and these rows joined."""
    joined = joined_rows(rows)
    if len(joined) + len(BETWEEN_ROWS) <= room:
        return len(rows), joined
    sizes = accumulate(len(row) + len(BETWEEN_ROWS) for row in rows)
    fitting = max(at_least, bisect_right(list(sizes), room))
    return fitting, joined_rows(rows[:fitting])

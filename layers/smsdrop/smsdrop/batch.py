"""A batch: up to a hundred recipients of one `SendBatchSms` call, and of one queue message."""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, count, groupby
from typing import NamedTuple, Self

from smsdrop.json_text import object_of, strings_to_json, to_json
from smsdrop.recipients import Recipients

MAX_RECIPIENTS = 100
"""`SendBatchSms` refuses more phone numbers than this in one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """
    Recipients column by column, as the API takes them; all columns are equally long.

    `extend_codes` is empty when nobody has one: the API knows only all or none.
    `params` holds a column for each of `param_names`. Numbers do not show whether they are
    international: some of +1 look like mainland ones.
    """

    batch_id: str
    template_code: str
    phone_numbers: tuple[str, ...]
    sign_names: tuple[str, ...]
    param_names: tuple[str, ...] = ()
    params: tuple[tuple[str, ...], ...] = ()
    extend_codes: tuple[str, ...] = ()
    is_international: bool = False

    def __len__(self) -> int:
        return len(self.phone_numbers)

    @property
    def campaign_id(self) -> str:
        return campaign_of(self.batch_id)

    @property
    def is_part(self) -> bool:
        """Say whether the batch is what a split has left of a larger one."""
        return "." in self.batch_id

    def halves(self) -> tuple[Self, Self]:
        """Return the two children of a split, `<id>.0` and `<id>.1`; needs two recipients."""
        middle = len(self) // 2
        return self._part("0", slice(0, middle)), self._part("1", slice(middle, None))

    def _part(self, name: str, part: slice) -> Self:
        return type(self)(
            batch_id=f"{self.batch_id}.{name}",
            template_code=self.template_code,
            phone_numbers=self.phone_numbers[part],
            sign_names=self.sign_names[part],
            param_names=self.param_names,
            params=tuple(column[part] for column in self.params),
            extend_codes=self.extend_codes[part],
            is_international=self.is_international,
        )

    def to_json(self) -> str:
        """Write the queue message."""
        return self.to_bytes().decode()

    def to_bytes(self) -> bytes:
        """Write the queue message in UTF-8; a sign name that all share is written once."""
        sign_name = self.sign_names[0]
        is_shared = self.sign_names.count(sign_name) == len(self)
        fields = {
            "batch_id": to_json(self.batch_id),
            "template_code": to_json(self.template_code),
            "sign_name": to_json(sign_name) if is_shared else strings_to_json(self.sign_names),
            "phone_numbers": strings_to_json(self.phone_numbers),
        }
        if self.is_international:
            fields["is_international"] = b"true"
        if self.extend_codes:
            fields["extend_codes"] = strings_to_json(self.extend_codes)
        if self.param_names:
            columns = map(strings_to_json, self.params)
            fields["params"] = object_of(dict(zip(self.param_names, columns, strict=True)))
        return object_of(fields)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        fields = json.loads(text)
        params = fields.pop("params", {})
        sign_name = fields.pop("sign_name")
        phone_numbers = tuple(fields.pop("phone_numbers"))
        return cls(
            phone_numbers=phone_numbers,
            sign_names=(
                (sign_name,) * len(phone_numbers)
                if isinstance(sign_name, str)
                else tuple(sign_name)
            ),
            param_names=tuple(params),
            params=tuple(tuple(column) for column in params.values()),
            extend_codes=tuple(fields.pop("extend_codes", ())),
            **fields,
        )


def campaign_of(batch_id: str) -> str:
    """Return the campaign's id, which heads the ids of all its batches."""
    return batch_id.rpartition("-")[0]


def nth_batch_id(campaign_id: str, position: int) -> str:
    """Return the id of the batch at this position, counted from 1."""
    return f"{campaign_id}-{position:06d}"


def position_of(batch_id: str) -> int:
    """Return the position in the plan of a batch, or of the one it was split from."""
    return int(batch_id.rpartition("-")[2].partition(".")[0])


MAX_PARAM_CHARS = 50_000
"""Ours, for all params of a batch: at most 200 kB of UTF-8, below a queue message's 256 KiB."""

MAX_OPEN_BATCHES = 64
"""Ours: how many full batches wait in memory for an earlier one that is still being filled."""


@dataclass(slots=True)
class _Filling:
    """A batch that is being filled, column by column."""

    position: int
    phone_numbers: list[str] = field(default_factory=list)
    sign_names: list[str] = field(default_factory=list)
    extend_codes: list[str] = field(default_factory=list)
    params: list[list[str]] = field(default_factory=list)
    param_chars: int = 0
    """At most."""

    def __len__(self) -> int:
        return len(self.phone_numbers)

    def add(self, recipients: Recipients, part: slice, param_chars: int) -> None:
        self.phone_numbers += recipients.phone_numbers[part]
        self.sign_names += recipients.sign_names[part]
        self.extend_codes += recipients.extend_codes[part]
        for column, more in zip(self.params, recipients.params, strict=True):
            column += more[part]
        self.param_chars += param_chars


class Kind(NamedTuple):
    """Of recipients that may share a batch."""

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
        param_names: tuple[str, ...],
        max_recipients: int = MAX_RECIPIENTS,
    ) -> None:
        self._campaign_id = campaign_id
        self._template_code = template_code
        self._param_names = param_names
        self._max_recipients = max_recipients
        self._positions = count(1)
        self._filling: dict[Kind, _Filling] = {}
        self._waiting: dict[int, Batch] = {}
        self._next = 1

    def add(self, recipients: Recipients) -> list[tuple[int, int]]:
        """Take the recipients in; return their batches' positions, in order, each with how many."""
        runs = []
        for kind, some in _by_kind(recipients):
            taken = 0
            while taken < len(some):
                filling = self._with_room(kind)
                room = slice(taken, min(len(some), taken + self._max_recipients - len(filling)))
                count, characters = _fitting(some, room, MAX_PARAM_CHARS - filling.param_chars)
                if filling and not count:
                    self._close(kind)
                    continue
                count = count or 1
                filling.add(some, slice(taken, taken + count), characters)
                runs.append((filling.position, count))
                taken += count
        return runs

    def _with_room(self, kind: Kind) -> _Filling:
        filling = self._filling.get(kind)
        if filling is not None:
            if len(filling) < self._max_recipients:
                return filling
            self._close(kind)
        filling = _Filling(next(self._positions), params=[[] for _ in self._param_names])
        self._filling[kind] = filling
        return filling

    def ready(self) -> list[Batch]:
        """Return the batches that have become ready since the last call, in order."""
        ready = self._those_in_order()
        while len(self._waiting) > MAX_OPEN_BATCHES:
            self._close(min(self._filling, key=lambda kind: self._filling[kind].position))
            ready += self._those_in_order()
        return ready

    def _those_in_order(self) -> list[Batch]:
        ready = []
        while self._next in self._waiting:
            ready.append(self._waiting.pop(self._next))
            self._next += 1
        return ready

    def rest(self) -> list[Batch]:
        """Close every batch and return what had not been ready, in order."""
        for kind in tuple(self._filling):
            self._close(kind)
        return self._those_in_order()

    def _close(self, kind: Kind) -> None:
        filling = self._filling.pop(kind)
        self._waiting[filling.position] = Batch(
            batch_id=nth_batch_id(self._campaign_id, filling.position),
            template_code=self._template_code,
            phone_numbers=tuple(filling.phone_numbers),
            sign_names=tuple(filling.sign_names),
            param_names=self._param_names,
            params=tuple(map(tuple, filling.params)),
            extend_codes=tuple(filling.extend_codes) if kind.has_extend_codes else (),
            is_international=kind.is_international,
        )


def _by_kind(recipients: Recipients) -> Iterator[tuple[Kind, Recipients]]:
    if not any(recipients.extend_codes):
        yield Kind(has_extend_codes=False, is_international=recipients.is_international), recipients
        return
    start = 0
    for has_extend_code, run in groupby(map(bool, recipients.extend_codes)):
        stop = start + len(list(run))
        yield Kind(has_extend_code, recipients.is_international), recipients.part(start, stop)
        start = stop


def _fitting(recipients: Recipients, part: slice, room: int) -> tuple[int, int]:
    """Return how many of a part, from its start, have params that fit, and how long these are."""
    count = part.stop - part.start
    if count * recipients.longest <= room:
        return count, count * recipients.longest  # or shorter
    rows = zip(*(column[part] for column in recipients.params), strict=True)
    characters = [0, *accumulate(sum(map(len, row)) for row in rows)]
    count = bisect_right(characters, room) - 1
    return count, characters[count]

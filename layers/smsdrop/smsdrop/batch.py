"""A batch: up to a hundred recipients of one `SendBatchSms` call, and of one queue message."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Self

from smsdrop.judging import Recipient

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
        """Write the queue message; a sign name that all share is written once."""
        one_sign_name = len(set(self.sign_names)) == 1
        fields: dict[str, Any] = {
            "batch_id": self.batch_id,
            "template_code": self.template_code,
            "sign_name": self.sign_names[0] if one_sign_name else self.sign_names,
            "phone_numbers": self.phone_numbers,
        }
        if self.is_international:
            fields["is_international"] = True
        if self.extend_codes:
            fields["extend_codes"] = self.extend_codes
        if self.param_names:
            fields["params"] = dict(zip(self.param_names, self.params, strict=True))
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

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
    position: int
    recipients: list[Recipient]
    param_chars: int = 0


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
        self._filling: dict[tuple[bool, bool], _Filling] = {}
        self._waiting: dict[int, Batch] = {}
        self._next = 1

    def add(self, recipient: Recipient) -> int:
        """Take the recipient in and return the position of its batch."""
        kind = (bool(recipient.extend_code), recipient.is_international)
        chars = sum(map(len, recipient.params))
        filling = self._filling.get(kind)
        if filling is not None and (
            len(filling.recipients) == self._max_recipients
            or filling.param_chars + chars > MAX_PARAM_CHARS
        ):
            self._close(kind)
            filling = None
        if filling is None:
            filling = self._filling[kind] = _Filling(next(self._positions), [])
        filling.recipients.append(recipient)
        filling.param_chars += chars
        return filling.position

    def ready(self) -> list[Batch]:
        """Return the batches that have become ready since the last call, in order."""
        if len(self._waiting) > MAX_OPEN_BATCHES:
            self._close(min(self._filling, key=lambda kind: self._filling[kind].position))
        ready = []
        while self._next in self._waiting:
            ready.append(self._waiting.pop(self._next))
            self._next += 1
        return ready

    def rest(self) -> list[Batch]:
        """Close every batch and return what had not been ready, in order."""
        for kind in tuple(self._filling):
            self._close(kind)
        return self.ready()

    def _close(self, kind: tuple[bool, bool]) -> None:
        filling = self._filling.pop(kind)
        self._waiting[filling.position] = self._batch(filling.position, filling.recipients)

    def _batch(self, position: int, recipients: Sequence[Recipient]) -> Batch:
        return Batch(
            batch_id=nth_batch_id(self._campaign_id, position),
            template_code=self._template_code,
            phone_numbers=tuple(each.phone_number for each in recipients),
            sign_names=tuple(each.sign_name for each in recipients),
            param_names=self._param_names,
            params=tuple(zip(*(each.params for each in recipients), strict=True)),
            extend_codes=tuple(each.extend_code for each in recipients if each.extend_code),
            is_international=recipients[0].is_international,
        )

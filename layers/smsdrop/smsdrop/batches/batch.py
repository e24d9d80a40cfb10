"""A batch: up to a hundred recipients of one `SendBatchSms` call, and of one queue message."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

from smsdrop.batches.forms import FORM, LaterForm, check_form
from smsdrop.batches.split import DOUBTFUL, HALVES, Split
from smsdrop.json_text import joined, strings_to_json, to_json
from smsdrop.recipients.layout import Columns, Layout, array_of_rows, rows_of_texts
from smsdrop.recipients.sign_names import SignNames

MAX_RECIPIENTS = 100
"""`SendBatchSms` refuses more phone numbers than this in one call."""


class NotABatch(Exception):
    """A queue message that nothing can be sent from, however often it comes."""


MISREADINGS = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
"""What reading a text that is no batch raises: no JSON, a number, other members, rows of lists …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """
    Recipients row by row, with a sign name for each.

    `extend_codes` is empty if no row has one: the API takes one for each or none at all. Numbers do
    not show whether they are international: some of +1 look like mainland ones.
    """

    batch_id: str
    template_code: str
    layout: Layout
    rows: tuple[str, ...]
    """The cells of each, as the layout says, with `SEPARATOR` between them."""
    sign_names: tuple[str, ...]
    extend_codes: tuple[str, ...] = ()
    is_international: bool = False
    in_doubt: bool = False
    """Whether the batch that it was split from may have texted these, which cannot be known."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        return tuple(self.columns()[0])

    def columns(self) -> tuple[Sequence[str], Columns]:
        """Return the phone numbers, and a column for each param."""
        return self.layout.columns(self.rows)

    @property
    def campaign_id(self) -> str:
        return campaign_of(self.batch_id)

    @property
    def is_part(self) -> bool:
        """Say whether the batch came out of a split."""
        return "." in self.batch_id

    def parts(self, split: Split = HALVES) -> tuple[Self, ...]:
        """Return what it is split into, `<id>.0` and on; no part may be empty."""
        parts = enumerate(split.parts(len(self)))
        if not split.in_doubt:
            return tuple(self._part(number, places) for number, places in parts)
        return tuple(
            replace(self._part(number, places), in_doubt=number == DOUBTFUL)
            for number, places in parts
        )

    def _part(self, number: int, places: Sequence[int]) -> Self:
        return replace(
            self,
            batch_id=part_id(self.batch_id, number),
            rows=tuple(self.rows[place] for place in places),
            sign_names=tuple(self.sign_names[place] for place in places),
            extend_codes=tuple(self.extend_codes[place] for place in places)
            if self.extend_codes
            else (),
        )

    def to_json(self) -> str:
        """Write the queue message."""
        return queue_message(
            batch_id=self.batch_id,
            template_code=self.template_code,
            layout=self.layout,
            rows=rows_of_texts(self.rows),
            sign_names=SignNames(each=self.sign_names),
            extend_codes=self.extend_codes,
            is_international=self.is_international,
            in_doubt=self.in_doubt,
        ).decode()

    @classmethod
    def from_message(cls, body: str) -> Self:
        """Read a message that anyone may have sent. Raises `NotABatch` or `LaterForm`."""
        try:
            batch = cls.from_json(body)
            position_of(batch.batch_id)
            sizes = batch._sizes()
        except MISREADINGS as error:
            raise NotABatch(type(error).__name__) from None  # its text may hold phone numbers
        if len(sizes) > 1 or 0 in sizes:
            raise NotABatch("its columns differ in length, or are empty")
        return batch

    def _sizes(self) -> set[int]:
        phone_numbers, params = self.columns()
        columns = [phone_numbers, *params, self.rows, self.sign_names]
        return set(map(len, [*columns, self.extend_codes] if self.extend_codes else columns))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a message that smsdrop has written; raises `LaterForm`."""
        members = json.loads(text)
        check_form(members)
        rows = tuple(members["rows"])
        return cls(
            batch_id=members["batch_id"],
            template_code=members["template_code"],
            layout=Layout(
                phone_column=members["phone_column"], param_names=tuple(members["param_names"])
            ),
            rows=rows,
            sign_names=tuple(SignNames.from_json(members["sign_name"]).of_rows(len(rows))),
            extend_codes=tuple(members.get("extend_codes", ())),
            is_international=members.get("is_international", False),
            in_doubt=members.get("in_doubt", False),
        )


def is_batch(body: str) -> bool:
    """Say whether a queue message is a batch, of this release or of a later one."""
    try:
        Batch.from_message(body)
    except NotABatch:
        return False
    except LaterForm:
        return True
    return True


def queue_message(
    *,
    batch_id: str,
    template_code: str,
    layout: Layout,
    rows: Iterable[bytes],
    sign_names: SignNames,
    extend_codes: Sequence[str] = (),
    is_international: bool = False,
    in_doubt: bool = False,
) -> bytes:
    """
    Write the queue message of a batch in UTF-8, its rows as they are or some joined already.
    """
    members = {
        "batch_id": to_json(batch_id),
        "sign_name": sign_names.to_json(),
    }
    if extend_codes:
        members["extend_codes"] = strings_to_json(extend_codes)
    if in_doubt:
        members["in_doubt"] = b"true"
    members["rows"] = array_of_rows(rows)
    common = _common_members(template_code, layout, is_international=is_international)
    return b"{%b,%b}" % (common, joined(members))


@lru_cache
def _common_members(template_code: str, layout: Layout, *, is_international: bool) -> bytes:
    """Write what nearly all messages of a file have in common."""
    members = {
        "form": to_json(FORM),
        "template_code": to_json(template_code),
        "phone_column": to_json(layout.phone_column),
        "param_names": strings_to_json(layout.param_names),
    }
    if is_international:
        members["is_international"] = b"true"
    return joined(members)


def part_id(batch_id: str, number: int) -> str:
    """Return the id of a part of a batch, counted from 0."""
    return f"{batch_id}.{number}"


def campaign_of(batch_id: str) -> str:
    """Return the campaign's id, which the ids of all its batches begin with."""
    return batch_id.rpartition("-")[0]


def nth_batch_id(campaign_id: str, position: int) -> str:
    """Return the id of the batch at this position, counted from 1."""
    return f"{campaign_id}-{position:06d}"


def position_of(batch_id: str) -> int:
    """Return the position in the plan of a batch, or of the one it was split from."""
    return int(batch_id.rpartition("-")[2].partition(".")[0])

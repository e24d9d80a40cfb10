"""A batch: up to a hundred recipients of one `SendBatchSms` call, and of one queue message."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

from smsdrop.batches.forms import FORM, check_form
from smsdrop.json_text import joined, strings_to_json, to_json
from smsdrop.recipients.layout import Columns, Layout, array_of_rows, rows_of_texts
from smsdrop.recipients.sign_names import SignNames

MAX_RECIPIENTS = 100
"""`SendBatchSms` refuses more phone numbers than this in one call."""


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
    """Whether the batch that it was split from may have texted these, which nobody can know."""

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

    def parts(self, in_doubt: Collection[int] = ()) -> tuple[Self, Self]:
        """
        Return the two parts of a split, `<id>.0` and `<id>.1`; needs two recipients.

        They are halves, or the recipients at the places in doubt apart from the others.
        """
        places = range(len(self))
        if not in_doubt:
            middle = len(self) // 2
            return self._part("0", places[:middle]), self._part("1", places[middle:])
        others = [place for place in places if place not in in_doubt]
        return self._part("0", others), replace(self._part("1", sorted(in_doubt)), in_doubt=True)

    def _part(self, name: str, places: Sequence[int]) -> Self:
        return replace(
            self,
            batch_id=f"{self.batch_id}.{name}",
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
    def from_json(cls, text: str | bytes) -> Self:
        """Read a queue message; raises `LaterForm`."""
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


def campaign_of(batch_id: str) -> str:
    """Return the campaign's id, which the ids of all its batches begin with."""
    return batch_id.rpartition("-")[0]


def nth_batch_id(campaign_id: str, position: int) -> str:
    """Return the id of the batch at this position, counted from 1."""
    return f"{campaign_id}-{position:06d}"


def position_of(batch_id: str) -> int:
    """Return the position in the plan of a batch, or of the one it was split from."""
    return int(batch_id.rpartition("-")[2].partition(".")[0])

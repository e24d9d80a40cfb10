"""
The plan: the result of validating a file, kept for good as two streams of JSON lines.

`batches.jsonl` holds each batch as its queue message, in order. `rows.jsonl` begins with its form
and the user's own column names, `{"form": 1, "columns": [...]}`, then holds the rows, some hundred
to a line:
`{"first_row": 2, "cells": ..., "batches": [[position, count], ...], "others": [...]}`.
The cells are an array for each column, or text: a line for each row, U+007F between the cells.
The batches are those of the rows in order, or 0 for rows that are judged only; except for `others`,
each of them `[index, what]`: null for a blank row, a batch's position, `{"duplicate_of": row}` or
`{"rejected": reason}`. A duplicate of what an earlier campaign had says why: `"because": reason`;
it names its own row, or none: 0.
What is suppressed is written as such a duplicate, which says `"suppressed": true` beside it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, TypeAlias

from smsdrop.batches.batch import Batch
from smsdrop.batches.forms import check_form
from smsdrop.reasons import Reason
from smsdrop.recipients.layout import SEPARATOR

BATCHES = "batches.jsonl"

JUDGED_ONLY = 0
"""The position of rows that have no batch: their file is a test, whose texts go to others."""

ROWS = "rows.jsonl"

Runs: TypeAlias = Sequence[tuple[int, int]]
"""The positions of batches, each with how many consecutive rows belong to it."""


class PlanDamaged(Exception):
    """The plan is not as it was written: it was changed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBatch:
    """A batch of the plan as its queue message, and where the next one begins."""

    position: int
    message: str
    next_byte: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """
    A row with its cells, and the position of its batch or the reason why it has none.

    `had_from` is the campaign that had the very same message.
    """

    row: int
    cells: list[str]
    position: int | None = None
    duplicate_of: int | None = None
    because: Reason | None = None
    """Why it is a duplicate, unless the other row says it."""
    rejected: Reason | None = None
    is_suppressed: bool = False
    """Whether its number is on a list, which `because` names."""


def planned_batches(
    lines: Iterable[bytes], *, after: int, first_byte: int
) -> Iterator[PlannedBatch]:
    """Yield the batches of lines that begin at `first_byte`, after so many other batches."""
    next_byte = first_byte
    for position, line in enumerate(lines, start=after + 1):
        next_byte += len(line)
        message = line.decode().rstrip("\n")
        yield PlannedBatch(position=position, message=message, next_byte=next_byte)


def read_batches(lines: Iterable[bytes], *, count: int) -> Iterator[Batch]:
    """Yield the plan's batches; raises `PlanDamaged` unless there are so many, all whole."""
    left = count
    for line in lines:
        with raising_if_damaged():
            batch = Batch.from_json(line)
        left -= 1
        yield batch
    if left:
        raise PlanDamaged(f"{left} batches of {count} are missing")


def batches_ahead(lines: Iterable[bytes], recipients: int) -> int:
    """
    Return how many of the plan's first batches hold so many recipients.

    0 if the whole plan holds no more: then nobody is left to follow.
    """
    held = 0
    for position, line in enumerate(lines, start=1):
        if held >= recipients:
            return position - 1
        held += len(Batch.from_json(line))
    return 0


def columns_and_rows(lines: Iterator[bytes]) -> tuple[list[str], Iterator[PlannedRow]]:
    """Return the user's own column names, and the rows; raises `LaterForm`, both `PlanDamaged`."""
    with raising_if_damaged():
        first = json.loads(next(lines, b""))
        members = first if isinstance(first, dict) else {"columns": first}  # without a form
        check_form(members)
        columns = members["columns"]
    return columns, _all_rows(lines)


def _all_rows(lines: Iterator[bytes]) -> Iterator[PlannedRow]:
    for line in lines:
        with raising_if_damaged():
            rows = list(_planned_rows(**json.loads(line)))
        yield from rows


@contextmanager
def raising_if_damaged() -> Iterator[None]:
    """Treat what cannot be read as damage: smsdrop wrote it."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, RuntimeError) as error:
        raise PlanDamaged from error


def _planned_rows(
    first_row: int,
    cells: str | list[list[str]],
    batches: Runs,
    others: list[tuple[int, Any]],
    **_unknown: Any,
) -> Iterator[PlannedRow]:
    positions = positions_of_rows(batches)
    special = dict(others)
    for index, row in enumerate(_rows(cells)):
        fate = special[index] if index in special else next(positions)
        if fate is not None:
            yield PlannedRow(row=first_row + index, cells=row, **_fate_from_json(fate))


def positions_of_rows(runs: Runs) -> Iterator[int]:
    """Yield the position of each row's batch."""
    return chain.from_iterable(repeat(position, count) for position, count in runs)


def _rows(cells: str | list[list[str]]) -> Iterator[list[str]]:
    if isinstance(cells, str):
        return (line.split(SEPARATOR) for line in cells.split("\n")[:-1])
    return (list(row) for row in zip(*cells, strict=True))


def _fate_from_json(fate: Any) -> dict[str, Any]:
    if isinstance(fate, int):
        return {"position": fate}
    if "rejected" in fate:
        return {"rejected": Reason.from_list(fate["rejected"])}
    because = Reason.from_list(fate["because"]) if "because" in fate else None
    return {
        "duplicate_of": fate["duplicate_of"],
        "because": because,
        "is_suppressed": fate.get("suppressed", False),
    }

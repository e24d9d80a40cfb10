"""
The plan: the frozen result of judging a file, as two streams of JSON lines.

`batches.jsonl` holds each batch as its queue message, in order. `rows.jsonl` begins with the
user's own column names, then holds each row with what was decided about it:
`[row number, the position of its batch, or null, its cells]`, and where there is no batch, also
`{"duplicate_of": row}` or `{"rejected": reason}`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from smsdrop.batch import Batch
from smsdrop.judging import Duplicate
from smsdrop.reasons import Reason

BATCHES = "batches.jsonl"
ROWS = "rows.jsonl"


class PlanWriter:
    """Writes both streams of a plan."""

    def __init__(self, *, batches: IO[bytes], rows: IO[bytes]) -> None:
        self._batches = batches
        self._rows = rows

    def columns(self, columns: tuple[str, ...]) -> None:
        self._rows.write(_line(columns))

    def batch(self, batch: Batch) -> None:
        self._batches.write(batch.to_json().encode() + b"\n")

    def accepted(self, row: int, cells: list[str], position: int) -> None:
        self._rows.write(_line([row, position, cells]))

    def duplicate(self, row: int, cells: list[str], duplicate: Duplicate) -> None:
        self._rows.write(_line([row, None, cells, {"duplicate_of": duplicate.first_row}]))

    def rejected(self, row: int, cells: list[str], reason: Reason) -> None:
        self._rows.write(_line([row, None, cells, {"rejected": reason.to_list()}]))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBatch:
    """A batch of the plan, as its queue message, and where the next one begins."""

    batch_id: str
    message: str
    next_byte: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """A row with its own cells, and one of three: its batch's position, or why it has none."""

    cells: list[str]
    position: int | None
    duplicate_of: int | None
    rejected: Reason | None


def planned_batches(lines: Iterable[bytes], *, first_byte: int) -> Iterator[PlannedBatch]:
    """Yield the batches of lines that begin at this byte of the plan."""
    next_byte = first_byte
    for line in lines:
        next_byte += len(line)
        message = line.decode().rstrip("\n")
        batch_id = json.loads(message)["batch_id"]
        yield PlannedBatch(batch_id=batch_id, message=message, next_byte=next_byte)


def columns_and_rows(lines: Iterator[bytes]) -> tuple[list[str], Iterator[PlannedRow]]:
    """Read the rows' stream: the user's own column names, then each row as it is asked for."""
    columns = json.loads(next(lines))
    return columns, (_planned_row(json.loads(line)) for line in lines)


def _planned_row(fields: list[Any]) -> PlannedRow:
    _, position, cells, *why = fields
    verdict = why[0] if why else {}
    rejected = verdict.get("rejected")
    return PlannedRow(
        cells=cells,
        position=position,
        duplicate_of=verdict.get("duplicate_of"),
        rejected=Reason.from_list(rejected) if rejected else None,
    )


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

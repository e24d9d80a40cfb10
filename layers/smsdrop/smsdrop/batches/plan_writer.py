"""Writing a plan; `plan` has its format, and reads it."""

from collections.abc import Mapping, Sequence
from typing import IO, Any, TypeAlias

from smsdrop.json_text import array_of, object_of, strings_to_json, to_json
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block, TextBlock
from smsdrop.recipients.recipient import Duplicate

RowFate: TypeAlias = int | Duplicate | Reason | None
"""Of one row: the position of its batch, duplicate, rejected for this reason, or blank."""


class PlanWriter:
    """Writes both streams of a plan."""

    def __init__(self, *, batches: IO[bytes], rows: IO[bytes]) -> None:
        self._batches = batches
        self._rows = rows

    def columns(self, columns: tuple[str, ...]) -> None:
        self._rows.write(to_json(columns) + b"\n")

    def batches(self, messages: Sequence[bytes]) -> int:
        """Write the queue messages of the batches that come next; return how many they are."""
        self._batches.write(b"".join([message + b"\n" for message in messages]))
        return len(messages)

    def rows(
        self, block: Block, batches: Sequence[tuple[int, int]], others: Mapping[int, RowFate]
    ) -> None:
        """Write the batches' positions, each with how many rows it has, and the others' fates."""
        fates = [[index, _fate_to_json(fate)] for index, fate in others.items()]
        fields = {
            "first_row": to_json(block.first_row),
            "cells": _cells_to_json(block),
            "batches": to_json(batches),
            "others": to_json(fates),
        }
        self._rows.write(object_of(fields) + b"\n")


def _cells_to_json(block: Block) -> bytes:
    if not isinstance(block, TextBlock):
        return array_of(map(strings_to_json, block.columns))
    if block.is_clean:
        return b'"%b"' % block.text.replace(block.end, b"\\n")
    return to_json("".join([f"{line.decode()}\n" for line in block.lines]))


def _fate_to_json(fate: RowFate) -> Any:
    match fate:
        case Duplicate(first_row):
            return {"duplicate_of": first_row}
        case Reason():
            return {"rejected": fate.to_list()}
    return fate

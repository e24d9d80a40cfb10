"""Writes a plan; the module `plan` says its format, and reads it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import IO

from smsdrop.batches.forms import FORM
from smsdrop.batches.plan import Runs
from smsdrop.drops import beijing_time_of
from smsdrop.json_text import array_of, object_of, strings_to_json, to_json
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block, TextBlock

NO_REASONS: Mapping[int, Reason] = MappingProxyType({})
NO_DUPLICATES: Mapping[int, int] = MappingProxyType({})
NONE_HAD: Mapping[int, str] = MappingProxyType({})
NONE_SUPPRESSED: Mapping[int, str] = MappingProxyType({})


class PlanWriter:
    """Writes both streams of a plan."""

    def __init__(self, *, batches: IO[bytes], rows: IO[bytes]) -> None:
        self._batches = batches
        self._rows = rows

    def columns(self, columns: tuple[str, ...]) -> None:
        self._rows.write(to_json({"form": FORM, "columns": columns}) + b"\n")

    def batches(self, messages: Sequence[bytes]) -> int:
        """Write the queue messages of the next batches; return how many there are."""
        self._batches.write(b"".join([message + b"\n" for message in messages]))
        return len(messages)

    def rows(
        self,
        block: Block,
        batches: Runs,
        *,
        international: Iterable[tuple[int, int]] = (),
        duplicates: Mapping[int, int] = NO_DUPLICATES,
        rejected: Mapping[int, Reason] = NO_REASONS,
        had: Mapping[int, str] = NONE_HAD,
        suppressed: Mapping[int, str] = NONE_SUPPRESSED,
        blank: Iterable[int] = (),
        sent: Mapping[int, Reason] = NO_REASONS,
    ) -> None:
        """
        Write the batches of the rows in order, except for those that are given by their index.

        International rows come with their batch's position; duplicates with the first row, or with
        their own and the reason in `sent`; rows whose very message was had before with the campaign
        that had it; and suppressed rows with the list that they are on.
        """
        others = [
            *([index, position] for index, position in international),
            *(
                [index, {"duplicate_of": first_row, **_because(sent.get(index))}]
                for index, first_row in duplicates.items()
            ),
            *([index, {"rejected": reason.to_list()}] for index, reason in rejected.items()),
            *([index, None] for index in blank),
        ]
        fields = {
            "first_row": to_json(block.first_row),
            "cells": _cells_to_json(block),
            "batches": to_json(batches),
            "others": _others_to_json(others, had, suppressed),
        }
        self._rows.write(object_of(fields) + b"\n")


def _because(reason: Reason | None) -> dict[str, list[str]]:
    return {"because": reason.to_list()} if reason else {}


def _others_to_json(
    others: Sequence[object], had: Mapping[int, str], suppressed: Mapping[int, str]
) -> bytes:
    """Write what became of rows; there may be millions that were had or are suppressed."""
    if not (had or suppressed):
        return to_json(others)
    return array_of(
        [
            *map(to_json, others),
            *_shared_fates(had, _fate_of_had),
            *_shared_fates(suppressed, _fate_of_suppressed),
        ]
    )


def _shared_fates(rows: Mapping[int, str], fate_of: Callable[[str], bytes]) -> Iterator[bytes]:
    """Yield each row, by its index, with the fate of all that have the same name."""
    fates = {each: fate_of(each) for each in set(rows.values())}
    for index, name in rows.items():
        yield b"[%d,%b]" % (index, fates[name])


def _fate_of_had(campaign_id: str) -> bytes:
    reason = Reason("had_before", (campaign_id, beijing_time_of(campaign_id)))
    return to_json({"duplicate_of": 0, **_because(reason)})


def _fate_of_suppressed(name: str) -> bytes:
    """An earlier release takes it for a duplicate, whose reason it cannot put into words."""
    return to_json(
        {"duplicate_of": 0, **_because(Reason("suppressed", (name,))), "suppressed": True}
    )


def _cells_to_json(block: Block) -> bytes:
    if not isinstance(block, TextBlock):
        return array_of(map(strings_to_json, block.columns))
    if block.is_clean:
        return b'"%b"' % block.text.replace(block.end, b"\\n")
    return to_json("".join([f"{line.decode()}\n" for line in block.lines]))

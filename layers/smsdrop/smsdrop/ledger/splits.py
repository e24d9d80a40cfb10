"""Batches and the parts they were split into, from a batch of the plan down to its last parts."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import TypeAlias

from smsdrop.batches.batch import Batch, part_id, position_of
from smsdrop.ledger.batch_entry import BatchEntry, State

SplitTree: TypeAlias = Mapping[str, BatchEntry]
"""The entries of one batch of the plan and of all its parts, by batch id."""

REFUSED = (State.SPLIT, State.REFUSED)

ENOUGH_REFUSED = 2
"""
Our choice: with these, three parts that have no recipient in common hold a bad one each. More
would halve on for longer where all are bad; fewer would stop where only two are.
"""

NO_MORE: tuple[int, SplitTree] = (sys.maxsize, {})


def split_trees(entries: Iterable[BatchEntry]) -> Iterator[tuple[int, SplitTree]]:
    """Gather entries that come in the order of their ids, by their position in the plan."""
    for position, group in groupby(entries, key=lambda entry: position_of(entry.batch_id)):
        yield position, {entry.batch_id: entry for entry in group}


def with_parents_evidence(entries: Iterable[BatchEntry]) -> Iterator[BatchEntry]:
    """
    Yield the entries, each with the evidence of those that it was split from.

    Where one of them turned out accepted after all, that counts as an attempt 0 of its parts.
    """
    for _, tree in split_trees(entries):
        for entry in tree.values():
            texted = any(tree[each].accepted for each in _ancestors(entry) if each in tree)
            yield replace(entry, accepted=(0, *entry.accepted)) if texted else entry


def _ancestors(entry: BatchEntry) -> Iterator[str]:
    batch_id, dot, _ = entry.batch_id.rpartition(".")
    while dot:
        yield batch_id
        batch_id, dot, _ = batch_id.rpartition(".")


def is_final(tree: SplitTree, batch_id: str) -> bool:
    """Say whether the batch has come to its end, and if it was split, all its parts have too."""
    entry = tree.get(batch_id)
    if entry is None or not entry.is_final:
        return False
    if entry.state is State.SPLIT:
        return all(is_final(tree, part_id(batch_id, each)) for each in range(entry.parts))
    return True


def open_leaves(tree: SplitTree, batch: Batch) -> Iterator[tuple[Batch, BatchEntry | None]]:
    """Yield what the batch was split into, or itself, as far as it is not at its end."""
    entry = tree.get(batch.batch_id)
    if entry is None or not entry.is_final:
        yield batch, entry
    elif entry.state is State.SPLIT:
        for part in batch.parts(entry.parts):
            yield from open_leaves(tree, part)


def relatives(batch_id: str) -> Iterator[str]:
    """
    Yield the ids of the other halves: of the batch, and of those that it came from.

    They hold everyone else of the batch of the plan. What is split into more than halves has
    nothing left to split.
    """
    whole, dot, half = batch_id.rpartition(".")
    while dot:
        yield part_id(whole, 1 - int(half))
        whole, dot, half = whole.rpartition(".")


def is_halving_blind(code: str, known: Iterable[BatchEntry]) -> bool:
    """
    Say whether halves go on being refused, by what is known of its relatives or of their halves.

    Halving finds few bad recipients among many good ones in few calls. Where none of the relatives
    was sent, and several were refused for the same reason, most recipients are bad: then halving
    takes twice the calls that it takes to try them one by one.
    """
    codes = [each.code if each.state in REFUSED else each.state for each in known]
    return State.SENT not in codes and codes.count(code) >= ENOUGH_REFUSED


def planned_with_entries(
    planned: Iterable[Batch], entries: Iterable[BatchEntry]
) -> Iterator[tuple[Batch, SplitTree]]:
    """Yield each batch of the plan with its entries, reading both side by side, in order."""
    rest = split_trees(entries)
    position, tree = next(rest, NO_MORE)
    for batch in planned:
        while position < position_of(batch.batch_id):
            position, tree = next(rest, NO_MORE)
        yield batch, tree if position == position_of(batch.batch_id) else {}

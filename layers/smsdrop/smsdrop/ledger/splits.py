"""Batches and the parts they were split into, from a batch of the plan down to its last parts."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeAlias

from smsdrop.batches.batch import Batch, nth_batch_id, part_id, position_of
from smsdrop.batches.split import HALVES
from smsdrop.ledger.batch_entry import MOVES, BatchEntry, State

SplitTree: TypeAlias = Mapping[str, BatchEntry]
"""The entries of one batch of the plan and of all its parts, by batch id."""

NO_MORE: tuple[int, SplitTree] = (sys.maxsize, {})


def split_trees(entries: Iterable[BatchEntry]) -> Iterator[tuple[int, SplitTree]]:
    """Gather entries that come in the order of their ids, by their position in the plan."""
    for position, group in groupby(entries, key=lambda entry: position_of(entry.batch_id)):
        yield position, {entry.batch_id: entry for entry in group}


def with_parents_evidence(entries: Iterable[BatchEntry]) -> Iterator[BatchEntry]:
    """
    Yield the entries, each with the evidence of the batches it was split from.

    If one of those turns out to be accepted after all, that counts as an attempt 0 of its parts. If
    its attempts still have to be looked up for the last time, its parts wait for that, too.
    """
    for _, tree in split_trees(entries):
        for entry in tree.values():
            wholes = [tree[each] for each in _ancestors(entry) if each in tree]
            if any(each.accepted for each in wholes):
                entry = _with_evidence(entry)
            if any(each.awaits_verification for each in wholes):
                entry = replace(entry, absent=entry.absent + 1, verified_at=0)
            yield entry


def _with_evidence(entry: BatchEntry) -> BatchEntry:
    """Return the entry of a part whose recipients were texted by a batch that it comes from."""
    is_known = entry.state is State.UNCONFIRMED
    state = State.SENT if is_known else entry.state
    return replace(entry, accepted=(0, *entry.accepted), state=state)


def _ancestors(entry: BatchEntry) -> Iterator[str]:
    batch_id, dot, _ = entry.batch_id.rpartition(".")
    while dot:
        yield batch_id
        batch_id, dot, _ = batch_id.rpartition(".")


def is_final(tree: SplitTree, batch_id: str) -> bool:
    """Say whether the batch has ended, and if it was split, all its parts have too."""
    entry = tree.get(batch_id)
    if entry is None or not entry.is_final:
        return False
    if entry.state is State.SPLIT:
        parts = entry.split.parts(entry.recipients)
        return all(is_final(tree, part_id(batch_id, each)) for each in range(len(parts)))
    return True


def have_ended(entries: Iterable[BatchEntry], campaign_id: str, *, batches: int) -> bool:
    """
    Say whether all the batches of a campaign's plan, and their parts, have ended.

    No entry is read beyond the first batch that has not.
    """
    ended = 0
    for _, tree in split_trees(entries):
        if not is_final(tree, nth_batch_id(campaign_id, ended + 1)):
            break
        ended += 1
    return ended == batches


def part_of(batch: Batch, batch_id: str, tree: SplitTree) -> Batch:
    """Return the batch with this id that the batch was split into, or itself."""
    for number in batch_id.removeprefix(batch.batch_id).split(".")[1:]:
        whole = tree.get(batch.batch_id)
        batch = batch.parts(whole.split if whole else HALVES)[int(number)]
    return batch


def open_leaves(tree: SplitTree, batch: Batch) -> Iterator[tuple[Batch, BatchEntry | None]]:
    """
    Yield those parts that the batch was split into, or itself, that are still open.

    A part in a state that only a later release knows is left to that release.
    """
    for leaf, entry in leaves(tree, batch):
        if entry is None or entry.state in MOVES:
            yield leaf, entry


def leaves(tree: SplitTree, batch: Batch) -> Iterator[tuple[Batch, BatchEntry | None]]:
    """Yield what the batch was split into in the end, or itself, with the ledger's entry for it."""
    entry = tree.get(batch.batch_id)
    if entry is not None and entry.state is State.SPLIT:
        for part in batch.parts(entry.split):
            yield from leaves(tree, part)
    else:
        yield batch, entry


def sent_leaves(
    tree: SplitTree, batch_id: str, recipients: int
) -> Iterator[tuple[Sequence[int], tuple[BatchEntry, ...]]]:
    """
    Yield the places of recipients that were sent to, in the batch of the plan.

    With them come the entries that may have texted them: their own, and those it was split from.
    """
    return _sent_leaves(tree, batch_id, range(recipients), ())


def _sent_leaves(
    tree: SplitTree, batch_id: str, places: Sequence[int], wholes: tuple[BatchEntry, ...]
) -> Iterator[tuple[Sequence[int], tuple[BatchEntry, ...]]]:
    entry = tree.get(batch_id)
    if entry is None:
        return
    chain = (entry, *wholes)
    if entry.state is State.SPLIT:
        for number, part in enumerate(entry.split.parts(len(places))):
            yield from _sent_leaves(
                tree, part_id(batch_id, number), [places[each] for each in part], chain
            )
    elif _was_sent(entry, wholes):
        yield places, chain


def _was_sent(entry: BatchEntry, wholes: Sequence[BatchEntry]) -> bool:
    """Say the same as the report does, see `with_parents_evidence`."""
    is_known = entry.state is State.UNCONFIRMED and any(each.accepted for each in wholes)
    return entry.state is State.SENT or is_known


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

"""Which batch entry each row of the plan ended up in."""

from collections import Counter
from collections.abc import Iterable

from smsdrop.batches.batch import nth_batch_id
from smsdrop.batches.batcher import MAX_OPEN_BATCHES
from smsdrop.batches.plan import PlanDamaged
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.splits import NO_MORE, SplitTree, split_trees


class RowOutcomes:
    """
    Finds the entry that each row of the plan ended up in, reading the ledger once.

    Rows come in the order of the plan, which is nearly that of their batches: one that is being
    filled slowly may be `MAX_OPEN_BATCHES` behind, and those of a block more.
    """

    def __init__(self, campaign_id: str, entries: Iterable[BatchEntry]) -> None:
        self._campaign_id = campaign_id
        self._trees = split_trees(entries)
        self._near: dict[int, SplitTree] = {}
        self._taken: Counter[int] = Counter()

    def next_of(self, position: int) -> BatchEntry:
        """Return the entry of the next recipient of the batch at this position."""
        while position not in self._near:
            self._read_on()
        index = self._taken[position]
        self._taken[position] += 1
        return _leaf(self._near[position], nth_batch_id(self._campaign_id, position), index)

    def _read_on(self) -> None:
        position, tree = next(self._trees, NO_MORE)
        if not tree:
            raise PlanDamaged("a row belongs to no batch")
        self._near[position] = tree
        if len(self._near) > 4 * MAX_OPEN_BATCHES:
            passed = next(iter(self._near))
            del self._near[passed], self._taken[passed]


def _leaf(tree: SplitTree, batch_id: str, index: int) -> BatchEntry:
    entry = tree[batch_id]
    while entry.state is State.SPLIT:
        part, index = _place_in_parts(entry, index)
        entry = tree[f"{entry.batch_id}.{part}"]
    return entry


def _place_in_parts(entry: BatchEntry, index: int) -> tuple[int, int]:
    """Return which part of a split has the recipient, and at which place; see `Batch.parts`."""
    if index in entry.in_doubt:
        return 1, entry.in_doubt.index(index)
    if entry.in_doubt:
        return 0, index - sum(place < index for place in entry.in_doubt)
    middle = entry.recipients // 2
    return (0, index) if index < middle else (1, index - middle)

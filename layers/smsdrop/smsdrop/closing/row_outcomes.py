"""Which batch entry each row of the plan ended up in, and its place in the plan."""

from collections import Counter
from collections.abc import Iterable

from smsdrop.batches.batch import nth_batch_id, part_id
from smsdrop.batches.batcher import MAX_OPEN_BATCHES
from smsdrop.batches.plan import PlanDamaged
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.splits import NO_MORE, SplitTree, split_trees
from smsdrop.receipts.part import Place


class RowOutcomes:
    """
    Finds the entry that each row of the plan ended up in, reading the ledger once.

    Rows come in plan order, which is nearly the order of their batches: a batch that fills slowly
    may be `MAX_OPEN_BATCHES` behind, and those of a block more.
    """

    def __init__(self, campaign_id: str, entries: Iterable[BatchEntry]) -> None:
        self._campaign_id = campaign_id
        self._trees = split_trees(entries)
        self._near: dict[int, SplitTree] = {}
        self._taken: Counter[int] = Counter()

    def next_of(self, position: int) -> tuple[BatchEntry, Place]:
        """Return the entry and the place of the next recipient of the batch at this position."""
        while position not in self._near:
            self._read_on()
        index = self._taken[position]
        self._taken[position] += 1
        entry = _leaf(self._near[position], nth_batch_id(self._campaign_id, position), index)
        return entry, (position, index)

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
        parts = entry.split.parts(entry.recipients)
        number = next((number for number, places in enumerate(parts) if index in places), None)
        if number is None:
            raise PlanDamaged("a batch has more rows than recipients")
        index = parts[number].index(index)
        entry = tree[part_id(entry.batch_id, number)]
    return entry

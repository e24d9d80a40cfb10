"""
Whether a batch with bad recipients is worth halving.

Halving finds few bad recipients among many good ones in few calls. If most are bad, it takes twice
as many calls as trying them one by one.
"""

from collections.abc import Iterator
from itertools import chain

from smsdrop.batches.batch import part_id
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.ports import ReadsSnapshots

REFUSED = (State.SPLIT, State.REFUSED)

ENOUGH_REFUSED = 2
"""
Our choice: so many refusals mean that three parts without a common recipient hold a bad one each.
More would go on halving for longer if all are bad; fewer would stop if only two are.
"""


def is_halving_blind(batch_id: str, code: str, ledger: ReadsSnapshots) -> bool:
    """
    Say whether halves of its batch keep being refused with this code.

    Its relatives or their halves show that: none of them was sent, and several were refused with
    it.
    """
    known = chain.from_iterable(_known(each, ledger) for each in relatives(batch_id))
    codes = [each.code if each.state in REFUSED else each.state for each in known]
    return State.SENT not in codes and codes.count(code) >= ENOUGH_REFUSED


def relatives(batch_id: str) -> Iterator[str]:
    """
    Yield the ids of the other parts: of the batch, and of those that it was split from.

    They hold everyone else in the plan's batch: a recipient split off alone is split no further.
    """
    whole, dot, number = batch_id.rpartition(".")
    while dot:
        yield part_id(whole, 1 - int(number))
        whole, dot, number = whole.rpartition(".")


def _known(batch_id: str, ledger: ReadsSnapshots) -> list[BatchEntry]:
    """Return what is known by now of the batch's first two parts, or else of the batch itself."""
    entry = ledger.snapshot(batch_id).batch
    if entry is None:
        return []
    parts = [ledger.snapshot(part_id(batch_id, each)).batch for each in range(2)]
    return [each for each in parts if each is not None] or [entry]

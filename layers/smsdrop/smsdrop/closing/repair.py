"""
End the batches that are not to be sent any more, and queue again those that the queue has lost.

Queueing a batch twice is harmless: its next receiver finds in the ledger what is left to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from smsdrop.batches.batch import Batch, position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.ledger.batch_entry import BatchEntry, State, cancelled, unconfirmed
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.codes import TOO_OLD
from smsdrop.ledger.ports import ReadsBatches, Writes, update
from smsdrop.ledger.splits import open_leaves, planned_with_entries
from smsdrop.ports import Backlog, Objects, Queue

BATCHES_PER_CALL = 10

LOST_AFTER_SECONDS = 900
"""Our choice: no message is taken for lost sooner than this, unless the queue is idle."""

SLACK = 2
"""Our choice: how many times slower than the stack's rate the queue may be drained."""


class RepairLedger(ReadsBatches, Writes, Protocol): ...


class RepairQueue(Queue, Backlog, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The use case, with its ports; `calls_per_second` is the rate of the whole stack."""

    ledger: RepairLedger
    objects: Objects
    queue: RepairQueue
    clock: Callable[[], float]
    calls_per_second: float

    def repair(
        self, campaign: Campaign, *, is_too_old: bool, is_paused: bool, deadline: float
    ) -> Campaign:
        """Go through the open batches, as far as the time allows."""
        is_ending = bool(campaign.halt_code) or is_too_old
        campaign, are_lost = self._look_for_losses(campaign, is_paused=is_paused)
        if not (is_ending or are_lost):
            return campaign
        lost: list[str] = []
        for part, entry in self._open_batches(campaign):
            if self.clock() >= deadline:
                break
            if is_ending and self._end(part, entry, campaign, is_too_old=is_too_old):
                continue
            if are_lost and self._is_lost(part, entry, campaign):
                lost.append(part.to_json())
            if len(lost) == BATCHES_PER_CALL:
                self.queue.send(lost)
                lost = []
        self.queue.send(lost)
        return campaign

    def _look_for_losses(self, campaign: Campaign, *, is_paused: bool) -> tuple[Campaign, bool]:
        """
        Say whether messages of what was queued may be taken for lost.

        They are when the queue is idle. Under steady traffic it never is: then they are once it
        has had the time to hand out all that it held, which is estimated, and then estimated
        again. The older the campaign, the longer that takes: a batch that waits for long is given
        but a few more messages.
        """
        if is_paused or not campaign.queued:
            return self._estimated(campaign, 0), False
        backlog = self.queue.backlog()
        if not backlog:
            return campaign, True
        now = self.clock()
        if not campaign.drained_by:
            seconds = LOST_AFTER_SECONDS + SLACK * backlog / self.calls_per_second
            age = now - campaign.queued_at
            return self._estimated(campaign, now + max(seconds, age)), False
        if now < campaign.drained_by:
            return campaign, False
        return self._estimated(campaign, 0), True

    def _estimated(self, campaign: Campaign, drained_by: float) -> Campaign:
        return update(self.ledger, campaign, lambda each: each.draining(by=drained_by))

    def _is_lost(self, part: Batch, entry: BatchEntry | None, campaign: Campaign) -> bool:
        """Say whether the batch was queued before, and no attempt is under way or in doubt."""
        if position_of(part.batch_id) > min(campaign.queued, campaign.released):
            return False
        if entry is None or entry.state is State.WAITING:
            return True
        return self.clock() > entry.settle_after

    def _open_batches(self, campaign: Campaign) -> Iterator[tuple[Batch, BatchEntry | None]]:
        planned = map(Batch.from_json, self.objects.lines(campaign.plan + BATCHES))
        entries = self.ledger.entries(campaign.campaign_id)
        for batch, tree in planned_with_entries(planned, entries):
            yield from open_leaves(tree, batch)

    def _end(
        self, batch: Batch, entry: BatchEntry | None, campaign: Campaign, *, is_too_old: bool
    ) -> bool:
        """End a batch that is not to be sent; say whether there is nothing more to do for it."""
        now = self.clock()
        if entry is None or entry.state is State.WAITING:
            after = cancelled(batch, entry, code=campaign.halt_code or TOO_OLD, at=now)
        elif is_too_old and now > entry.settle_after:
            after = unconfirmed(entry, at=now, code=TOO_OLD)
        else:
            return False
        self.ledger.write(entry, after)
        return True

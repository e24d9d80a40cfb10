"""
Release a plan's batches and queue them.

Runs at the end of parsing, and each minute for what a parse has left undone. It may be interrupted
anywhere and repeated by another run, or by two at once: queueing goes on from what the queue has
acknowledged, and a batch that is queued twice is still sent once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from smsdrop.batches.plan import BATCHES, PlannedBatch, planned_batches
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.gate import gate_of, gated
from smsdrop.ledger.ports import Writes, update
from smsdrop.ledger.terms import Gate
from smsdrop.ports import Objects, Queue

BATCHES_PER_CHECKPOINT = 500
CHARACTERS_PER_CHECKPOINT = 4_000_000
"""Our choice: held in memory meanwhile, and queued again by the next run if this one crashes."""

STALLED_SECONDS = 60
"""Our choice, far longer than a checkpoint takes: then the run that queued is assumed dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlan:
    """The use case, with its ports; `gate` says up to which batch a campaign may be called."""

    ledger: Writes
    objects: Objects
    queue: Queue
    clock: Callable[[], float]
    gate: Callable[[Campaign, float], Gate] = gate_of
    batches_per_checkpoint: int = BATCHES_PER_CHECKPOINT

    def resume(self, campaign: Campaign, *, deadline: float) -> Campaign:
        """Queue what is released, unless another run may still be doing so."""
        campaign = self.release(campaign)
        has_opened = campaign.opened_at >= campaign.queued_at  # runs from before that have stopped
        if has_opened or self.clock() > campaign.queued_at + STALLED_SECONDS:
            return self._queue(campaign, deadline=deadline)
        return campaign

    def queue_released(self, campaign: Campaign, *, deadline: float) -> Campaign:
        """Release what may go now, and queue the part of it that the queue has not acknowledged."""
        return self._queue(self.release(campaign), deadline=deadline)

    def release(self, campaign: Campaign) -> Campaign:
        """Hold the campaign, or release it up to where its gate lets it."""
        return update(self.ledger, campaign, lambda each: gated(each, self.clock(), self.gate))

    def _queue(self, campaign: Campaign, *, deadline: float) -> Campaign:
        if campaign.status is not Status.SENDING or campaign.is_queued:
            return campaign
        lines = self.objects.lines(campaign.plan + BATCHES, first_byte=campaign.queued_bytes)
        batches = planned_batches(lines, after=campaign.queued, first_byte=campaign.queued_bytes)
        released = islice(batches, campaign.released - campaign.queued)
        while (
            campaign.status is Status.SENDING
            and not campaign.halt_code
            and self.clock() < deadline
            and (some := self._next_few(released))
        ):
            self.queue.send([each.message for each in some])
            campaign = self._checkpoint(campaign, some[-1])
        return campaign

    def _next_few(self, batches: Iterator[PlannedBatch]) -> list[PlannedBatch]:
        some = []
        characters = 0
        for batch in islice(batches, self.batches_per_checkpoint):
            some.append(batch)
            characters += len(batch.message)
            if characters > CHARACTERS_PER_CHECKPOINT:
                break
        return some

    def _checkpoint(self, campaign: Campaign, last: PlannedBatch) -> Campaign:
        """Move the checkpoint forward to this batch, whatever else has changed meanwhile."""
        return update(
            self.ledger,
            campaign,
            lambda each: each.queued_to(last.position, next_byte=last.next_byte, at=self.clock()),
        )

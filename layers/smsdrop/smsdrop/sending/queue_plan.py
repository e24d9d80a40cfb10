"""
Release a plan's batches and queue them.

Runs at the end of parsing, and each minute for what a parse has left undone. It may be cut short
anywhere and done again by another run, or by two at once: queueing goes on from what the queue has
acknowledged, and a batch that is queued twice is sent once all the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from smsdrop.batches.plan import BATCHES, PlannedBatch, planned_batches
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.ports import Writes, update
from smsdrop.ports import Objects, Queue

BATCHES_PER_CHECKPOINT = 500
CHARACTERS_PER_CHECKPOINT = 4_000_000
"""Our choice: held in memory meanwhile, and queued again by the next run if this one dies."""

STALLED_SECONDS = 60
"""Our choice, far longer than a checkpoint takes: then the run that queued is taken for dead."""


def whole_plan(campaign: Campaign, _now: float) -> int:
    """Return up to which batch a campaign may be queued now: all of them, as nothing holds it."""
    return campaign.counts.batches


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlan:
    """The use case, with its ports; `gate` says up to which batch a campaign may be queued."""

    ledger: Writes
    objects: Objects
    queue: Queue
    clock: Callable[[], float]
    gate: Callable[[Campaign, float], int] = whole_plan
    batches_per_checkpoint: int = BATCHES_PER_CHECKPOINT

    def resume(self, campaign: Campaign, *, deadline: float) -> Campaign:
        """Queue what is released, unless another run may still be at it."""
        is_stalled = self.clock() > campaign.queued_at + STALLED_SECONDS
        return self.queue_released(campaign, deadline=deadline) if is_stalled else campaign

    def queue_released(self, campaign: Campaign, *, deadline: float) -> Campaign:
        """Release what may go now, and queue what the queue has not acknowledged of it."""
        campaign = update(self.ledger, campaign, self._release)
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

    def _release(self, campaign: Campaign) -> Campaign:
        """Return the campaign released up to where the gate lets it."""
        if campaign.halt_code or campaign.status not in (Status.PLANNED, Status.SENDING):
            return campaign
        return campaign.released_to(self.gate(campaign, self.clock()))

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

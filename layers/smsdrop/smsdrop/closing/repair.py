"""
End the batches that must not be sent any more, and queue again those that the queue has lost.

Queueing a batch twice is harmless: its next receiver finds in the ledger what is left to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from smsdrop.alibaba.signing import NoAccessKey
from smsdrop.batches.batch import Batch, position_of
from smsdrop.batches.plan import BATCHES, read_batches
from smsdrop.ledger.batch_entry import BatchEntry, State, cancelled, unconfirmed
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.codes import TOO_OLD
from smsdrop.ledger.ports import ReadsBatches, Writes, update
from smsdrop.ledger.splits import open_leaves, planned_with_entries
from smsdrop.ports import Backlog, Objects, Queue
from smsdrop.sending.deferral import Deferred
from smsdrop.sending.settling import Settling

BATCHES_PER_CALL = 10

LOST_AFTER_SECONDS = 900
"""Our choice: no message is taken for lost sooner than this, unless the queue is idle."""

SLACK = 2
"""Our choice: how many times slower than the stack's rate the queue may be drained."""

NO_KEY = Deferred(seconds=0, reason="there is no key to ask with")


class StillInDoubt(Exception):
    """
    The provider does not say whether attempts of a campaign that is too old texted anybody.

    `code` is the provider's answer, if any.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RepairLedger(ReadsBatches, Writes, Protocol): ...


class RepairQueue(Queue, Backlog, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The use case, with its ports; `calls_per_second` is the rate of the whole stack."""

    ledger: RepairLedger
    objects: Objects
    queue: RepairQueue
    settling: Settling
    clock: Callable[[], float]
    calls_per_second: float

    def repair(
        self,
        campaign: Campaign,
        *,
        is_too_old: bool,
        gives_up: bool,
        is_paused: bool,
        deadline: float,
    ) -> Campaign:
        """
        Go through the open batches, as far as the time allows.

        `gives_up` says that the provider has been asked for long enough without an answer.

        Raises `StillInDoubt`, after all else is done, if it must be asked again.
        """
        began = self.clock()
        is_ending = bool(campaign.halt_code) or is_too_old
        are_forgotten = self._are_forgotten(campaign)
        campaign, are_lost = self._look_for_losses(campaign, is_paused=is_paused)
        if not (is_ending or are_lost or are_forgotten):
            return campaign
        unanswered: list[str] = []
        lost: list[str] = []
        for part, entry in self._open_batches(campaign):
            if self.clock() >= deadline:
                are_forgotten = False  # some may be left: the next turn looks at all of them
                break
            if is_too_old and entry is not None and entry.state is State.SENDING:
                entry, said = self._settled(part, entry, gives_up=gives_up, deadline=deadline)
                unanswered += said
            if is_ending and self._end(part, entry, campaign):
                continue
            if (are_lost or are_forgotten) and self._is_lost(part, entry, campaign):
                lost.append(part.to_json())
            if len(lost) == BATCHES_PER_CALL:
                self.queue.send(lost)
                lost = []
        self.queue.send(lost)
        if are_forgotten:
            campaign = update(self.ledger, campaign, lambda each: each.queued_again(at=began))
        if unanswered:
            raise StillInDoubt(unanswered[-1])
        return campaign

    def end_without_plan(self, campaign: Campaign) -> bool:
        """
        End the begun batches of a campaign whose plan is gone; say whether all of them have ended.

        It is too old to be sent, so no other batch is begun any more.
        """
        now = self.clock()
        for entry in self.ledger.entries(campaign.campaign_id):
            if entry.is_final:
                continue
            if entry.state is State.SENDING and now <= entry.settle_after:
                return False
            is_waiting = entry.state is State.WAITING
            after = (
                entry.moved(State.CANCELLED, at=now, code=campaign.halt_code or TOO_OLD)
                if is_waiting
                else unconfirmed(entry, at=now, code=TOO_OLD)
            )
            if self.ledger.write(entry, after) != after:
                return False
        return True

    def _are_forgotten(self, campaign: Campaign) -> bool:
        return campaign.has_forgotten(self.clock())

    def _look_for_losses(self, campaign: Campaign, *, is_paused: bool) -> tuple[Campaign, bool]:
        """
        Say whether messages of queued batches may be taken for lost.

        They may when the queue is idle. Under steady traffic it never is: then they may once the
        queue has had time to hand out all that it held, which is estimated, and then estimated
        again. The older the campaign, the longer that takes: a batch that waits for long gets only
        a few more messages.
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
        """Say whether the batch was queued before, and no call of it can be under way."""
        if position_of(part.batch_id) > min(campaign.queued, campaign.released):
            return False
        return entry is None or entry.state is State.WAITING or self._could_be_settled(entry)

    def _could_be_settled(self, entry: BatchEntry) -> bool:
        return entry.state is State.SENDING and self.clock() > entry.settle_after

    def _open_batches(self, campaign: Campaign) -> Iterator[tuple[Batch, BatchEntry | None]]:
        lines = self.objects.lines(campaign.plan + BATCHES)
        planned = read_batches(lines, count=campaign.counts.batches)
        entries = self.ledger.entries(campaign.campaign_id)
        for batch, tree in planned_with_entries(planned, entries):
            yield from open_leaves(tree, batch)

    def _settled(
        self, batch: Batch, entry: BatchEntry, *, gives_up: bool, deadline: float
    ) -> tuple[BatchEntry, tuple[str, ...]]:
        """
        Ask the provider about an attempt in doubt; return the entry as it is then.

        If it must be asked again, the code that the provider answered comes with it.
        """
        try:
            settled = self.settling.settle(batch, entry, receive_count=1, deadline=deadline)
        except NoAccessKey:
            settled = NO_KEY
        if not isinstance(settled, Deferred):
            return settled, ()
        if not self._could_be_settled(entry):
            return entry, ()
        if not gives_up:
            return entry, (settled.code,)
        return self.ledger.write(entry, unconfirmed(entry, at=self.clock(), code=TOO_OLD)), ()

    def _end(self, batch: Batch, entry: BatchEntry | None, campaign: Campaign) -> bool:
        """End a batch that must not be sent; say whether nothing more is to be done for it."""
        if entry is not None and entry.state is not State.WAITING:
            return entry.is_final
        code = campaign.halt_code or TOO_OLD
        self.ledger.write(entry, cancelled(batch, entry, code=code, at=self.clock()))
        return True

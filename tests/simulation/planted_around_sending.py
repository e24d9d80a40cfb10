"""Bugs to plant into parsing and closing: the real use cases with one decision made wrongly."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from smsdrop.alibaba.ports import Lookup
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.batches.forms import LaterForm
from smsdrop.batches.plan import BATCHES, planned_batches
from smsdrop.closing.advance import Advance
from smsdrop.closing.close import Close
from smsdrop.closing.repair import Repair
from smsdrop.closing.tick import Tick, Turn
from smsdrop.closing.verify import Listed, Question, VerifyAbsences
from smsdrop.drops import FileVersion, OpenFile
from smsdrop.ledger.batch_entry import BatchEntry, unconfirmed, verified
from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign, Status
from smsdrop.ledger.codes import TOO_OLD
from smsdrop.ledger.entries import ContentClaim
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.ports import update
from smsdrop.ledger.terms import Gate
from smsdrop.parsing.file_verdict import FileVerdict
from smsdrop.parsing.plan_file import PlanFile
from smsdrop.parsing.repeats.repeated_files import ContentIds
from smsdrop.parsing.retry_parsing import RetryParsing
from smsdrop.sending.queue_plan import QueuePlan

T = TypeVar("T")


class CountsBeforeQueueing(QueuePlan):
    """Moves the checkpoint before it queues."""

    def queue_released(self, campaign: Campaign, *, deadline: float) -> Campaign:
        if campaign.status is Status.PLANNED:
            campaign = self.ledger.write(
                campaign, campaign.gated(Gate(upto=campaign.counts.batches), at=self.clock())
            )
        if campaign.status is not Status.SENDING or campaign.is_queued:
            return campaign
        lines = self.objects.lines(campaign.plan + BATCHES)
        batches = planned_batches(lines, after=0, first_byte=0)
        while few := self._next_few(batches):
            campaign = self._checkpoint(campaign, few[-1])
            self.queue.send([each.message for each in few])
        return campaign


class HoldsItselfBack(PlanFile):
    """Mistakes what it wrote itself before it crashed for another campaign's."""

    def _owner_of(self, ids: ContentIds, campaign: Campaign) -> str:
        mine = ContentClaim(content_id=ids.place, first=campaign.campaign_id)
        stands = self.ledger.write(None, mine)
        return campaign.campaign_id if stands == mine else "another"


class OrdersByTheWord(PlanFile):
    """Takes every object with a word for a new order, copies in place too."""

    def _judge(self, campaign: Campaign, file: OpenFile, known: frozenset[str]) -> Campaign:
        fresh = file.again and f"{file.again} {campaign.campaign_id}"
        return super()._judge(campaign, replace(file, again=fresh), known)

    def _owner_of(self, ids: ContentIds, campaign: Campaign) -> str:
        own_place = f"{ids.place} {campaign.campaign_id}"
        return super()._owner_of(replace(ids, place=own_place), campaign)


class RefusesAfterItsTries(RetryParsing):
    """Treats a file whose tries have all failed as one that can never be judged."""

    def retry(self, version: FileVersion, *, failed_at: float) -> Campaign | None:
        return self.give_up_parsing.give_up(version)


class JudgesAgain(PlanFile):
    """Judges the file again on a retry, though there is a plan."""

    def plan(self, version: FileVersion) -> Campaign | None:
        campaign = super().plan(version)
        if campaign is None or campaign.status is not Status.SENDING or campaign.is_queued:
            return campaign
        with self.bucket.open(version) as file:
            parsing = replace(campaign, status=Status.PARSING, queued=0, queued_bytes=0)
            return replace(self, plan_log=None)._judge(parsing, file, frozenset())


class ForgetsTheCancel(PlanFile):
    """Plans a file as if nobody could have cancelled it meanwhile."""

    def _judged(self, campaign: Campaign, verdict: FileVerdict, first: str) -> Campaign:
        return replace(super()._judged(campaign, verdict, first), halt_code="")


class LooksOnceOnly(VerifyAbsences):
    """Never looks again for what was believed absent."""

    def _ask(
        self, question: Question, *, lookup: Lookup, key: AccessKey | None
    ) -> tuple[BatchEntry, Listed]:
        return question.entry, frozenset()


class KeepsItsReport(VerifyAbsences):
    """Notes what is listed late, and leaves the report as it was."""

    def _note(self, campaign: Campaign, entry: BatchEntry, listed: Iterable[Listed]) -> bool:
        found = frozenset[int]().union(*filter(None, listed))
        after = verified(entry, found, at=self.clock())
        return self.ledger.write(entry, after) == after


class ForgetsToVerify(Close):
    """Closes the books for good with the report, though some lookups are still due."""

    def close(self, campaign: Campaign, *, has_plan: bool = True) -> Campaign:
        after = super().close(campaign, has_plan=has_plan)
        if not after.awaits_verification:
            return after
        return self.ledger.write(after, after.verified())


class LetsEveryoneIn(Leases):
    """Takes a lease though another holds it."""

    def alone(self, name: str, job: Callable[[], T], *, until: float | None = None) -> T | None:
        return job()


class ForgetsTheWhole(Close):
    """Reports a part without the late evidence about the batch that it was split from."""

    def _entries(self, campaign: Campaign) -> Iterator[BatchEntry]:
        if campaign.is_refused_with_plan:
            return super()._entries(campaign)
        return iter(self.ledger.entries(campaign.campaign_id))


class ForgetsTheCopies(Close):
    """Never tells a file's copies that the campaign they are held back for texted nobody."""

    def _tell_copies(self, campaign: Campaign) -> None:
        pass


class RepairsPastTheRelease(Repair):
    """Takes every planned batch without an entry for lost, even if it is not released."""

    def _is_lost(self, part: Batch, entry: BatchEntry | None, campaign: Campaign) -> bool:
        return entry is None or super()._is_lost(part, entry, campaign)


class GivesUpWithoutAsking(Repair):
    """Takes an attempt in doubt for unconfirmed as soon as its campaign is too old."""

    def _settled(
        self, batch: Batch, entry: BatchEntry, *, gives_up: bool, deadline: float
    ) -> tuple[BatchEntry, tuple[str, ...]]:
        now = self.clock()
        if now <= entry.settle_after:
            return entry, ()
        return self.ledger.write(entry, unconfirmed(entry, at=now, code=TOO_OLD)), ()


class WaitsForAnIdleQueue(Repair):
    """Takes messages for lost only when the queue is idle."""

    def _look_for_losses(self, campaign: Campaign, *, is_paused: bool) -> tuple[Campaign, bool]:
        return campaign, self.queue.backlog() == 0


class EndsAtTheFirstFailure(Tick):
    """Lets a failing campaign keep all others from their turn."""

    def run(self, *, is_paused: bool, deadline: float) -> Iterator[Turn]:
        for campaign in self.ledger.open_campaigns():
            after = self.advance.advance(campaign, is_paused=is_paused, deadline=deadline)
            yield Turn(campaign_id=after.campaign_id, campaign=after)


class TakesLaterFormsForDamage(Advance):
    """Ends what it cannot read, though only a rolled-back release cannot read it."""

    def advance(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        try:
            return super().advance(campaign, is_paused=is_paused, deadline=deadline)
        except LaterForm:
            return update(self.ledger, campaign, lambda each: each.halted(TOO_OLD))


class ClosesAtOnce(Advance):
    """Closes a campaign without the closing state in between."""

    def _advance_batches(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        after = super()._advance_batches(campaign, is_paused=is_paused, deadline=deadline)
        if after.status is not Status.CLOSING or campaign.status not in HAS_OPEN_BATCHES:
            return after
        closed = replace(after, status=Status.CLOSED, revision=after.revision + 1)
        sending = replace(after, status=Status.SENDING, revision=after.revision + 2)
        self.ledger.write(after, closed)
        return self.ledger.write(closed, sending)

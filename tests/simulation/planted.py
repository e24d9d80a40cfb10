"""
Bugs to plant, as engineers have made them in systems like this one.

Each is the real use case with one decision made wrongly. The simulation must find every one, or it
proves nothing about the real ones.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from smsdrop.answers import Answer, Meaning
from smsdrop.batch import Batch
from smsdrop.campaign import FileVersion
from smsdrop.close_campaigns import CloseCampaigns
from smsdrop.ledger import (
    KEPT_SECONDS,
    BatchEntry,
    Campaign,
    Content,
    State,
    Status,
    cancelled,
)
from smsdrop.parse_recipients import BATCHES_PER_CALL, OpenFile, ParseRecipients
from smsdrop.plan import BATCHES, planned_batches
from smsdrop.reasons import Reason
from smsdrop.send_batch import HALTING, Later, SendBatch
from smsdrop.settling import Lookup
from smsdrop.signing import AccessKey
from tests.simulation.product import Product


class ResendsBlindly(SendBatch):
    """Takes no answer for a no."""

    def _state_after(
        self, meaning: Meaning, batch: Batch, claim: BatchEntry, key: AccessKey
    ) -> State:
        if meaning is Meaning.IN_DOUBT:
            return State.WAITING
        return super()._state_after(meaning, batch, claim, key)


class TakesStaleClaims(SendBatch):
    """Takes a claim over once its holder must be done, without asking what came of it."""

    def _settled(
        self, batch: Batch, entry: BatchEntry, *, receives: int, leave_by: float
    ) -> BatchEntry | Later:
        if self.clock() < entry.call_before + self.limits.timing.call_seconds:
            return self._in_doubt(entry)
        after = entry.moved(State.WAITING, at=self.clock())
        stands = self.ledger.write_batch(entry, after)
        return stands if stands == after else self._deferred(receives, "somebody else took it")


class ReleasesByDeleting(SendBatch):
    """Gives a claim back by forgetting that there ever was one."""

    def _recorded(self, claim: BatchEntry, answer: Answer, state: State) -> BatchEntry:
        entry = super()._recorded(claim, answer, state)
        if entry.state is State.WAITING:
            ledger: Any = self.ledger
            ledger.forget(claim.batch_id)
        return entry


class CallsAfterThawing(SendBatch):
    """Does not look at the clock again once it holds a claim."""

    def _answer(self, batch: Batch, claim: BatchEntry, key: AccessKey) -> Answer:
        return self.gateway.send(batch, out_id=claim.out_id, key=key)


class QueuesHalvesFirst(SendBatch):
    """Queues both halves, and only then writes down that there was a split."""

    def _state_after(
        self, meaning: Meaning, batch: Batch, claim: BatchEntry, key: AccessKey
    ) -> State:
        state = super()._state_after(meaning, batch, claim, key)
        if state is State.SPLIT:
            self.queue.send([half.to_json() for half in batch.halves()])
        return state


class LooksUpTheFirstAlone(SendBatch):
    """Believes an attempt absent when its first recipients are not listed."""

    def _found_out(
        self, batch: Batch, entry: BatchEntry, key: AccessKey, *, now: float, leave_by: float
    ) -> BatchEntry:
        first = batch.halves()[0] if len(batch) > 1 else batch
        return super()._found_out(first, entry, key, now=now, leave_by=leave_by)


@dataclass(frozen=True, slots=True)
class OneOutId:
    """The provider's lists, as someone reads them who looks for one OutId."""

    lookup: Lookup
    out_id: str

    def out_ids(self, phone_number: str, *, on: date, key: AccessKey) -> Collection[str]:
        listed = self.lookup.out_ids(phone_number, on=on, key=key)
        return [each for each in listed if each == self.out_id]


class LooksForTheLatestAlone(SendBatch):
    """Looks for its latest attempt in the provider's lists, and for none before."""

    def _found_out(
        self, batch: Batch, entry: BatchEntry, key: AccessKey, *, now: float, leave_by: float
    ) -> BatchEntry:
        gateway: Any = OneOutId(self.gateway, entry.out_id)
        short_sighted = replace(self, gateway=gateway)
        return SendBatch._found_out(short_sighted, batch, entry, key, now=now, leave_by=leave_by)


class CancelsOverDoubt(SendBatch):
    """Cancels the batches of a halted campaign, those in doubt too."""

    def _settled(
        self, batch: Batch, entry: BatchEntry, *, receives: int, leave_by: float
    ) -> BatchEntry | Later:
        campaign = self.ledger.look(batch.batch_id).campaign
        if campaign and campaign.halted:
            after = cancelled(batch, entry, code=campaign.halted, at=self.clock())
            return self.ledger.write_batch(entry, after)
        return super()._settled(batch, entry, receives=receives, leave_by=leave_by)


class SharesItsToken(SendBatch):
    """Has every claim carry the same token."""

    def __init__(self, **ports: Any) -> None:
        super().__init__(**ports | {"fresh_token": lambda: "the same for all"})


class CountsBeforeQueueing(ParseRecipients):
    """Moves the checkpoint first, and queues then."""

    def _queued(self, campaign: Campaign) -> Campaign:
        lines = self.files.lines(campaign.plan + BATCHES) if campaign.batches else iter(())
        batches = planned_batches(lines, first_byte=0)
        while few := tuple(islice(batches, BATCHES_PER_CALL)):
            campaign = self._checkpoint(campaign, few[-1])
            self.queue.send([each.message for each in few])
        return campaign


class HoldsItselfBack(ParseRecipients):
    """Takes what it wrote itself before it died for another campaign's."""

    def _unless_repeated(self, campaign: Campaign, after: Campaign, content_id: str) -> Campaign:
        mine = Content(
            content_id=content_id,
            first=campaign.campaign_id,
            expires_at=int(self.clock()) + KEPT_SECONDS,
        )
        stands = self.ledger.write_content(None, mine)
        if stands == mine:
            return after
        reason = Reason("duplicate_file", (stands.first,))
        return campaign.turned_away(reason, at=self.clock(), outcome="duplicate_file")


class JudgesAgain(ParseRecipients):
    """Judges the file anew when it is tried again, though there is a plan."""

    def _campaign(self, version: FileVersion, file: OpenFile) -> Campaign:
        campaign = super()._campaign(version, file)
        if campaign.status is Status.SENDING and not campaign.is_queued:
            return replace(campaign, status=Status.PARSING, queued=0, queued_bytes=0)
        return campaign


class HaltsAfterRecording(SendBatch):
    """Halts the campaign once the refusal is recorded, when its books may be closed already."""

    def _halt(self, campaign: Campaign | None, code: str) -> None:
        pass

    def _recorded(self, claim: BatchEntry, answer: Answer, state: State) -> BatchEntry:
        entry = super()._recorded(claim, answer, state)
        if answer.meaning in HALTING:
            super()._halt(self.ledger.look(claim.batch_id).campaign, answer.code)
        return entry


class AddsEvidenceSilently(SendBatch):
    """Adds late evidence to a batch, and leaves the report as it is."""

    def _reopen(self, batch_id: str) -> None:
        pass


class LooksOnceOnly(CloseCampaigns):
    """Never looks again for what was believed absent."""

    def _is_verified(self, campaign: Campaign, has_time: Callable[[], bool]) -> bool:
        return True


class ForgetsTheWhole(CloseCampaigns):
    """Reports a part without what came to light of the batch that it was split from."""

    def _entries(self, campaign: Campaign) -> Iterator[BatchEntry]:
        if campaign.is_refused_with_plan:
            return super()._entries(campaign)
        return iter(self.ledger.entries(campaign.campaign_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedBug:
    """
    A bug, what the simulation should blame it for, and a seed that is known to bring it out.

    The blame is how violations begin; any of these shows that it is this bug that was found.
    """

    product: Product
    blamed_for: tuple[str, ...]
    seed: int


PLANTED_BUGS = {
    "blind resend on timeout": PlantedBug(
        product=Product(send_batch=ResendsBlindly), blamed_for=("twice",), seed=2
    ),
    "a stale claim taken over": PlantedBug(
        product=Product(send_batch=TakesStaleClaims), blamed_for=("twice",), seed=2
    ),
    "delete before record": PlantedBug(
        product=Product(deletes_first=True), blamed_for=("message",), seed=1
    ),
    "release that deletes the entry": PlantedBug(
        product=Product(send_batch=ReleasesByDeleting), blamed_for=("out id",), seed=5
    ),
    "a frozen attempt that calls after being settled": PlantedBug(
        product=Product(send_batch=CallsAfterThawing), blamed_for=("twice",), seed=146
    ),
    "split queued before it is written": PlantedBug(
        product=Product(send_batch=QueuesHalvesFirst), blamed_for=("state", "twice"), seed=34
    ),
    "absence believed from the first recipients alone": PlantedBug(
        product=Product(send_batch=LooksUpTheFirstAlone), blamed_for=("twice",), seed=47
    ),
    "only the latest OutId looked up": PlantedBug(
        product=Product(send_batch=LooksForTheLatestAlone),
        blamed_for=("settled", "twice"),
        seed=558,
    ),
    "cancelling over an attempt in doubt": PlantedBug(
        product=Product(send_batch=CancelsOverDoubt), blamed_for=("untrue",), seed=5
    ),
    "a claim token that duplicates share": PlantedBug(
        product=Product(send_batch=SharesItsToken), blamed_for=("out id", "twice"), seed=22
    ),
    "a checkpoint ahead of acknowledgement": PlantedBug(
        product=Product(parse_recipients=CountsBeforeQueueing), blamed_for=("checkpoint",), seed=1
    ),
    "a campaign held as duplicate of itself": PlantedBug(
        product=Product(parse_recipients=HoldsItselfBack), blamed_for=("forgotten",), seed=4
    ),
    "parse re-judged on retry": PlantedBug(
        product=Product(parse_recipients=JudgesAgain), blamed_for=("twice", "forgotten"), seed=13
    ),
}
"""The thirteen, by their names in the project's promise."""

FOUND_BUGS = {
    "halt written after the record": PlantedBug(
        product=Product(send_batch=HaltsAfterRecording), blamed_for=("books",), seed=1
    ),
    "late evidence that reopens nothing": PlantedBug(
        product=Product(send_batch=AddsEvidenceSilently), blamed_for=("books",), seed=1
    ),
    "absence never looked at again": PlantedBug(
        product=Product(close_campaigns=LooksOnceOnly), blamed_for=("twice",), seed=1
    ),
    "late rows of a batch that was split": PlantedBug(
        product=Product(close_campaigns=ForgetsTheWhole), blamed_for=("twice",), seed=1
    ),
}
"""Some that the simulation found in this very product, planted again so that they stay mended."""

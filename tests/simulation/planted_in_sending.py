"""Bugs to plant into `SendBatch`: the real use case with one decision made wrongly."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from smsdrop.alibaba.answers import Answer, Meaning
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.ledger.batch_entry import BatchEntry, State, cancelled
from smsdrop.ledger.campaign import Campaign
from smsdrop.sending.send_batch import HALTING, Later, SendBatch
from smsdrop.sending.settling import Lookup


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

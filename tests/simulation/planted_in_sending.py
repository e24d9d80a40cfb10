"""Bugs to plant into sending: the real use cases with one decision made wrongly."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from smsdrop.alibaba.answers import Answer, Meaning
from smsdrop.alibaba.ports import Lookup
from smsdrop.alibaba.send_details import Listing, LookupFailed
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.ledger.batch_entry import BatchEntry, State, cancelled
from smsdrop.ledger.campaign import Campaign
from smsdrop.sending.deferral import Deferred, Done
from smsdrop.sending.lookups import Finding, look_up
from smsdrop.sending.recording import Recording
from smsdrop.sending.send_batch import HALTING, Delivery, SendBatch
from smsdrop.sending.settling import Settling
from smsdrop.sending.witness import Witness


class ResendsBlindly(SendBatch):
    """Takes no answer for a no."""

    def _state_after(
        self, meaning: Meaning, batch: Batch, claim: BatchEntry, key: AccessKey
    ) -> tuple[State, frozenset[int]]:
        if meaning is Meaning.IN_DOUBT:
            return State.WAITING, frozenset()
        return super()._state_after(meaning, batch, claim, key)


class RefusesWholeBatches(SendBatch):
    """Takes a proxy's no to a large batch for a no to everyone in it."""

    def _state_after(
        self, meaning: Meaning, batch: Batch, claim: BatchEntry, key: AccessKey
    ) -> tuple[State, frozenset[int]]:
        if meaning is Meaning.TOO_LARGE:
            return State.REFUSED, frozenset()
        return super()._state_after(meaning, batch, claim, key)


class TakesStaleClaims(Settling):
    """Takes a claim over once its holder must be done, without asking what came of it."""

    def settle(
        self, batch: Batch, entry: BatchEntry, *, receive_count: int, deadline: float
    ) -> BatchEntry | Deferred:
        if self.clock() < entry.call_before + 16:
            return self.deferral.until_settled(entry)
        after = entry.moved(State.WAITING, at=self.clock())
        stands = self.ledger.write(entry, after)
        if stands == after:
            return stands
        return self.deferral.growing("another sender took it", receive_count=receive_count)


class ReleasesByDeleting(Recording):
    """Gives a claim back by forgetting that there ever was one."""

    def record(
        self,
        claim: BatchEntry,
        answer: Answer,
        state: State,
        listed: frozenset[int] = frozenset(),
        *,
        into_singles: bool = False,
    ) -> BatchEntry:
        entry = super().record(claim, answer, state, listed, into_singles=into_singles)
        if entry.state is State.WAITING:
            ledger: Any = self.ledger
            ledger.forget(claim.batch_id)
        return entry


class CallsAfterThawing(SendBatch):
    """Does not look at the clock again once it holds a claim."""

    def _call(self, batch: Batch, claim: BatchEntry, key: AccessKey) -> Answer:
        return self.gateway.send(batch, out_id=claim.out_id, key=key)


class CountsFromTheClaim(SendBatch):
    """Counts the right to call from the claim, not from the look that allowed it."""

    def _claim_and_call(self, delivery: Delivery, campaign: Campaign) -> Deferred | Done:
        return super()._claim_and_call(replace(delivery, looked_at=self.clock()), campaign)


class GoesOnByTheFirstLook(SendBatch):
    """Goes on with what the ledger said before the attempt in doubt was settled."""

    def deliver(self, batch: Batch, *, receive_count: int, deadline: float) -> Deferred | Done:
        delivery = self._look(batch, receive_count=receive_count, deadline=deadline)
        entry = delivery.snapshot.batch
        if entry is not None and entry.state is State.SENDING:
            settled = self.settling.settle(
                batch, entry, receive_count=receive_count, deadline=self._last_moment(deadline)
            )
            if isinstance(settled, Deferred):
                return settled
            snapshot = replace(delivery.snapshot, batch=settled)
            delivery = replace(delivery, snapshot=snapshot, looked_at=self.clock())
        return self._proceed(delivery)


class QueuesHalvesFirst(SendBatch):
    """Queues both halves, and only then records the split."""

    def _state_after(
        self, meaning: Meaning, batch: Batch, claim: BatchEntry, key: AccessKey
    ) -> tuple[State, frozenset[int]]:
        state, listed = super()._state_after(meaning, batch, claim, key)
        if state is State.SPLIT:
            self.queue.send([half.to_json() for half in batch.parts()])
        return state, listed


class LooksUpTheFirstAlone(Settling):
    """Believes an attempt absent when its first recipients are not listed."""

    def settle(
        self, batch: Batch, entry: BatchEntry, *, receive_count: int, deadline: float
    ) -> BatchEntry | Deferred:
        first = batch.parts()[0] if len(batch) > 1 else batch
        return super().settle(first, entry, receive_count=receive_count, deadline=deadline)


@dataclass(frozen=True, slots=True)
class OneOutId:
    """The provider's lists as read by someone who looks for one OutId."""

    lookup: Lookup
    out_id: str

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> list[Listing | LookupFailed]:
        listings = self.lookup.listings(phone_numbers, dates=dates, key=key)
        return [self._one(each) for each in listings]

    def _one(self, listing: Listing | LookupFailed) -> Listing | LookupFailed:
        if isinstance(listing, LookupFailed):
            return listing
        rows = tuple(row for row in listing.rows if row.out_id in ("", self.out_id))
        return replace(listing, rows=rows)


class LooksForTheLatestAlone(Settling):
    """Looks only for its latest attempt in the provider's lists."""

    def settle(
        self, batch: Batch, entry: BatchEntry, *, receive_count: int, deadline: float
    ) -> BatchEntry | Deferred:
        short_sighted = replace(self, lookup=OneOutId(self.lookup, entry.out_id))
        return Settling.settle(
            short_sighted, batch, entry, receive_count=receive_count, deadline=deadline
        )


@dataclass(frozen=True, slots=True)
class RowsWithAnOutId:
    """The provider's lists as read by someone who skips rows without an OutId."""

    lookup: Lookup

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> list[Listing | LookupFailed]:
        listings = self.lookup.listings(phone_numbers, dates=dates, key=key)
        return [self._some(each) for each in listings]

    def _some(self, listing: Listing | LookupFailed) -> Listing | LookupFailed:
        if isinstance(listing, LookupFailed):
            return listing
        return Listing(rows=tuple(row for row in listing.rows if row.out_id))


class TakesAMissingOutIdForAbsence(Settling):
    """Believes that what is listed without an OutId, or counted alone, was not sent."""

    def settle(
        self, batch: Batch, entry: BatchEntry, *, receive_count: int, deadline: float
    ) -> BatchEntry | Deferred:
        credulous = replace(self, lookup=RowsWithAnOutId(self.lookup))
        return Settling.settle(
            credulous, batch, entry, receive_count=receive_count, deadline=deadline
        )


class BeginsAgainEachTime(Settling):
    """Looks up every recipient in one delivery, or none."""

    def _put_off(
        self, entry: BatchEntry, found: BatchEntry, receive_count: int, *, code: str
    ) -> Deferred:
        return super()._put_off(entry, entry, receive_count, code=code)


class LooksUpTheBlamed(SendBatch):
    """Looks up only the first recipient before a split, who may be the one to blame."""

    def _state_after(
        self, meaning: Meaning, batch: Batch, claim: BatchEntry, key: AccessKey
    ) -> tuple[State, frozenset[int]]:
        if meaning is not Meaning.RECIPIENT or len(batch) == 1:
            return super()._state_after(meaning, batch, claim, key)
        [found] = look_up(claim, batch, [0], self.gateway, key=key, now=self.clock())
        return State.SPLIT if found is Finding.ABSENT else State.SENDING, frozenset()


class CancelsOverDoubt(Settling):
    """Cancels the batches of a halted campaign, even those in doubt."""

    def settle(
        self, batch: Batch, entry: BatchEntry, *, receive_count: int, deadline: float
    ) -> BatchEntry | Deferred:
        ledger: Any = self.ledger
        campaign = ledger.snapshot(batch.batch_id).campaign
        if campaign and campaign.halt_code:
            after = cancelled(batch, entry, code=campaign.halt_code, at=self.clock())
            return self.ledger.write(entry, after)
        return super().settle(batch, entry, receive_count=receive_count, deadline=deadline)


class SharesItsToken(SendBatch):
    """Has every claim carry the same token."""

    def __init__(self, **ports: Any) -> None:
        super().__init__(**ports | {"fresh_token": lambda: "the same for all"})


class HaltsAfterRecording(Recording):
    """Halts the campaign only after recording the refusal, when it may be closed already."""

    def halt(self, campaign: Campaign, code: str) -> None:
        pass

    def record(
        self,
        claim: BatchEntry,
        answer: Answer,
        state: State,
        listed: frozenset[int] = frozenset(),
        *,
        into_singles: bool = False,
    ) -> BatchEntry:
        entry = super().record(claim, answer, state, listed, into_singles=into_singles)
        if answer.meaning in HALTING:
            campaign = self.ledger.snapshot(claim.batch_id).campaign
            if campaign is not None:
                super().halt(campaign, answer.code)
        return entry


class AddsEvidenceSilently(Recording):
    """Adds late evidence to a batch, and leaves the report as it is."""

    def _reopen(self, batch_id: str) -> None:
        pass


class BelievesAnyAccount(Settling):
    """Treats what another account does not list as absent."""

    def _witness(self, entry: BatchEntry, key: AccessKey) -> Witness:
        return Witness.OF_ABSENCE


class BelievesItsKeyAlone(Settling):
    """Treats any other key pair as another account's."""

    def _witness(self, entry: BatchEntry, key: AccessKey) -> Witness:
        is_same = entry.access_key_id == key.key_id
        return Witness.OF_ABSENCE if is_same else Witness.OF_NOTHING

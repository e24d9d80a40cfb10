"""
Send a queued batch once, whatever happened to it before.

The order is the promise. What is slow comes first; then a read of the ledger, which says whether
the batch may be called; then the claim, which only one of any number of duplicates wins; then one
call; then the record of its result. A claim without a record leaves open whether a hundred people
were texted, so the provider is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from smsdrop.alibaba.answers import NOT_CONNECTED, Answer, Meaning
from smsdrop.alibaba.ports import Gateway, Keys
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch, position_of
from smsdrop.ledger.batch_entry import (
    BatchEntry,
    State,
    Timing,
    cancelled,
    claimed,
    kept_from,
)
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import TOO_OLD
from smsdrop.ledger.entries import Snapshot
from smsdrop.ledger.ports import ReadsSnapshots, Writes
from smsdrop.ports import Queue
from smsdrop.sending.deferral import Deferral, Deferred, Done
from smsdrop.sending.halving import is_halving_blind
from smsdrop.sending.lookups import Finding, look_up_some
from smsdrop.sending.recording import Recording
from smsdrop.sending.settling import Settling
from smsdrop.sending.suppression.listed_since import ListedSince
from smsdrop.sending.suppression.standing import ListsUnusable

HALTING = (Meaning.CAMPAIGN, Meaning.UNKNOWN)

STATES = {
    Meaning.ACCEPTED: State.SENT,
    Meaning.DEFERRED: State.WAITING,
    Meaning.RECIPIENT: State.SPLIT,
    Meaning.TOO_LARGE: State.SPLIT,
    Meaning.CAMPAIGN: State.REFUSED,
    Meaning.UNKNOWN: State.REFUSED,
    Meaning.ACCOUNT: State.WAITING,
    Meaning.IN_DOUBT: State.SENDING,
}
"""The state that an answer leads to, for a batch of several recipients."""

NO_TIME = "no time left for a call"


class SendingLedger(ReadsSnapshots, Writes, Protocol): ...


class Rate(Protocol):
    """The rate of calls that this sender may make."""

    def acquire(self, *, deadline: float) -> bool:
        """Wait until a call may begin, and say whether that is before the deadline."""
        ...

    def seconds_to_next(self) -> float:
        """Return how long it is until the next call may begin."""
        ...

    def space(self, *, deadline: float) -> bool:
        """Wait until a call does not come too soon after the last, and say if that is in time."""
        ...

    def adapt(self, *, throttled: bool) -> None:
        """Slow down or speed up by what the provider answered."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    timing: Timing
    max_age_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    A batch that the queue has handed out, and what the ledger said about it at `looked_at`.

    `receive_count` counts how often the queue has handed it out; `deadline` is when the function
    has to be done.
    """

    batch: Batch
    snapshot: Snapshot
    looked_at: float
    receive_count: int
    deadline: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBatch:
    """The use case, with its ports; without `listed_since` no suppression lists are checked."""

    ledger: SendingLedger
    gateway: Gateway
    keys: Keys
    queue: Queue
    rate: Rate
    settling: Settling
    recording: Recording
    deferral: Deferral
    limits: Limits
    clock: Callable[[], float]
    fresh_token: Callable[[], str]
    held: set[str] = field(default_factory=set)
    """The campaigns that this sandbox has seen held."""
    listed_since: ListedSince | None = None

    def deliver(self, batch: Batch, *, receive_count: int, deadline: float) -> Deferred | Done:
        """Take the batch as far as it goes, and say what becomes of its message."""
        self.keys.current()  # slow the first time, remembered afterwards
        if self._is_still_held(batch, receive_count=receive_count, deadline=deadline):
            return Done(entry=None)
        if not self.rate.acquire(deadline=self._last_moment(deadline)):
            return self._defer_for_a_moment()
        delivery = self._look(batch, receive_count=receive_count, deadline=deadline)
        entry = delivery.snapshot.batch
        if entry is not None and entry.state is State.SENDING:
            settled = self.settling.settle(
                batch, entry, receive_count=receive_count, deadline=self._last_moment(deadline)
            )
            if isinstance(settled, Deferred):
                return settled
            # Settling takes time, in which a person may have cancelled or paused.
            delivery = self._look(batch, receive_count=receive_count, deadline=deadline)
        return self._proceed(delivery)

    def leave(self, *, receive_count: int) -> Deferred:
        """Put off a message that this release cannot read, until a release runs that can."""
        return self.deferral.growing("left to a later release", receive_count=receive_count)

    def _is_still_held(self, batch: Batch, *, receive_count: int, deadline: float) -> bool:
        """Say whether to forget the batch, without using a share of the rate."""
        if batch.campaign_id not in self.held:
            return False
        delivery = self._look(batch, receive_count=receive_count, deadline=deadline)
        campaign = delivery.snapshot.campaign
        if campaign is None or not self._is_forgotten(delivery, campaign):
            self.held.discard(batch.campaign_id)
            return False
        return True

    def _is_forgotten(self, delivery: Delivery, campaign: Campaign) -> bool:
        """
        Say whether the batch waits for its gate without a message, which is queued again then.

        A batch in doubt is settled all the same, and one that must not be sent any more is ended.
        """
        entry = delivery.snapshot.batch
        may_wait = entry is None or entry.state is State.WAITING
        is_ending = campaign.halt_code or self._is_too_old(campaign) or delivery.batch.in_doubt
        if is_ending or not may_wait or campaign.status is Status.UNKNOWN:
            return False
        position = position_of(delivery.batch.batch_id)
        return not campaign.may_be_called(position, self.clock())

    def _look(self, batch: Batch, *, receive_count: int, deadline: float) -> Delivery:
        looked_at = self.clock()
        return Delivery(
            batch=batch,
            snapshot=self.ledger.snapshot(batch.batch_id),
            looked_at=looked_at,
            receive_count=receive_count,
            deadline=deadline,
        )

    def _proceed(self, delivery: Delivery) -> Deferred | Done:
        """Do what the ledger asks for: queue the parts, cancel, wait, or call."""
        snapshot, entry = delivery.snapshot, delivery.snapshot.batch
        campaign = snapshot.campaign
        if campaign is None:
            return self._defer(delivery, "its campaign is not in the ledger")
        if campaign.status is Status.UNKNOWN:
            return self.leave(receive_count=delivery.receive_count)
        if entry is not None and entry.state is State.UNKNOWN:
            return self.leave(receive_count=delivery.receive_count)
        if entry is not None and entry.state is State.SENDING:
            return self._defer(delivery, "another sender has claimed it")
        if entry is not None and entry.is_final:
            return self._end(delivery, campaign, entry)
        if campaign.halt_code or self._is_too_old(campaign) or delivery.batch.in_doubt:
            return self._cancel(delivery, campaign)
        if self._is_forgotten(delivery, campaign):
            self.held.add(campaign.campaign_id)
            return Done(entry=None)
        if snapshot.pause.paused:
            return self._defer(delivery, "sending is paused")
        if self.clock() >= self._last_moment(delivery.deadline):
            return self._defer_for_a_moment()
        return self._call_unlisted(delivery, campaign)

    def _call_unlisted(self, delivery: Delivery, campaign: Campaign) -> Deferred | Done:
        """
        Call, unless some must not be texted any more: then the batch is split around them.

        If that check takes long, the right to call has passed, and the message comes back.
        """
        try:
            listed = self._listed(delivery.batch, campaign)
        except ListsUnusable as error:
            held = self.recording.hold_for_lists(campaign, error.problems)
            if held.status is Status.HELD:
                return Done(entry=None)
            return self._defer(delivery, "a suppression list cannot be used")
        if not listed:
            return self._claim_and_call(delivery, campaign)
        before = delivery.snapshot.batch
        after = kept_from(delivery.batch, before, listed, at=self.clock())
        if self.ledger.write(before, after) != after:
            return self.deferral.after(0, "another sender has claimed it")
        return self._end(delivery, campaign, after)

    def _listed(self, batch: Batch, campaign: Campaign) -> Sequence[int]:
        """Return the places of those who were put on a list since the file was judged."""
        return self.listed_since.places(batch, campaign) if self.listed_since else ()

    def _claim_and_call(self, delivery: Delivery, campaign: Campaign) -> Deferred | Done:
        key = self.keys.current()
        claim = claimed(
            delivery.batch,
            delivery.snapshot.batch,
            token=self.fresh_token(),
            access_key_id=key.key_id,
            looked_at=delivery.looked_at,
            closes_at=campaign.closes_at,
            timing=self.limits.timing,
        )
        if self.clock() > claim.call_before:
            return self.deferral.after(0, "frozen since the ledger was read")
        if self.ledger.write(delivery.snapshot.batch, claim) != claim:
            return self._defer(delivery, "another sender has claimed it")
        answer = self._call(delivery.batch, claim, key)
        return self._act_on(answer, delivery, claim, campaign, key)

    def _call(self, batch: Batch, claim: BatchEntry, key: AccessKey) -> Answer:
        """Call, unless the right to it has passed: others may have settled the attempt by now."""
        may_call = self.rate.space(deadline=claim.call_before)
        if not may_call or self.clock() > claim.call_before:
            return Answer(code=NOT_CONNECTED)
        answer = self.gateway.send(batch, out_id=claim.out_id, key=key)
        self.rate.adapt(throttled=answer.meaning is Meaning.DEFERRED)
        return answer

    def _act_on(
        self,
        answer: Answer,
        delivery: Delivery,
        claim: BatchEntry,
        campaign: Campaign,
        key: AccessKey,
    ) -> Deferred | Done:
        batch = delivery.batch
        is_key_new = answer.blames_the_key and self.keys.refresh() != key
        meaning = Meaning.DEFERRED if is_key_new else blamed(answer.meaning, batch)
        state, listed = self._state_after(meaning, batch, claim, key)
        into_singles = (
            state is State.SPLIT
            and meaning is Meaning.RECIPIENT  # halving fixes a batch that is too large
            and is_halving_blind(batch.batch_id, answer.code, self.ledger)
        )
        if meaning in HALTING:  # before the record, or the campaign might be closed without it
            self.recording.halt(campaign, answer.code)
        entry = self.recording.record(claim, answer, state, listed, into_singles=into_singles)
        if meaning is Meaning.ACCOUNT:
            self.recording.pause(delivery.snapshot.pause, answer.code)
        if entry.is_final:
            return self._end(delivery, campaign, entry)
        if entry.state is State.SENDING:
            return self.deferral.until_settled(entry)
        # With a new key pair there is nothing to wait for.
        receive_count = 0 if is_key_new else delivery.receive_count
        return self.deferral.growing(
            answer.code, receive_count=receive_count, since=entry.first_claimed_at
        )

    def _state_after(
        self, meaning: Meaning, batch: Batch, claim: BatchEntry, key: AccessKey
    ) -> tuple[State, frozenset[int]]:
        """
        Return the state that the answer leads to, and which attempts are listed nevertheless.

        That a refused call texts no one is only inferred, so some are looked up before a split.
        """
        state = STATES[meaning]
        if state is State.SPLIT and len(batch) == 1:
            return State.REFUSED, frozenset()
        if meaning is not Meaning.RECIPIENT:
            return state, frozenset()
        findings = look_up_some(claim, batch, self.gateway, key=key, now=self.clock())
        listed = frozenset().union(*(each for each in findings if isinstance(each, frozenset)))
        is_clear = all(each is Finding.ABSENT for each in findings)
        return State.SPLIT if is_clear else State.SENDING, listed

    def _end(self, delivery: Delivery, campaign: Campaign, entry: BatchEntry) -> Done:
        """Queue the parts of a split; any other end may end the campaign."""
        if entry.state is State.SPLIT:
            self._queue_parts(delivery.batch, entry)
        else:
            self.recording.wake_closer(campaign, deadline=delivery.deadline)
        return Done(entry=entry)

    def _queue_parts(self, batch: Batch, entry: BatchEntry) -> None:
        """Queue the parts, unless they are known already."""
        parts = batch.parts(entry.split)
        lost = [part for part in parts if self.ledger.snapshot(part.batch_id).batch is None]
        self.queue.send([part.to_json() for part in lost])

    def _cancel(self, delivery: Delivery, campaign: Campaign) -> Deferred | Done:
        before = delivery.snapshot.batch
        stopped_by = campaign.halt_code or TOO_OLD
        code = "" if delivery.batch.in_doubt else stopped_by
        after = cancelled(delivery.batch, before, code=code, at=self.clock())
        if self.ledger.write(before, after) != after:
            return self.deferral.after(0, "another sender has claimed it")
        return self._end(delivery, campaign, after)

    def _defer(self, delivery: Delivery, reason: str) -> Deferred:
        return self.deferral.growing(reason, receive_count=delivery.receive_count)

    def _defer_for_a_moment(self) -> Deferred:
        return self.deferral.after(self.rate.seconds_to_next(), NO_TIME)

    def _is_too_old(self, campaign: Campaign) -> bool:
        return self.clock() - campaign.ages_from > self.limits.max_age_seconds

    def _last_moment(self, deadline: float) -> float:
        """Return the latest time at which a call may begin and still end in time."""
        return deadline - self.limits.timing.attempt_seconds


def blamed(meaning: Meaning, batch: Batch) -> Meaning:
    """Say whether a bad sign name or extend code is one recipient's fault or the campaign's."""
    values: dict[Meaning, set[object]] = {
        Meaning.SIGN_NAME: set(batch.sign_names),
        Meaning.EXTEND_CODE: set(zip(batch.sign_names, batch.extend_codes, strict=False)),
    }
    if meaning not in values:
        return meaning
    is_shared = len(values[meaning]) <= 1 and not batch.is_part
    return Meaning.CAMPAIGN if is_shared else Meaning.RECIPIENT

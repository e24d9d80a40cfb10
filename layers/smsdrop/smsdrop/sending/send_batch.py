"""
Send a queued batch once, whatever happened to it before.

The order is the promise. Whatever is slow comes first; then the claim, which only one of any
number of duplicates wins; then one call; then the record of what it came to. Whoever finds a claim
without a record does not know whether a hundred people were texted, and asks the provider.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from smsdrop.alibaba.answers import NOT_CONNECTED, Answer, LookupFailed, Meaning
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.ledger.batch_entry import (
    BatchEntry,
    State,
    Timing,
    cancelled,
    claimed,
    found,
    is_held,
    past_finding_out,
    recorded,
)
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import GAVE_UP, TOO_OLD
from smsdrop.ledger.entries import Books, Pause
from smsdrop.sending.settling import Lookup, attempts_listed, is_out_of_reach, listed_attempts

LONGEST_DELAY_SECONDS = 3600

HALTING = (Meaning.CAMPAIGN, Meaning.UNKNOWN)

STATES = {
    Meaning.ACCEPTED: State.SENT,
    Meaning.DEFERRED: State.WAITING,
    Meaning.RECIPIENT: State.SPLIT,
    Meaning.CAMPAIGN: State.REFUSED,
    Meaning.UNKNOWN: State.REFUSED,
    Meaning.ACCOUNT: State.WAITING,
    Meaning.IN_DOUBT: State.SENDING,
}
"""The state that an answer leads to, in a batch of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """The message stays on the queue, and comes back after these seconds."""

    seconds: float
    why: str


class BatchLedger(Protocol):
    def look(self, batch_id: str) -> Books:
        """Read what stands about the batch, its campaign and the pause, consistently."""
        ...

    def write_batch(self, before: BatchEntry | None, after: BatchEntry) -> BatchEntry:
        """Write `after` if `before` still stands, and return what stands then."""
        ...

    def write_campaign(self, before: Campaign | None, after: Campaign) -> Campaign: ...

    def write_pause(self, before: Pause, after: Pause) -> Pause: ...


class Gateway(Lookup, Protocol):
    """The provider."""

    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        """Make one call, and return what came back within the call's whole time."""
        ...


class Keys(Protocol):
    def current(self) -> AccessKey: ...

    def renewed(self) -> AccessKey:
        """Fetch the key pair anew: it may have been rotated."""
        ...


class Pace(Protocol):
    """The rate of calls that this sender may make."""

    def wait(self, *, until: float) -> bool:
        """Wait until a call may begin, and say whether that is before this time."""
        ...

    def keep_apart(self, *, until: float) -> bool:
        """Wait until a call does not follow too soon on the last, and say if that is by then."""
        ...

    def heed(self, *, throttled: bool) -> None:
        """Slow down or speed up by what the provider answered."""
        ...


class Queue(Protocol):
    def send(self, messages: Sequence[str]) -> None:
        """Queue these batches; raises unless the queue has acknowledged every one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    timing: Timing
    max_attempts: int
    max_age_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBatch:
    """The use case, with its ports; `jitter` gives numbers from 0 up to 1."""

    ledger: BatchLedger
    gateway: Gateway
    keys: Keys
    queue: Queue
    pace: Pace
    limits: Limits
    clock: Callable[[], float]
    fresh_token: Callable[[], str]
    jitter: Callable[[], float]

    def deliver(self, batch: Batch, *, receives: int, leave_by: float) -> Later | None:
        """
        Bring the batch as far as it goes; return None when the message is done with.

        `receives` counts how often the queue has handed it out, and `leave_by` is when the
        function has to be done.
        """
        self.keys.current()  # slow when it is the first; later ones remember it
        if not self.pace.wait(until=leave_by - self.limits.timing.attempt_seconds):
            return Later(seconds=0, why="no time left for a call")
        books = self.ledger.look(batch.batch_id)
        entry = books.batch
        if books.campaign is None:
            return self._deferred(receives, "its campaign is not in the ledger")
        if entry is not None and entry.state is State.SENDING:
            settled = self._settled(batch, entry, receives=receives, leave_by=leave_by)
            if isinstance(settled, Later):
                return settled
            entry = settled
        if entry is not None and entry.is_final:
            self._queue_children(batch, entry)
            return None
        if books.campaign.halted or self._is_too_old(books.campaign):
            return self._cancelled(batch, entry, books.campaign)
        if books.pause.paused:
            return self._deferred(receives, "sending is paused")
        if not self._has_time(leave_by):
            return Later(seconds=0, why="no time left for a call")
        return self._called(batch, entry, books, receives=receives)

    def _called(
        self, batch: Batch, entry: BatchEntry | None, books: Books, *, receives: int
    ) -> Later | None:
        key = self.keys.current()
        claim = claimed(
            batch,
            entry,
            token=self.fresh_token(),
            access_key_id=key.key_id,
            at=self.clock(),
            timing=self.limits.timing,
        )
        if self.ledger.write_batch(entry, claim) != claim:
            return self._deferred(receives, "somebody else has claimed it")
        answer = self._answer(batch, claim, key)
        return self._acted(batch, claim, answer, books, key, receives=receives)

    def _answer(self, batch: Batch, claim: BatchEntry, key: AccessKey) -> Answer:
        """Call, unless the right to it has passed: others may have settled the attempt by now."""
        may_call = self.pace.keep_apart(until=claim.call_before)
        if not may_call or self.clock() > claim.call_before:
            return Answer(code=NOT_CONNECTED)
        answer = self.gateway.send(batch, out_id=claim.out_id, key=key)
        self.pace.heed(throttled=answer.meaning is Meaning.DEFERRED)
        return answer

    def _acted(
        self,
        batch: Batch,
        claim: BatchEntry,
        answer: Answer,
        books: Books,
        key: AccessKey,
        *,
        receives: int,
    ) -> Later | None:
        meaning = blamed(answer.meaning, batch)
        if answer.blames_the_key and self.keys.renewed() != key:
            # The next try has the new pair, so there is nothing to wait for.
            meaning, receives = Meaning.DEFERRED, 0
        state = self._state_after(meaning, batch, claim, key)
        if meaning in HALTING:  # before the record, or the books might be closed without it
            self._halt(books.campaign, answer.code)
        entry = self._recorded(claim, answer, state)
        if meaning is Meaning.ACCOUNT:
            self._pause(books.pause, answer.code)
        if entry.is_final:
            self._queue_children(batch, entry)
            return None
        if entry.state is State.SENDING:
            return self._in_doubt(entry)
        return self._deferred(receives, answer.code)

    def _state_after(
        self, meaning: Meaning, batch: Batch, claim: BatchEntry, key: AccessKey
    ) -> State:
        """That a refusal leaves everyone untexted is inferred: look one up before a split."""
        if meaning is not Meaning.RECIPIENT:
            return STATES[meaning]
        if len(batch) == 1:
            return State.REFUSED
        try:
            listed = listed_attempts(
                claim, batch.phone_numbers[0], self.gateway, key=key, now=self.clock()
            )
        except LookupFailed:
            return State.SENDING
        return State.SENDING if listed else State.SPLIT

    def _recorded(self, claim: BatchEntry, answer: Answer, state: State) -> BatchEntry:
        """Write the answer down, on whatever stands by now."""
        current = claim
        while True:
            after = recorded(current, claim, answer, state, at=self.clock())
            if after == current:
                return current
            if is_held(current, claim):
                current = self.ledger.write_batch(current, after)
            else:
                current = self._added(current, after)
            if current == after:
                return current

    def _added(self, current: BatchEntry, after: BatchEntry) -> BatchEntry:
        """Write late evidence, once the campaign is sure to be reported anew with it."""
        self._reopen(current.batch_id)
        return self.ledger.write_batch(current, after)

    def _reopen(self, batch_id: str) -> None:
        """Have the campaign closed anew, a while from now; whoever is closing it will fail."""
        campaign = self.ledger.look(batch_id).campaign
        reopened = None
        while campaign is not None and campaign != reopened:
            reopened = campaign.changed(open="yes", reopened_at=self.clock())
            campaign = self.ledger.write_campaign(campaign, reopened)

    def _settled(
        self, batch: Batch, entry: BatchEntry, *, receives: int, leave_by: float
    ) -> BatchEntry | Later:
        """Settle an attempt in doubt: it was sent, or nobody was texted, or nobody can know."""
        now = self.clock()
        if now < entry.settle_after:
            return self._in_doubt(entry)
        key = self.keys.current()
        if entry.access_key_id != key.key_id:
            key = self.keys.renewed()
        try:
            after = self._found_out(batch, entry, key, now=now, leave_by=leave_by)
        except LookupFailed:
            self.keys.renewed()  # this one may have been rotated away
            return self._deferred(receives, "the provider did not say what it has sent")
        stands = self.ledger.write_batch(entry, after)
        return stands if stands == after else self._deferred(receives, "somebody else settled it")

    def _found_out(
        self, batch: Batch, entry: BatchEntry, key: AccessKey, *, now: float, leave_by: float
    ) -> BatchEntry:
        if is_out_of_reach(entry, batch, key, now=now):
            return past_finding_out(entry, at=now)
        listed = attempts_listed(
            entry,
            batch,
            self.gateway,
            key=key,
            now=now,
            has_time=lambda: self._has_time(leave_by),
        )
        accepted = next(filter(None, listed), frozenset())
        if accepted or entry.accepted:
            return found(entry, accepted, at=now)
        gave_up = entry.absent + 1 >= self.limits.max_attempts
        after = (
            entry.moved(State.REFUSED, at=now, code=GAVE_UP)
            if gave_up
            else entry.moved(State.WAITING, at=now)
        )
        return replace(after, absent=entry.absent + 1)

    def _queue_children(self, batch: Batch, entry: BatchEntry) -> None:
        """Queue the children of a split, unless they are known already."""
        if entry.state is State.SPLIT:
            halves = batch.halves()
            lost = [half for half in halves if self.ledger.look(half.batch_id).batch is None]
            self.queue.send([half.to_json() for half in lost])

    def _cancelled(
        self, batch: Batch, entry: BatchEntry | None, campaign: Campaign
    ) -> Later | None:
        code = campaign.halted or TOO_OLD
        after = cancelled(batch, entry, code=code, at=self.clock())
        if self.ledger.write_batch(entry, after) != after:
            return Later(seconds=1, why="somebody else has claimed it")
        return None

    def _halt(self, campaign: Campaign | None, code: str) -> None:
        """Halt the campaign, unless it has come to its end meanwhile."""
        while campaign and campaign.status is Status.SENDING and not campaign.halted:
            campaign = self.ledger.write_campaign(campaign, campaign.changed(halted=code))

    def _pause(self, before: Pause, code: str) -> None:
        """Pause, unless the flag has moved since before the call: a person may have resumed."""
        if not before.paused:
            after = Pause(paused=True, code=code, since=self.clock(), revision=before.revision + 1)
            self.ledger.write_pause(before, after)

    def _is_too_old(self, campaign: Campaign) -> bool:
        return self.clock() - campaign.started_at > self.limits.max_age_seconds

    def _has_time(self, leave_by: float) -> bool:
        return self.clock() + self.limits.timing.attempt_seconds < leave_by

    def _in_doubt(self, entry: BatchEntry) -> Later:
        wait = max(0.0, entry.settle_after - self.clock())
        return Later(seconds=wait + 5 * self.jitter(), why="an attempt is in doubt")

    def _deferred(self, receives: int, why: str) -> Later:
        """Come back after a delay that doubles with each receive, half of it by chance."""
        longest = min(LONGEST_DELAY_SECONDS, 2 ** min(receives, 12))
        return Later(seconds=longest * (0.5 + self.jitter() / 2), why=why)


def blamed(meaning: Meaning, batch: Batch) -> Meaning:
    """Say whether a bad sign name or extend code is one recipient's fault or the campaign's."""
    values: dict[Meaning, set[object]] = {
        Meaning.SIGN_NAME: set(batch.sign_names),
        Meaning.EXTEND_CODE: set(zip(batch.sign_names, batch.extend_codes, strict=False)),
    }
    if meaning not in values:
        return meaning
    shared = len(values[meaning]) <= 1 and not batch.is_part
    return Meaning.CAMPAIGN if shared else Meaning.RECIPIENT

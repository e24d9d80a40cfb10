"""
The ledger's entries and the moves they may make.

Every entry carries a revision that each write raises by one, and every write is conditional on the
revision that it was made from: of two writers that saw the same entry, exactly one wins, and the
other gets the entry that stands instead. Only TTL deletes entries.

    from                to
    (none), WAITING     SENDING, CANCELLED, UNCONFIRMED; REFUSED and SPLIT, if some are listed;
                        WAITING also SENT, by late evidence
    SENDING             SENT, REFUSED, SPLIT, WAITING, SENDING (a later attempt),
                        UNCONFIRMED, CANCELLED
    the others          nothing: they are final; evidence may be added
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum, auto
from math import inf
from typing import Any, Self

from smsdrop.alibaba.answers import Answer, Meaning
from smsdrop.alibaba.send_details import beijing_date
from smsdrop.batches.batch import Batch, campaign_of
from smsdrop.batches.split import Split
from smsdrop.ledger.codes import GAVE_UP, KEPT_SECONDS, SUPPRESSED

CLOCK_SECONDS = 600
"""Our choice: how far the provider's clock may be off when it files a call under a date."""


class IllegalMove(Exception):
    """A bug: a move that the table does not allow."""


class State(StrEnum):
    WAITING = auto()
    SENDING = auto()
    SENT = auto()
    REFUSED = auto()
    SPLIT = auto()
    CANCELLED = auto()
    UNCONFIRMED = auto()
    UNKNOWN = auto()
    """Any state that a later release has added; it is left to that release."""

    @classmethod
    def _missing_(cls, _value: object) -> Self:
        return cls(cls.UNKNOWN)


UNTRIED = frozenset({State.SENDING, State.CANCELLED, State.UNCONFIRMED, State.REFUSED, State.SPLIT})

MOVES: dict[State | None, frozenset[State]] = {
    None: UNTRIED,
    State.WAITING: UNTRIED | {State.SENT},
    State.SENDING: frozenset(State) - {State.UNKNOWN},
}
"""Where each state may go; a state that is missing here has no moves."""

FINAL = frozenset(State) - MOVES.keys() - {State.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEntry:
    """
    What became of a batch so far; times are seconds since 1970.

    `attempt` only grows. `token` is fresh for each claim, `call_before` is when the attempt loses
    its right to call, and `settle_after` when its absence at the provider is believed. `filed_on`
    has the dates in Beijing under which the provider may list an attempt, as `20260102`.
    `looked_up` is how many recipients settling has looked up, from the first on; those at the
    places `in_doubt` may have been texted, and nothing more can be found out about them. `accepted`
    lists the attempts that the provider is known to have accepted, `absent` counts those that it
    proved not to have; `verified_at` is when that was last looked up. `into_singles` says that it
    was split into single recipients, and not into halves. `unknown` has what a later release has
    added, as stored; every write carries it over.
    """

    batch_id: str
    state: State
    attempt: int = 0
    token: str = ""
    access_key_id: str = ""
    first_claimed_at: float = 0
    filed_on: tuple[str, ...] = ()
    call_before: float = 0
    settle_after: float = 0
    recipients: int = 0
    looked_up: int = 0
    in_doubt: tuple[int, ...] = ()
    absent: int = 0
    verified_at: float = 0
    into_singles: bool = False
    accepted: tuple[int, ...] = ()
    biz_id: str = ""
    request_id: str = ""
    code: str = ""
    ended_at: float = 0
    revision: int = 1
    expires_at: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def campaign_id(self) -> str:
        return campaign_of(self.batch_id)

    @property
    def out_id(self) -> str:
        return f"{self.batch_id}-{self.attempt}"

    @property
    def out_ids(self) -> dict[str, int]:
        """Return the OutId of every attempt so far, with its number."""
        return {f"{self.batch_id}-{number}": number for number in range(1, self.attempt + 1)}

    @property
    def split(self) -> Split:
        """How it was split, if it was."""
        return Split(in_doubt=self.in_doubt, into_singles=self.into_singles)

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def awaits_verification(self) -> bool:
        """Say whether attempts believed absent still have to be looked up once more."""
        return self.absent > 0 and not self.verified_at

    @property
    def may_have_texted(self) -> bool:
        """Say whether an attempt was accepted, or still has to be looked up, in any state."""
        return bool(self.accepted) or self.awaits_verification

    @property
    def verify_after(self) -> float:
        """When nothing new can be listed any more: one settling time after the end."""
        return self.ended_at + self.settle_after - self.call_before

    @property
    def sent_twice(self) -> bool:
        return len(self.accepted) > 1

    def moved(self, state: State, *, at: float, code: str = "") -> Self:
        """Return the entry in another state, or raise `IllegalMove`."""
        if state not in MOVES.get(self.state, ()):
            raise IllegalMove(f"{self.state} does not lead to {state}")
        return replace(
            self,
            state=state,
            code=code or self.code,
            ended_at=0 if state in MOVES else at,
            revision=self.revision + 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Limits of an attempt: until its call begins, for the call itself, and until it is settled."""

    claim_seconds: float
    call_seconds: float
    settle_after_seconds: float

    @property
    def attempt_seconds(self) -> float:
        return self.claim_seconds + self.call_seconds


def untouched(batch: Batch, *, at: float) -> BatchEntry:
    """Return the entry that an untried batch would have."""
    return BatchEntry(
        batch_id=batch.batch_id,
        state=State.WAITING,
        recipients=len(batch),
        revision=0,
        expires_at=int(at) + KEPT_SECONDS,
    )


def cancelled(batch: Batch, before: BatchEntry | None, *, code: str, at: float) -> BatchEntry:
    """Return the entry of a batch that will not be sent any more, and as far as known never was."""
    state = State.UNCONFIRMED if batch.in_doubt else State.CANCELLED
    return (before or untouched(batch, at=at)).moved(state, at=at, code=code)


def kept_from(
    batch: Batch, before: BatchEntry | None, listed: Collection[int], *, at: float
) -> BatchEntry:
    """
    Return the entry of a batch whose recipients at the places `listed` must not be texted any more.

    If that is all of them, the batch is refused; else it is halved, until those who are listed are
    alone or only with others who are.
    """
    state = State.REFUSED if len(listed) == len(batch) else State.SPLIT
    return (before or untouched(batch, at=at)).moved(state, at=at, code=SUPPRESSED)


def claimed(
    batch: Batch,
    before: BatchEntry | None,
    *,
    token: str,
    access_key_id: str,
    looked_at: float,
    closes_at: float = 0,
    timing: Timing,
) -> BatchEntry:
    """
    Return the entry as the next attempt claims it; it may call until `call_before`.

    That counts from the read of the ledger that allowed the call: however long the sender is frozen
    after it, no call begins long after a cancel or a pause, and none once the gate has closed, at
    `closes_at` if that is not 0.
    """
    call_before = min(looked_at + timing.claim_seconds, closes_at or inf)
    old = before or untouched(batch, at=looked_at)
    return replace(
        old.moved(State.SENDING, at=looked_at),
        attempt=old.attempt + 1,
        token=token,
        access_key_id=access_key_id,
        first_claimed_at=old.first_claimed_at or looked_at,
        filed_on=tuple(sorted({*old.filed_on, *_dates(looked_at, call_before, timing)})),
        looked_up=0,
        in_doubt=(),
        call_before=call_before,
        settle_after=call_before + timing.call_seconds + timing.settle_after_seconds,
        code="",
    )


def _dates(looked_at: float, call_before: float, timing: Timing) -> Iterator[str]:
    """Yield the dates in Beijing on which a call between these times may be filed."""
    for at in (looked_at - CLOCK_SECONDS, call_before + timing.call_seconds + CLOCK_SECONDS):
        yield f"{beijing_date(at):%Y%m%d}"


def holds_claim(current: BatchEntry, claim: BatchEntry) -> bool:
    """Say whether the claim still stands, so that its holder may record the result."""
    held = (State.SENDING, claim.attempt, claim.token)
    return (current.state, current.attempt, current.token) == held


def recorded(
    current: BatchEntry,
    claim: BatchEntry,
    answer: Answer,
    state: State,
    *,
    at: float,
    listed: frozenset[int] = frozenset(),
    into_singles: bool = False,
) -> BatchEntry:
    """
    Return the entry after the answer to `claim`'s call; `SENDING` leaves it in doubt.

    `listed` are attempts that the provider lists, though it refused the call; `into_singles` says
    how to split if the state is `SPLIT`.

    If another sender's attempt stands by now, or a final state, only evidence is added. A batch
    known to be accepted is `SENT` as soon as no attempt is under way, whatever this answer says.
    """
    with_evidence = current
    accepted = listed | ({claim.attempt} if answer.meaning is Meaning.ACCEPTED else set())
    if accepted:
        with_evidence = replace(
            current,
            accepted=tuple(sorted({*current.accepted, *accepted})),
            biz_id=current.biz_id or answer.biz_id,
            request_id=current.request_id or answer.request_id,
        )
    if holds_claim(current, claim):
        state = State.SENT if with_evidence.accepted else state
        return replace(
            with_evidence.moved(state, at=at, code=answer.code),
            into_singles=into_singles,
            request_id=with_evidence.request_id or answer.request_id,
        )
    if with_evidence == current:
        return current
    if current.state is State.WAITING:
        return with_evidence.moved(State.SENT, at=at, code=answer.code)
    return replace(with_evidence, revision=current.revision + 1)


def confirmed(current: BatchEntry, attempts: frozenset[int], *, at: float) -> BatchEntry:
    """Return the entry once the provider has listed a recipient under these attempts."""
    return replace(
        current.moved(State.SENT, at=at, code="OK"),
        accepted=tuple(sorted({*current.accepted, *attempts})),
    )


def unconfirmed(current: BatchEntry, *, at: float, code: str = "") -> BatchEntry:
    """Return the entry when nothing more can be found out about an attempt in doubt."""
    if current.accepted:
        return confirmed(current, frozenset(), at=at)
    return current.moved(State.UNCONFIRMED, at=at, code=code)


def looked_up(current: BatchEntry, count: int, in_doubt: Collection[int]) -> BatchEntry:
    """Return the entry with what settling has found out so far."""
    return replace(
        current,
        looked_up=count,
        in_doubt=tuple(sorted(in_doubt)),
        revision=current.revision + 1,
    )


def settled_absent(current: BatchEntry, *, at: float, max_attempts: int) -> BatchEntry:
    """
    Return the entry once every recipient was looked up and no attempt is listed.

    Recipients who stay in doubt are split off; if that is all of them, the batch is unconfirmed.
    """
    if not current.in_doubt:
        return proven_absent(current, at=at, max_attempts=max_attempts)
    if len(current.in_doubt) == current.recipients:
        return unconfirmed(current, at=at)
    return replace(current.moved(State.SPLIT, at=at), absent=current.absent + 1)


def proven_absent(current: BatchEntry, *, at: float, max_attempts: int) -> BatchEntry:
    """Return the entry of an attempt that texted nobody; after the last, the batch is given up."""
    gave_up = current.absent + 1 >= max_attempts
    state, code = (State.REFUSED, GAVE_UP) if gave_up else (State.WAITING, "")
    return replace(current.moved(state, at=at, code=code), absent=current.absent + 1)


def listed_late(current: BatchEntry, attempts: Collection[int]) -> BatchEntry:
    """Return the entry once a receipt shows attempts that were not known to be accepted."""
    accepted = tuple(sorted({*current.accepted, *attempts}))
    if accepted == current.accepted or not current.is_final:
        return current
    return replace(current, accepted=accepted, revision=current.revision + 1)


def verified(current: BatchEntry, listed: frozenset[int], *, at: float) -> BatchEntry:
    """Return the entry after its absent attempts were looked up for the last time."""
    return replace(
        current,
        accepted=tuple(sorted({*current.accepted, *listed})),
        verified_at=at,
        revision=current.revision + 1,
    )

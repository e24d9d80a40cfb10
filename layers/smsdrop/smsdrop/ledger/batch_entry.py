"""
The ledger's entries and the moves they may make.

Every entry carries a revision that each write raises by one, and every write is conditional on the
revision that it was made from: of two writers that saw the same entry, exactly one wins, and the
other is shown what stands there instead. Nothing is deleted but by TTL.

    from                to
    (none), WAITING     SENDING, CANCELLED; WAITING also SENT, by late evidence
    SENDING             SENT, REFUSED, SPLIT, WAITING, SENDING (a later attempt),
                        UNCONFIRMED, CANCELLED
    the others          nothing: they are final; evidence may be added
"""

from dataclasses import dataclass, replace
from enum import StrEnum, auto
from typing import Self

from smsdrop.alibaba.answers import Answer, Meaning
from smsdrop.batches.batch import Batch, campaign_of
from smsdrop.ledger.codes import GAVE_UP, KEPT_SECONDS


class IllegalMove(Exception):
    """A program error: a state was to move where the table does not lead."""


class State(StrEnum):
    WAITING = auto()
    SENDING = auto()
    SENT = auto()
    REFUSED = auto()
    SPLIT = auto()
    CANCELLED = auto()
    UNCONFIRMED = auto()


MOVES: dict[State | None, frozenset[State]] = {
    None: frozenset({State.SENDING, State.CANCELLED}),
    State.WAITING: frozenset({State.SENDING, State.CANCELLED, State.SENT}),
    State.SENDING: frozenset(State),
}
"""Where each state may go; the states that are missing here are final."""


HALVES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEntry:
    """
    What became of a batch so far; times are seconds since 1970.

    `attempt` only grows. `token` is fresh for each claim, `call_before` is when the attempt loses
    its right to call, and `settle_after` when its absence at the provider is believed.
    `accepted` lists the attempts that the provider is known to have accepted, `absent` counts
    those that it proved not to have; `verified_at` is when that was looked up for the last time.
    `into_singles` says that it was split into one part for each recipient, and not into halves.
    """

    batch_id: str
    state: State
    attempt: int = 0
    token: str = ""
    access_key_id: str = ""
    first_claimed_at: float = 0
    call_before: float = 0
    settle_after: float = 0
    recipients: int = 0
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
    def parts(self) -> int:
        """How many parts it was split into, if it was."""
        return self.recipients if self.into_singles else HALVES

    @property
    def is_final(self) -> bool:
        return self.state not in MOVES

    @property
    def verify_after(self) -> float:
        """When nothing can be listed any more that was not: a settling time after the end."""
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
    """How long an attempt may take to begin its call, how long the call, and how long doubt."""

    claim_seconds: float
    call_seconds: float
    settle_after_seconds: float

    @property
    def attempt_seconds(self) -> float:
        return self.claim_seconds + self.call_seconds


def untouched(batch: Batch, *, at: float) -> BatchEntry:
    """Return what would stand for a batch that nobody has tried yet."""
    return BatchEntry(
        batch_id=batch.batch_id,
        state=State.WAITING,
        recipients=len(batch),
        revision=0,
        expires_at=int(at) + KEPT_SECONDS,
    )


def cancelled(batch: Batch, before: BatchEntry | None, *, code: str, at: float) -> BatchEntry:
    """Return the entry of a batch that is not to be sent any more, and was not."""
    return (before or untouched(batch, at=at)).moved(State.CANCELLED, at=at, code=code)


def claimed(
    batch: Batch,
    before: BatchEntry | None,
    *,
    token: str,
    access_key_id: str,
    looked_at: float,
    timing: Timing,
) -> BatchEntry:
    """
    Return the entry as the next attempt claims it; it may call until `call_before`.

    That counts from the look at the ledger that allowed the call: however long a sender is frozen
    after it, no call begins long after a cancel or a pause.
    """
    call_before = looked_at + timing.claim_seconds
    old = before or untouched(batch, at=looked_at)
    return replace(
        old.moved(State.SENDING, at=looked_at),
        attempt=old.attempt + 1,
        token=token,
        access_key_id=access_key_id,
        first_claimed_at=old.first_claimed_at or looked_at,
        call_before=call_before,
        settle_after=call_before + timing.call_seconds + timing.settle_after_seconds,
        code="",
    )


def holds_claim(current: BatchEntry, claim: BatchEntry) -> bool:
    """Say whether the claim still stands, so that its holder may record what came of it."""
    held = (State.SENDING, claim.attempt, claim.token)
    return (current.state, current.attempt, current.token) == held


def recorded(
    current: BatchEntry,
    claim: BatchEntry,
    answer: Answer,
    state: State,
    *,
    at: float,
    into_singles: bool = False,
) -> BatchEntry:
    """
    Return the entry after the answer to `claim`'s call; `SENDING` leaves it in doubt.

    Where somebody else's attempt stands by now, or a final state, only evidence is added. What is
    known to have been accepted is `SENT` as soon as nobody is trying, whatever this answer says.
    """
    with_evidence = current
    if answer.meaning is Meaning.ACCEPTED:
        with_evidence = replace(
            current,
            accepted=tuple(sorted({*current.accepted, claim.attempt})),
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
    """Return the entry when no more can be found out about an attempt in doubt."""
    if current.accepted:
        return confirmed(current, frozenset(), at=at)
    return current.moved(State.UNCONFIRMED, at=at, code=code)


def proven_absent(current: BatchEntry, *, at: float, max_attempts: int) -> BatchEntry:
    """Return the entry of an attempt that texted nobody; after the last one it is given up."""
    gave_up = current.absent + 1 >= max_attempts
    state, code = (State.REFUSED, GAVE_UP) if gave_up else (State.WAITING, "")
    return replace(current.moved(state, at=at, code=code), absent=current.absent + 1)


def verified(current: BatchEntry, listed: frozenset[int], *, at: float) -> BatchEntry:
    """Return the entry after its absent attempts were looked up for the last time."""
    return replace(
        current,
        accepted=tuple(sorted({*current.accepted, *listed})),
        verified_at=at,
        revision=current.revision + 1,
    )

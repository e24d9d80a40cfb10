"""
A campaign's entry in the ledger, and the moves that it may make.

    from        to
    (none)      PARSING
    PARSING     REFUSED, PLANNED
    PLANNED     SENDING, HELD; CLOSING if it was halted before it was released
    HELD        SENDING, CLOSING
    SENDING     HELD, CLOSING
    CLOSING     CLOSED
    CLOSED      CLOSING, by late evidence
    REFUSED     nothing: it is final
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum, auto
from typing import Any, Self

from smsdrop.drops import FileVersion
from smsdrop.ledger.batch_entry import IllegalMove
from smsdrop.ledger.codes import KEPT_SECONDS, WITHDRAWN
from smsdrop.ledger.terms import NO_TERMS, Gate, Terms
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import NO_CANARY, Canary
from smsdrop.receipts.looks import NO_LOOKS, Looks


class Status(StrEnum):
    PARSING = auto()
    PLANNED = auto()
    HELD = auto()
    SENDING = auto()
    CLOSING = auto()
    CLOSED = auto()
    REFUSED = auto()
    UNKNOWN = auto()
    """Any status that a later release has added; it is left to that release."""

    @classmethod
    def _missing_(cls, _value: object) -> Self:
        return cls(cls.UNKNOWN)


CAMPAIGN_MOVES: dict[Status | None, frozenset[Status]] = {
    None: frozenset({Status.PARSING}),
    Status.PARSING: frozenset({Status.REFUSED, Status.PLANNED}),
    Status.PLANNED: frozenset({Status.SENDING, Status.HELD, Status.CLOSING}),
    Status.HELD: frozenset({Status.SENDING, Status.CLOSING}),
    Status.SENDING: frozenset({Status.HELD, Status.CLOSING}),
    Status.CLOSING: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset({Status.CLOSING}),
    Status.REFUSED: frozenset(),
    Status.UNKNOWN: frozenset(),
}

HAS_OPEN_BATCHES = frozenset({Status.PLANNED, Status.HELD, Status.SENDING})
"""The plan stands, and some of its batches may still be open."""

REPORTED = frozenset({Status.CLOSING, Status.CLOSED})
"""A report of what was sent exists, or is about to be written."""

PARSING_FAILED = Reason("parsing_failed")


MOST_COPIES = 100
"""Our choice: how many of its copies a campaign knows; DynamoDB takes 400 KB for an entry."""

LONGEST_INVOCATION_SECONDS = 900
"""Lambda's limit for an invocation."""

LONGEST_RETRY_SECONDS = 3600
"""Our choice: the longest that a campaign that keeps failing waits for its next turn."""


HELD = "duplicate_file"
HELD_IN_VAIN = "duplicate_in_vain"
"""Why a copy of another file is refused; the second if the other has texted nobody after all."""

REPEATED = "repeated"
REPEATED_IN_VAIN = "repeated_in_vain"
"""The same for a file whose messages other campaigns have all had."""

PREVIEWED = "preview"
"""The outcome of a file that is judged and, as requested, not sent."""

IN_VAIN = {HELD: HELD_IN_VAIN, REPEATED: REPEATED_IN_VAIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """
    Rows by what became of them: `rows = accepted + duplicates + suppressed + rejected`.

    `accepted = sent + refused + unconfirmed + cancelled` once the campaign is closed. `segments`
    estimates what the accepted rows are billed as; 0 if the template's text is not known.
    """

    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    suppressed: int = 0
    rejected: int = 0
    blank: int = 0
    batches: int = 0
    segments: int = 0
    sent: int = 0
    refused: int = 0
    unconfirmed: int = 0
    cancelled: int = 0

    @property
    def known_segments(self) -> int | None:
        return self.segments if self.segments or not self.accepted else None

    def price(self, per_segment: Decimal | None) -> float | None:
        """Return what the segments cost, if both are known."""
        segments = self.known_segments
        return None if per_segment is None or segments is None else float(per_segment * segments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """
    The result of judging a file; `plan` is the prefix of the plan's objects.

    `suppressed_by` has the lists that it was judged by, each with its version. `is_no_promotion`
    says that it is known not to be a promotion, so that lists for promotions do not apply to it.
    """

    plan: str
    template_code: str
    sign_name: str
    encoding: str
    counts: Counts
    terms: Terms = NO_TERMS
    problems: tuple[Reason, ...] = ()
    suppressed_by: tuple[tuple[str, str], ...] = ()
    is_no_promotion: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """
    One version of one recipient file, and what became of it so far; times are seconds since 1970.

    `released` is the highest batch that may be queued, `queued` the highest contiguous one that the
    queue has acknowledged, `queued_bytes` where the next one begins in the plan, and `queued_at`
    when that last moved on. By `drained_by` the queue should have handed out all of it; 0 means
    that this has yet to be estimated.

    `held_for` is what holds it, and `previewed_for` the `held_for` that its preview shows. A
    campaign that is still parsing may be held too: `problems` say why, and it has no preview. Its
    gate closes at `closes_at`, 0 for never; `opened_at` is when it last opened, and `requeued_at`
    when the last search began for messages that senders forgot while it was held. `dropped_by`,
    `paused_by` and `approved_by` are persons, as AWS names them; `ordered_at` is when the pause or
    resume that counts was given, by S3's clock, so that a late or repeated one is recognized.
    `unusable_lists` say which suppression lists keep a judged campaign from being called.

    `halt_code` is what stopped the rest, a code of the provider's or our own. `copies` are the
    campaigns held back as its duplicates. `failures` counts its turns in the tick that have failed
    in a row, and `retry_at` is when the next one is due.

    `notices` are those that people have received. `telling` is the one being sent: the channels in
    `heard_by` have it, `untold` counts the failed tries, and the next is at `tell_at`.

    `reopened_at` is when late evidence was last about to be added. `is_open` holds while the tick
    has something to do for it: once it is closed, that is to look up, from `verify_at` on, what was
    believed absent. `looks` are those at its receipts, open or not, and `canary` has what is known
    of the batches that go ahead of the others. `unknown` has what a later release has added, as
    stored; every write carries it over.
    """

    campaign_id: str
    status: Status
    bucket: str
    key: str
    version_id: str
    size: int
    started_at: float
    plan: str = ""
    template_code: str = ""
    sign_name: str = ""
    encoding: str = ""
    counts: Counts = Counts()
    terms: Terms = NO_TERMS
    dropped_by: str = ""
    paused_by: str = ""
    approved_by: str = ""
    ordered_at: float = 0
    held_for: str = ""
    previewed_for: str = ""
    closes_at: float = 0
    opened_at: float = 0
    requeued_at: float = 0
    released: int = 0
    queued: int = 0
    queued_bytes: int = 0
    queued_at: float = 0
    drained_by: float = 0
    halt_code: str = ""
    outcome: str = ""
    reason: Reason | None = None
    problems: tuple[Reason, ...] = ()
    suppressed_by: tuple[tuple[str, str], ...] = ()
    is_no_promotion: bool = False
    unusable_lists: tuple[Reason, ...] = ()
    copies: tuple[str, ...] = ()
    finished_at: float = 0
    alerted_at: float = 0
    failures: int = 0
    retry_at: float = 0
    notices: tuple[str, ...] = ()
    telling: str = ""
    heard_by: tuple[str, ...] = ()
    untold: int = 0
    tell_at: float = 0
    reopened_at: float = 0
    verify_at: float = 0
    looks: Looks = NO_LOOKS
    canary: Canary = NO_CANARY
    is_open: bool = True
    revision: int = 1
    expires_at: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def begun(
        cls, campaign_id: str, version: FileVersion, *, size: int, at: float, by: str = ""
    ) -> Self:
        return cls(
            campaign_id=campaign_id,
            status=Status.PARSING,
            bucket=version.bucket,
            key=version.key,
            version_id=version.version_id,
            size=size,
            started_at=at,
            dropped_by=by,
            expires_at=int(at) + KEPT_SECONDS,
        )

    @property
    def version(self) -> FileVersion:
        return FileVersion(bucket=self.bucket, key=self.key, version_id=self.version_id)

    @property
    def ages_from(self) -> float:
        """From when its age counts: it may be scheduled to start long after its drop."""
        return max(self.started_at, self.terms.start_at)

    @property
    def waits_to_begin(self) -> bool:
        """Say whether it is held and nothing of it was ever released."""
        return self.status is Status.HELD and not self.released

    @property
    def awaits_canary(self) -> bool:
        """Say whether only the canary's batches may be called."""
        return self.terms.canary_batches > 0 and not self.canary.lets_others_follow

    def may_be_called(self, position: int, now: float) -> bool:
        """Say whether calls for the batch at this position may begin."""
        is_open = not self.closes_at or now < self.closes_at
        return self.status is Status.SENDING and position <= self.released and is_open

    def has_forgotten(self, now: float) -> bool:
        """
        Say whether messages may be gone because senders have forgotten them.

        They are searched for once the gate has opened, and again once every sender that read the
        ledger before that is gone.
        """
        if not self.opened_at:
            return False
        last = self.opened_at + LONGEST_INVOCATION_SECONDS
        return self.requeued_at < self.opened_at or self.requeued_at < last <= now

    @property
    def is_queued(self) -> bool:
        """Say whether the queue has acknowledged all that was released."""
        return self.queued >= self.released

    @property
    def texted_nobody(self) -> bool:
        """Say whether it ended without a text, and nothing is left to look up."""
        if self.status is Status.REFUSED:
            return True
        is_over = self.status is Status.CLOSED and not self.is_open
        return is_over and not (self.counts.sent or self.counts.unconfirmed)

    @property
    def is_refused_with_plan(self) -> bool:
        """Say whether it was refused after its rows were judged."""
        return self.status is Status.REFUSED and bool(self.plan)

    @property
    def is_preview(self) -> bool:
        """Say whether its rows were judged for a person to look at, and nothing else."""
        return self.outcome == PREVIEWED

    @property
    def is_to_be_reported(self) -> bool:
        """Say whether nothing more of it will be sent, and its report is not written yet."""
        is_refused = self.status is Status.REFUSED and self.is_open
        return is_refused or self.status is Status.CLOSING

    @property
    def awaits_verification(self) -> bool:
        """Say whether its report is written, and attempts still have to be looked up once more."""
        return self.status is Status.CLOSED and self.is_open

    def not_judged(self, held_for: str, problems: tuple[Reason, ...]) -> Self:
        """Return the campaign whose file cannot be judged until people have fixed something."""
        if self.status is not Status.PARSING or (self.held_for, self.problems) == (
            held_for,
            problems,
        ):
            return self
        return replace(self._revised(), held_for=held_for, problems=problems)

    def held_for_lists(self, problems: tuple[Reason, ...], *, reason: str) -> Self:
        """Return the judged campaign, held for unusable lists or no longer held for them."""
        may_wait = self.status in HAS_OPEN_BATCHES and not self.halt_code
        if not may_wait or problems == self.unusable_lists:
            return self
        after = self._held(reason) if problems else self
        return replace(after, unusable_lists=problems, revision=self.revision + 1)

    @property
    def all_problems(self) -> tuple[Reason, ...]:
        return (*self.unusable_lists, *self.problems)

    def planned(self, judgement: Judgement, *, at: float) -> Self:
        """Return the campaign with its plan, of which nothing is released yet."""
        return replace(self._judged(Status.PLANNED, judgement), queued_at=at)

    def refused(
        self,
        reason: Reason,
        *,
        at: float,
        outcome: str = "refused",
        judgement: Judgement | None = None,
    ) -> Self:
        """Return the campaign whose file as a whole is not usable, with its judged rows if any."""
        status = Status.REFUSED
        after = self._judged(status, judgement) if judgement else self._moved(status)
        return replace(after, outcome=outcome, reason=reason, finished_at=at, held_for="")

    def withdrawn(self, *, at: float) -> Self:
        """Return the campaign whose file is gone or replaced before it could be judged."""
        return self.refused(Reason(WITHDRAWN), at=at, outcome="withdrawn")

    def with_copy(self, campaign_id: str) -> Self:
        """
        Return the campaign that has to notify this one, its copy, if it texts nobody.

        A campaign that is held back itself is notified first, and then notifies its copies.
        """
        may_tell = self.is_open or self.is_held_rightly
        if not may_tell or campaign_id in self.copies or len(self.copies) == MOST_COPIES:
            return self
        return replace(self._revised(), copies=(*self.copies, campaign_id))

    def held_as_copy(self, first: str, *, at: float) -> Self:
        """Return the campaign refused because it repeats another."""
        return self.refused(self._held_for(HELD, (first,)), at=at, outcome="duplicate_file")

    def repeating(self, firsts: tuple[str, ...], judgement: Judgement, *, at: float) -> Self:
        """Return the campaign with nothing left to send: these have had its messages."""
        reason = self._held_for(REPEATED, firsts)
        return self.refused(reason, at=at, outcome="repeated", judgement=judgement)

    def _held_for(self, code: str, firsts: tuple[str, ...]) -> Reason:
        is_in_vain = self.reason == Reason(HELD_IN_VAIN, firsts)
        return Reason(IN_VAIN[code] if is_in_vain else code, firsts)

    def told_of(self, first: str, *, texted_nobody: bool) -> Self:
        """
        Return the copy, noting whether it is held back in vain, by how its first campaign ended.

        One that is still being parsed keeps that for when it is held back.
        """
        if self.status is Status.PARSING:
            kept = Reason(HELD_IN_VAIN, (first,)) if texted_nobody else None
            return self if self.reason == kept else replace(self._revised(), reason=kept)
        for pair in IN_VAIN.items():
            held, in_vain = (Reason(code, (first,)) for code in pair)
            reason = in_vain if texted_nobody else held
            if self.reason in (held, in_vain) and self.reason != reason:
                return replace(self.reopened(), reason=reason)
        return self

    def is_copy_of(self, first: str) -> bool:
        """Say whether it is held back as a copy of the first one's file."""
        return self.reason in (Reason(HELD, (first,)), Reason(HELD_IN_VAIN, (first,)))

    @property
    def is_held_rightly(self) -> bool:
        """Say whether it is held back for a campaign that may have texted somebody."""
        return self.reason is not None and self.reason.code in IN_VAIN

    def parsing_given_up(self, reason: Reason = PARSING_FAILED, *, at: float) -> Self:
        """Return the campaign refused, unless its file is judged: then it goes on unchanged."""
        if self.status is not Status.PARSING:
            return self
        return self.refused(reason, at=at)

    def gated(self, gate: Gate, *, at: float) -> Self:
        """Return the campaign as the gate lets it: held, or sending; no release is undone."""
        if gate.held_for:
            return self._held(gate.held_for)
        is_sending = self.status is Status.SENDING
        was_open = is_sending and (not self.closes_at or at < self.closes_at)
        if was_open and (gate.upto <= self.released and gate.closes_at == self.closes_at):
            return self
        after = replace(
            self._revised() if is_sending else self._moved(Status.SENDING),
            released=max(self.released, gate.upto),
            closes_at=gate.closes_at,
            held_for="",
            previewed_for="",
        )
        if was_open or self.status is Status.PLANNED:
            return after
        is_none_open = self._are_queued_ones_at_their_end
        requeued_at = at + LONGEST_INVOCATION_SECONDS if is_none_open else self.requeued_at
        return replace(after, opened_at=at, requeued_at=requeued_at)

    @property
    def _are_queued_ones_at_their_end(self) -> bool:
        """Say whether no message can be forgotten: none is queued, or only an ended canary's."""
        have_ended = self.canary.canary_ended_at > 0
        return self.queued <= (self.terms.canary_batches if have_ended else 0)

    def _held(self, reason: str) -> Self:
        is_held = self.status is Status.HELD
        if is_held and self.held_for == reason:
            return self
        after = self._revised() if is_held else self._moved(Status.HELD)
        return replace(after, held_for=reason, closes_at=0)

    def previewed(self, held_for: str) -> Self:
        """Return the campaign whose preview shows what holds it."""
        if self.status is not Status.HELD or self.previewed_for == held_for:
            return self
        return replace(self._revised(), previewed_for=held_for)

    def paused(self, by: str, *, reason: str) -> Self:
        """Return the campaign paused by a person, whatever its state."""
        if self.paused_by or not (self.status is Status.PARSING or self.status in HAS_OPEN_BATCHES):
            return self
        if self.status is Status.PARSING:
            return replace(self._revised(), paused_by=by)
        return replace(self._held(reason), paused_by=by, revision=self.revision + 1)

    def resumed(self) -> Self:
        """Return the campaign no longer paused by a person; its gate opens in its own time."""
        return replace(self._revised(), paused_by="") if self.paused_by else self

    def approved(self, by: str) -> Self:
        """Return the campaign approved by a person; the first approval counts."""
        may_approve = self.status is Status.PARSING or self.status in HAS_OPEN_BATCHES
        if self.approved_by or not may_approve:
            return self
        return replace(self._revised(), approved_by=by)

    def queued_again(self, *, at: float) -> Self:
        """Return the campaign once a search begun at that time has queued all forgotten ones."""
        return replace(self._revised(), requeued_at=at) if at > self.requeued_at else self

    def queued_to(self, position: int, *, next_byte: int, at: float) -> Self:
        """Return the campaign once the queue has acknowledged every batch up to this one."""
        if position <= self.queued:
            return self
        return replace(
            self._revised(), queued=position, queued_bytes=next_byte, queued_at=at, drained_by=0
        )

    def draining(self, *, by: float) -> Self:
        """Return the campaign with another estimate of when the queue has handed out all of it."""
        return self if by == self.drained_by else replace(self._revised(), drained_by=by)

    def halted(self, code: str) -> Self:
        """Return the campaign halted: nothing more of it is sent; the first reason stands."""
        may_halt = self.status is Status.PARSING or self.status in HAS_OPEN_BATCHES
        if self.halt_code or not may_halt:
            return self
        return replace(self._revised(), halt_code=code)

    def closing(self) -> Self:
        """Return the campaign once every batch has ended."""
        return self._moved(Status.CLOSING)

    def closed(
        self,
        counts: Counts,
        *,
        outcome: str,
        reason: Reason | None,
        finished_at: float,
        verify_at: float = 0,
        receipts_from: float = 0,
    ) -> Self:
        """
        Return the campaign whose report is written; without `verify_at` it is no longer open.

        Its receipts are looked up from `receipts_from` on if that is set, else as scheduled before.
        """
        return replace(
            self._moved(Status.CLOSED),
            counts=counts,
            outcome=outcome,
            reason=reason,
            finished_at=finished_at,
            verify_at=verify_at,
            looks=self.looks.begun(at=receipts_from) if receipts_from else self.looks,
            is_open=verify_at > 0,
        )

    def verified(self) -> Self:
        """Return the closed campaign whose attempts were all looked up for the last time."""
        return replace(self._revised(), verify_at=0, is_open=False)

    def to_be_verified(self, *, at: float) -> Self:
        """Return the closed campaign with its verification postponed."""
        return replace(self._revised(), verify_at=at)

    def looked(self, looks: Looks) -> Self:
        """
        Return the campaign whose receipts were looked up so far.

        Its report is rewritten if that changes what it says.
        """
        if looks == self.looks:
            return self
        is_news = looks.news != self.looks.news and self.status in REPORTED
        return replace(self.reopened() if is_news else self._revised(), looks=looks)

    def with_canary(self, canary: Canary) -> Self:
        """Return the campaign with what is known of its canary by now, unless it is ending."""
        is_ending = self.halt_code or self.status not in HAS_OPEN_BATCHES
        if is_ending or canary == self.canary:
            return self
        return replace(self._revised(), canary=canary)

    def reported(self, counts: Counts) -> Self:
        """Return the refused campaign whose report is written."""
        return replace(self._revised(), counts=counts, is_open=False)

    def reopened(self, *, evidence_at: float | None = None) -> Self:
        """
        Return the campaign to be reported again.

        `evidence_at` is when late evidence is about to be added; None if it is there already.
        """
        after = self._moved(Status.CLOSING) if self.status is Status.CLOSED else self._revised()
        at = self.reopened_at if evidence_at is None else evidence_at
        return replace(after, is_open=True, reopened_at=at)

    def alerted(self, *, at: float) -> Self:
        """Return the campaign once a person was notified that it is stuck."""
        return replace(self._revised(), alerted_at=at)

    def told(self, notice: str) -> Self:
        """Return the campaign once people have this notice, or will not get it any more."""
        if notice in self.notices:
            return self
        notices = (*self.notices, notice)
        return replace(
            self._revised(), notices=notices, telling="", heard_by=(), untold=0, tell_at=0
        )

    def to_be_told(self, notice: str, *, heard_by: tuple[str, ...], tries: int, at: float) -> Self:
        """Return the campaign whose notice only these channels have taken after so many tries."""
        if notice in self.notices or (self.telling == notice and self.untold >= tries):
            return self
        return replace(self._revised(), telling=notice, heard_by=heard_by, untold=tries, tell_at=at)

    def failed(self, *, at: float) -> Self:
        """
        Return the campaign after a failed turn: its next ones are put off, longer each time.

        After the first failure it still has its turn in the next minute.
        """
        if not self.is_open:
            return self
        delay = min(LONGEST_RETRY_SECONDS, 60 * 2 ** min(self.failures, 12) - 60)
        return replace(self._revised(), failures=self.failures + 1, retry_at=at + delay)

    def recovered(self) -> Self:
        """Return the campaign after a turn that has not failed."""
        if not (self.is_open and self.failures):
            return self
        return replace(self._revised(), failures=0, retry_at=0)

    def _judged(self, status: Status, judgement: Judgement) -> Self:
        return replace(
            self._moved(status),
            plan=judgement.plan,
            template_code=judgement.template_code,
            sign_name=judgement.sign_name,
            encoding=judgement.encoding,
            counts=judgement.counts,
            terms=judgement.terms,
            problems=judgement.problems,
            suppressed_by=judgement.suppressed_by,
            is_no_promotion=judgement.is_no_promotion,
            held_for="",
        )

    def _revised(self) -> Self:
        return replace(self, revision=self.revision + 1)

    def _moved(self, status: Status) -> Self:
        """Return the campaign in another status, or raise `IllegalMove`."""
        if status not in CAMPAIGN_MOVES[self.status]:
            raise IllegalMove(f"{self.status} does not lead to {status}")
        return replace(self._revised(), status=status)

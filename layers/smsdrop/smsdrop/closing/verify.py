"""Look once more for texts that the provider may have listed late."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby, islice
from typing import Protocol, TypeAlias, TypeVar

from smsdrop.alibaba.ports import Keys, Lookup
from smsdrop.alibaba.send_details import Listing, LookupFailed
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.batches.batch import Batch
from smsdrop.batches.plan import BATCHES, read_batches
from smsdrop.closing.results.fates import UNSENT
from smsdrop.ledger.batch_entry import BatchEntry, State, verified
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import ReadsBatches, Writes, update
from smsdrop.ledger.splits import part_of, planned_with_entries
from smsdrop.ports import Objects
from smsdrop.sending.lookups import Finding, dates_of, found_in, is_no_longer_listed
from smsdrop.sending.rate_limit import RateLimiter

T = TypeVar("T")
Result = TypeVar("Result")

LOOKUPS = "stack"
"""The lease for lookups: one for the whole stack, like the rate of its lookups."""

VERIFY_AGAIN_SECONDS = 300
"""Our choice: how long to wait after the provider could not be asked."""

TRIES = 2
"""Our choice: one failed lookup in a hundred must not cost all of them."""

BATCHES_A_PIECE = 1000
"""Our choice: how much of the plan is read at once; S3 allows no reads as slow as our lookups."""

Listed: TypeAlias = frozenset[int] | None
"""The attempts that are listed for a recipient; None if the provider did not say."""


class OutOfTime(Exception):
    """The remaining lookups are left to the next run."""


class VerifyingLedger(ReadsBatches, Writes, Protocol): ...


class SideBySide(Protocol):
    """Like `map`, with several calls under way at a time."""

    def __call__(self, call: Callable[[T], Result], items: Iterable[T], /) -> Iterator[Result]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked about a batch: one recipient, or no one if it is no longer listed."""

    entry: BatchEntry
    batch: Batch
    phone_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PacedLookup:
    """Rate-limited lookups; raises `OutOfTime`."""

    lookup: Lookup
    rate: RateLimiter
    deadline: float

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> Sequence[Listing | LookupFailed]:
        for _ in range(len(phone_numbers) * len(dates)):
            if not self.rate.acquire(deadline=self.deadline):
                raise OutOfTime
        return self.lookup.listings(phone_numbers, dates=dates, key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAbsences:
    """The use case, with its ports; `rate` is that of the stack's lookups when closing."""

    ledger: VerifyingLedger
    objects: Objects
    lookup: Lookup
    keys: Keys
    rate: RateLimiter
    side_by_side: SideBySide
    clock: Callable[[], float]

    def verify(self, campaign: Campaign, *, gives_up: bool, deadline: float) -> None:
        """
        Look up the attempts that were believed absent, and note what is listed by now.

        Each batch is noted by itself, so that the next run continues where the time ran out. If an
        attempt is listed late, the campaign is reported again. Once `gives_up` holds, an unanswered
        lookup counts as not listed. Raises `ObjectGone` and `PlanDamaged`.
        """
        try:
            is_complete = self._verify_batches(campaign, gives_up=gives_up, deadline=deadline)
        except OutOfTime:
            return
        self._conclude(campaign, is_complete=is_complete)

    def _verify_batches(self, campaign: Campaign, *, gives_up: bool, deadline: float) -> bool:
        """Say whether all batches are verified; stop if the provider cannot be asked."""
        self.rate.start_invocation()
        key = self._key()
        lookup = PacedLookup(lookup=self.lookup, rate=self.rate, deadline=deadline)
        answers = self.side_by_side(
            partial(self._ask, lookup=lookup, key=key), self._questions(campaign, deadline)
        )
        is_complete = True
        for entry, same in groupby(answers, key=lambda answer: answer[0]):
            listed = [each for _, each in same]
            if gives_up or None not in listed:
                is_complete &= self._note(campaign, entry, listed)
            elif all(each is None for each in listed):
                return False
            else:
                is_complete = False
        return is_complete

    def _key(self) -> AccessKey | None:
        """Fetch the current key pair: this sandbox does not notice a rotation by itself."""
        try:
            return self.keys.refresh()
        except NoAccessKey:
            return None

    def _questions(self, campaign: Campaign, deadline: float) -> Iterator[Question]:
        entries = self.ledger.entries(campaign.campaign_id)
        for batch, tree in planned_with_entries(self._planned(campaign), entries):
            for entry in tree.values():
                if self.clock() >= deadline:
                    raise OutOfTime
                if entry.awaits_verification:
                    yield from self._questions_about(entry, part_of(batch, entry.batch_id, tree))

    def _questions_about(self, entry: BatchEntry, batch: Batch) -> Iterator[Question]:
        if is_no_longer_listed(entry, now=self.clock()):
            yield Question(entry=entry, batch=batch, phone_number=None)
            return
        for phone_number in batch.phone_numbers:
            yield Question(entry=entry, batch=batch, phone_number=phone_number)

    def _planned(self, campaign: Campaign) -> Iterator[Batch]:
        position = first_byte = 0
        while position < campaign.counts.batches:
            count = min(BATCHES_A_PIECE, campaign.counts.batches - position)
            lines = self.objects.lines(campaign.plan + BATCHES, first_byte=first_byte)
            piece = list(islice(lines, count))
            yield from read_batches(piece, count=count)
            position, first_byte = position + count, first_byte + sum(map(len, piece))

    def _ask(
        self, question: Question, *, lookup: Lookup, key: AccessKey | None
    ) -> tuple[BatchEntry, Listed]:
        entry, phone_number = question.entry, question.phone_number
        if phone_number is None:
            return entry, frozenset()
        if key is None:
            return entry, None
        dates = dates_of(entry, now=self.clock())
        for _ in range(TRIES):
            (listing,) = lookup.listings([phone_number], dates=dates, key=key)
            found = found_in(listing, entry, question.batch)
            if found is not Finding.UNANSWERED:
                return entry, found if isinstance(found, frozenset) else frozenset()
        return entry, None

    def _note(self, campaign: Campaign, entry: BatchEntry, listed: Iterable[Listed]) -> bool:
        """
        Record that the batch is verified, and say whether the write took effect.

        The campaign is reopened before any write that changes its report, so that the report is
        sure to include it.
        """
        found = frozenset[int]().union(*filter(None, listed))
        after = verified(entry, found, at=self.clock())
        if _changes_the_report(entry, after):
            update(self.ledger, campaign, lambda each: each.reopened())
        return self.ledger.write(entry, after) == after

    def _conclude(self, campaign: Campaign, *, is_complete: bool) -> None:
        """Record that nothing is left, or when to go on; a reopened campaign stays as it is."""
        again = self.clock() + VERIFY_AGAIN_SECONDS

        def concluded(each: Campaign) -> Campaign:
            if not each.awaits_verification:
                return each
            return each.verified() if is_complete else each.to_be_verified(at=again)

        update(self.ledger, campaign, concluded)


def _changes_the_report(before: BatchEntry, after: BatchEntry) -> bool:
    """Say whether an attempt is listed late, or rows that waited for this now count as unsent."""
    return before.accepted != after.accepted or before.state in (*UNSENT, State.SPLIT)

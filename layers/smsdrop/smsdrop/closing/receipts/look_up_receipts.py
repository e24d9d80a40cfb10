"""
Look up the receipts of campaigns that are closed, as often as their schedule says.

A look goes through the plan part by part, and asks about those alone of whom nothing is known yet.
What a part has come to is kept before the campaign says that it is done. So whoever dies asks a
part's recipients once more at the most, and of two that look at one time each adds what it finds.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Protocol, TypeAlias

from smsdrop.alibaba.ports import Keys, ReceiptLookup
from smsdrop.alibaba.send_details import (
    Listing,
    LookupFailed,
    LookupForbidden,
    LookupRefused,
    LookupThrottled,
)
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.batches.plan import BATCHES, PlanDamaged, read_batches
from smsdrop.closing.receipts.questions import Question, questions
from smsdrop.closing.verify import LOOKUPS, TRIES, SideBySide
from smsdrop.ledger.batch_entry import listed_late
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.ports import ReadsBatches, ReadsLooks, ReadsPlaces, Writes, update
from smsdrop.ledger.splits import planned_with_entries
from smsdrop.ports import MarkedObjects, ObjectGone, Objects
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.looks import Looks
from smsdrop.receipts.part import BATCHES_A_PART, Part, Place, parts_of
from smsdrop.receipts.receipt import Delivery, Receipt
from smsdrop.sending.rate_limit import RateLimiter

MARGIN_SECONDS = 60
"""
Our choice: what it takes to finish a part of which nothing more is to be asked.

For as long nobody looks receipts up in every five minutes, and the tick finds the lease free.
"""


class Forbidden(Exception):
    """The key pair may not ask; its text is the provider's code."""


class LooksLedger(ReadsBatches, ReadsLooks, ReadsPlaces, Writes, Protocol): ...


class LooksObjects(Objects, MarkedObjects, Protocol): ...


Answer: TypeAlias = Listing | LookupFailed | None
"""None where there was no time to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookTurn:
    """What came of a campaign whose receipts were due."""

    campaign: Campaign
    error: Exception | None = None


@dataclass(slots=True, kw_only=True)
class PartLook:
    """What a look has come to in a part so far."""

    known: Part
    found: dict[Place, Receipt] = field(default_factory=dict)
    asked: int = 0
    unanswered: int = 0
    is_cut_short: bool = False

    @property
    def is_in_vain(self) -> bool:
        """Say whether nobody answers: to go on would ask the others as vainly."""
        return 0 < self.asked == self.unanswered

    def done(self, look: int, part: int, next_byte: int) -> Callable[[Looks], Looks]:
        return partial(
            Looks.went_on,
            look=look,
            part=part,
            byte=next_byte,
            delivered=self.known.count(Delivery.DELIVERED),
            undelivered=self.known.count(Delivery.FAILED),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpReceipts:
    """The use case, with its ports; `rate` is that of the stack's lookups."""

    ledger: LooksLedger
    objects: LooksObjects
    lookup: ReceiptLookup
    keys: Keys
    rate: RateLimiter
    side_by_side: SideBySide
    leases: Leases
    clock: Callable[[], float]

    def run(self, *, deadline: float) -> Sequence[LookTurn]:
        """Look up what is due, unless somebody else is looking up; say what came of it."""
        campaigns = self._due()
        if not campaigns:
            return ()
        job = partial(self._look_at_all, campaigns, deadline=deadline)
        return self.leases.alone(LOOKUPS, job, until=deadline + MARGIN_SECONDS) or ()

    def _due(self) -> list[Campaign]:
        """Return the campaigns whose receipts are due, those first that wait longest."""
        ids = dict.fromkeys(self.ledger.looked_at_campaign_ids())
        campaigns = filter(None, map(self.ledger.campaign, ids))
        due = [each for each in campaigns if each.looks.is_due(self.clock())]
        return sorted(due, key=lambda each: each.looks.receipts_at)

    def _look_at_all(self, campaigns: Sequence[Campaign], *, deadline: float) -> list[LookTurn]:
        """Give each campaign an equal share of the time."""
        key = self._key()
        if key is None:
            return []
        self.rate.start_invocation()
        turns: list[LookTurn] = []
        for done, campaign in enumerate(campaigns):
            now = self.clock()
            if now >= deadline:
                break
            share = (deadline - now) / (len(campaigns) - done)
            turns.append(self._turn(campaign, key=key, deadline=now + share))
        return turns

    def _key(self) -> AccessKey | None:
        """Return the key pair of now, for this sandbox learns of no rotation by itself."""
        try:
            return self.keys.refresh()
        except NoAccessKey:
            return None

    def _turn(self, campaign: Campaign, *, key: AccessKey, deadline: float) -> LookTurn:
        now = self.clock()
        campaign = self._changed(campaign, lambda looks: looks.under_way(at=now))
        look = campaign.looks.receipts_look
        try:
            campaign = self._look(campaign, key=key, deadline=deadline)
        except Forbidden as error:
            forbidden = partial(Looks.forbidden, code=str(error), look=look)
            campaign = self._changed(campaign, forbidden)
        except Exception as error:  # noqa: BLE001 - one campaign must not take the others with it
            return LookTurn(campaign=self._put_off(campaign, look), error=error)
        return LookTurn(campaign=campaign)

    def _look(self, campaign: Campaign, *, key: AccessKey, deadline: float) -> Campaign:
        """
        Go on with the look that is under way.

        The campaign notes each part of which everybody was answered, in order; the parts behind one
        that was not are looked up all the same, unless nobody is answered.
        """
        look, byte = campaign.looks.receipts_look, campaign.looks.receipts_byte
        parts = parts_of(campaign.counts.batches)
        for number in parts[campaign.looks.receipts_part :]:
            if self.clock() >= deadline:
                return campaign
            result, byte = self._look_at(campaign, number, byte, key=key, deadline=deadline)
            if result.is_cut_short:
                return campaign
            if result.is_in_vain:
                break
            if not result.unanswered:
                campaign = self._changed(campaign, result.done(look, number, byte))
        if campaign.looks.receipts_part < len(parts):
            return self._put_off(campaign, look)
        return self._changed(campaign, partial(Looks.ended, look=look, at=self.clock()))

    def _look_at(
        self, campaign: Campaign, number: int, byte: int, *, key: AccessKey, deadline: float
    ) -> tuple[PartLook, int]:
        """
        Look a part up, whose batches begin at this byte; return what it came to, and the next byte.

        Once the look is over, or the plan gone, what is known already is all.
        """
        kept = KeptReceipts(objects=self.objects, campaign_id=campaign.campaign_id)
        result = PartLook(known=kept.part(number))
        if campaign.looks.is_over(now=self.clock()):
            return result, byte
        try:
            lines = self._lines(campaign, number, byte)
            asked = self._questions(campaign, number, lines, result.known)
            self._ask_all(campaign, asked, result, key=key, deadline=deadline)
        except (ObjectGone, PlanDamaged):
            return result, byte
        finally:
            if result.found:
                result.known = kept.add(number, Part(receipts=result.found))
        return result, byte + sum(map(len, lines))

    def _lines(self, campaign: Campaign, number: int, first_byte: int) -> list[bytes]:
        lines = self.objects.lines(campaign.plan + BATCHES, first_byte=first_byte)
        return list(islice(lines, len(_positions(campaign, number))))

    def _questions(
        self, campaign: Campaign, number: int, lines: Sequence[bytes], known: Part
    ) -> Iterator[Question]:
        positions = _positions(campaign, number)
        entries = self.ledger.entries_within(campaign.campaign_id, positions[0], positions[-1])
        planned = planned_with_entries(read_batches(lines, count=len(positions)), entries)
        look = campaign.looks.receipts_look
        return questions(planned, known, look=look, now=self.clock())

    def _ask_all(
        self,
        campaign: Campaign,
        asked: Iterator[Question],
        result: PartLook,
        *,
        key: AccessKey,
        deadline: float,
    ) -> None:
        ask = partial(self._ask, key=key, deadline=deadline)
        for question, answer in self.side_by_side(ask, asked):
            self._take(campaign, question, answer, result)

    def _ask(
        self, question: Question, *, key: AccessKey, deadline: float
    ) -> tuple[Question, Answer]:
        answer: Answer = None
        for _ in range(TRIES):
            if not all(self.rate.acquire(deadline=deadline) for _ in question.dates):
                return question, None
            answer = self.lookup.receipts(
                question.phone_number, dates=question.dates, biz_id=question.biz_id, key=key
            )
            self.rate.adapt(throttled=isinstance(answer, LookupThrottled))
            if isinstance(answer, Listing | LookupRefused | LookupForbidden):
                break
        return question, answer

    def _take(
        self, campaign: Campaign, question: Question, answer: Answer, result: PartLook
    ) -> None:
        """Add what an answer says; whom the provider refuses to tell of had an answer, too."""
        look = campaign.looks.receipts_look
        match answer:
            case None:
                result.is_cut_short = True
                return
            case LookupForbidden():
                raise Forbidden(str(answer))
            case Listing():
                self._note_late(campaign, question, answer)
                result.found[question.place] = question.receipt(answer, looks=look)
            case LookupRefused():
                result.found[question.place] = Receipt(looks=look)
            case _:
                result.unanswered += 1
        result.asked += 1

    def _note_late(self, campaign: Campaign, question: Question, listing: Listing) -> None:
        """
        Write down attempts that were believed absent, and have the campaign reported again.

        That comes first, and before what was found is kept: whoever dies here asks again.
        """
        for entry, attempts in question.late(listing):
            stands = self.ledger.batch(entry.batch_id) or entry
            if listed_late(stands, attempts) == stands:
                continue
            now = self.clock()
            update(self.ledger, campaign, lambda each: each.reopened(evidence_at=now))  # noqa: B023
            update(self.ledger, stands, lambda each: listed_late(each, attempts))  # noqa: B023

    def _put_off(self, campaign: Campaign, look: int) -> Campaign:
        return self._changed(campaign, partial(Looks.put_off, look=look, at=self.clock()))

    def _changed(self, campaign: Campaign, change: Callable[[Looks], Looks]) -> Campaign:
        return update(self.ledger, campaign, lambda each: each.looked(change(each.looks)))


def _positions(campaign: Campaign, number: int) -> range:
    """Return the positions of the batches of a part."""
    first = number * BATCHES_A_PART + 1
    return range(first, min(first + BATCHES_A_PART, campaign.counts.batches + 1))

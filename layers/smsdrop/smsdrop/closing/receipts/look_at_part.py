"""Look up the receipts of one part of a plan, and keep what is found."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Protocol, TypeAlias

from smsdrop.alibaba.ports import ReceiptLookup
from smsdrop.alibaba.send_details import (
    Listing,
    LookupFailed,
    LookupForbidden,
    LookupRefused,
    LookupThrottled,
)
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.plan import BATCHES, PlanDamaged, read_batches
from smsdrop.closing.receipts.questions import Question, questions
from smsdrop.closing.verify import TRIES, SideBySide
from smsdrop.ledger.batch_entry import listed_late
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.codes import NO_CAUSE
from smsdrop.ledger.ports import ReadsBatches, ReadsPlaces, Writes, update
from smsdrop.ledger.splits import planned_with_entries
from smsdrop.ports import MarkedObjects, ObjectGone, Objects
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.looks import Looks
from smsdrop.receipts.part import BATCHES_A_PART, Part, Place
from smsdrop.receipts.receipt import Delivery, Receipt
from smsdrop.sending.rate_limit import RateLimiter


class Forbidden(Exception):
    """The key pair may not ask; its text is the provider's code."""


class PartLedger(ReadsBatches, ReadsPlaces, Writes, Protocol): ...


class PartObjects(Objects, MarkedObjects, Protocol): ...


Answer: TypeAlias = Listing | LookupFailed | None
"""None if there was no time to ask."""


@dataclass(slots=True, kw_only=True)
class PartLook:
    """What a look has found in a part so far; `causes` are the codes of texts that failed."""

    known: Part
    found: dict[Place, Receipt] = field(default_factory=dict)
    causes: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    unanswered: int = 0
    is_cut_short: bool = False

    @property
    def is_in_vain(self) -> bool:
        """Say whether no question was answered: the others would not be either."""
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
class LookAtPart:
    """The step, with its ports."""

    ledger: PartLedger
    objects: PartObjects
    lookup: ReceiptLookup
    rate: RateLimiter
    side_by_side: SideBySide
    clock: Callable[[], float]

    def look(
        self, campaign: Campaign, number: int, byte: int, *, key: AccessKey, deadline: float
    ) -> tuple[PartLook, int]:
        """
        Look up a part whose batches begin at this byte; return what was found, and the next byte.

        Once the look is over, or the plan is gone, only what is known already is returned.
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
                result.causes = _new_causes(result.found, result.known)
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
        """Add what an answer says; a refusal to look a recipient up counts as an answer."""
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
        Record attempts that were believed absent, and have the campaign reported again.

        The campaign is reopened first, and both precede keeping what was found: after a crash here
        the next run asks again.
        """
        for entry, attempts in question.late(listing):
            stands = self.ledger.batch(entry.batch_id) or entry
            if listed_late(stands, attempts) == stands:
                continue
            now = self.clock()
            update(self.ledger, campaign, lambda each: each.reopened(evidence_at=now))  # noqa: B023
            update(self.ledger, stands, lambda each: listed_late(each, attempts))  # noqa: B023


def _new_causes(found: Mapping[Place, Receipt], known: Part) -> Counter[str]:
    """Count by code the texts that were not yet known to have failed."""
    return Counter(
        receipt.code or NO_CAUSE
        for place, receipt in found.items()
        if receipt.delivery is Delivery.FAILED and known.of(place).delivery is Delivery.PENDING
    )


def _positions(campaign: Campaign, number: int) -> range:
    """Return the positions of the batches of a part."""
    first = number * BATCHES_A_PART + 1
    return range(first, min(first + BATCHES_A_PART, campaign.counts.batches + 1))

"""Bugs to plant into looking receipts up: the real use case with one decision made wrongly."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from smsdrop.alibaba.send_details import Listing, LookupFailed
from smsdrop.closing.close import Close
from smsdrop.closing.receipts.look_at_part import LookAtPart, PartLook
from smsdrop.closing.receipts.look_up_receipts import LookUpReceipts
from smsdrop.closing.receipts.questions import Question
from smsdrop.closing.reports import Totals
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import update
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.part import Part, part_of_position
from smsdrop.receipts.receipt import Delivery, Receipt


class _LetsOthersCount(LookAtPart):
    """Counts other rows than the one that says most."""

    def _those_that_count(self, receipts: list[Receipt]) -> list[Receipt]:
        raise NotImplementedError

    def _take(
        self,
        campaign: Campaign,
        question: Question,
        answer: Listing | LookupFailed | None,
        result: PartLook,
    ) -> None:
        super()._take(campaign, question, answer, result)
        if isinstance(answer, Listing):
            receipts = _receipts(question, answer, campaign.looks.receipts_look)
            result.found.update((question.place, each) for each in self._those_that_count(receipts))


def _receipts(question: Question, listing: Listing, look: int) -> list[Receipt]:
    out_ids = {out_id for entry in question.entries for out_id in entry.out_ids}
    rows = (Receipt.of(row) for row in listing.rows if row.out_id in out_ids)
    return [replace(each, looks=look) for each in rows if each.delivery is not Delivery.PENDING]


class TakesTheLastWord(_LetsOthersCount):
    """Counts the row that is listed last, whatever the others say."""

    def _those_that_count(self, receipts: list[Receipt]) -> list[Receipt]:
        return receipts[-1:]


class TakesFailedForFinal(_LetsOthersCount):
    """Counts a row that says failed, though another one says delivered."""

    def _those_that_count(self, receipts: list[Receipt]) -> list[Receipt]:
        return [each for each in receipts if each.delivery is Delivery.FAILED]


class TakesNoReceiptForFailure(LookAtPart):
    """Treats recipients whom the provider does not list as not reached."""

    def _take(
        self,
        campaign: Campaign,
        question: Question,
        answer: Listing | LookupFailed | None,
        result: PartLook,
    ) -> None:
        super()._take(campaign, question, answer, result)
        if isinstance(answer, Listing) and not answer.rows:
            known = result.found[question.place]
            result.found[question.place] = replace(known, delivery=Delivery.FAILED, code="ABSENT")


class NotesBeforeItAsks(LookAtPart):
    """Records that everyone of a part was asked about before it asks."""

    def _ask_all(
        self, campaign: Campaign, asked: Iterator[Question], result: PartLook, **when: Any
    ) -> None:
        questions = list(asked)
        noted = {each.place: Receipt(looks=campaign.looks.receipts_look) for each in questions}
        for position, _ in list(noted)[:1]:
            kept = KeptReceipts(objects=self.objects, campaign_id=campaign.campaign_id)
            kept.add(part_of_position(position), Part(receipts=noted))
        super()._ask_all(campaign, iter(questions), result, **when)


class LosesLateEvidence(LookAtPart):
    """Keeps what a receipt says, but not that its attempt was accepted."""

    def _note_late(self, campaign: Campaign, question: Question, listing: Listing) -> None:
        pass


class TakesUndeliveredForUnsent(LookUpReceipts):
    """Subtracts those whom the carrier did not reach from those sent to."""

    def _look(self, campaign: Campaign, causes: Counter[str], **when: Any) -> Campaign:
        after = super()._look(campaign, causes, **when)
        failed = after.looks.undelivered - campaign.looks.undelivered
        if failed <= 0:
            return after
        counts = replace(after.counts, sent=after.counts.sent - failed)
        return update(
            self.ledger,
            after,
            lambda each: (
                each
                if each.counts == counts
                else replace(each, counts=counts, revision=each.revision + 1)
            ),
        )


class ReportsTheUndeliveredAsUnsent(Close):
    """Subtracts, in the report, those whom the carrier did not reach from those sent to."""

    def _write_summary(self, campaign: Campaign, totals: Totals) -> None:
        totals.rows[State.SENT] -= sum(totals.undelivered.values())
        super()._write_summary(campaign, totals)

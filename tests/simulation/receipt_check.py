"""The receipts of one campaign: what is kept of each recipient, held against what carriers said."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smsdrop.batches.batch import Batch, position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.ledger.campaign import Campaign
from smsdrop.receipts.canary import PATIENCE_SECONDS
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.looks import LOOKS, NO_LOOKS
from smsdrop.receipts.part import RECEIPT_PREFIX, Part, Place, parts_of
from smsdrop.receipts.receipt import Delivery, Receipt, merged
from tests.simulation.provider import Text
from tests.simulation.queue import batch_of
from tests.simulation.world import World

LAST = len(LOOKS)

LOOKS_AHEAD = PATIENCE_SECONDS // 300
"""How often the recipients who go ahead of a file are looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentTo:
    """A recipient who was sent to, according to the report."""

    phone_number: str
    place: Place
    batch_id: str
    kept: Receipt


class ReceiptCheck:
    """`sent` has the batch of each recipient that was sent to, by number, as the report says."""

    def __init__(self, world: World, campaign: Campaign, sent: Mapping[str, str]) -> None:
        self._world = world
        self._campaign = campaign
        self._texts: dict[str, list[Text]] = defaultdict(list)
        for text in world.provider.texts:
            if text.campaign_id == campaign.campaign_id:
                self._texts[text.phone_number].append(text)
        kept = self._kept()
        self._sent = [
            SentTo(phone_number=number, place=place, batch_id=sent[number], kept=kept.of(place))
            for number, place in self._places().items()
            if number in sent
        ]

    def faults(self) -> Iterator[str]:
        if not self._world.has_receipts:
            yield from self._not_left_alone()
        elif self._campaign.counts.sent:
            yield from self._unbalanced()
            for each in self._sent:
                yield from self._untrue(each)
                yield from self._unheard(each)
                yield from self._asked_too_often(each)

    def _places(self) -> dict[str, Place]:
        plan = self._world.files.objects[self._campaign.plan + BATCHES]
        batches: list[Batch] = [batch_of(each.decode()) for each in plan.splitlines()]
        return {
            number: (position_of(each.batch_id), index)
            for each in batches
            for index, number in enumerate(each.phone_numbers)
        }

    def _kept(self) -> Part:
        campaign = self._campaign
        kept = KeptReceipts(objects=self._world.files, campaign_id=campaign.campaign_id)
        whole = Part()
        for number in parts_of(campaign.counts.batches):
            whole |= kept.part(number)
        return whole

    def _not_left_alone(self) -> Iterator[str]:
        """With receipts switched off nothing is looked up, and nothing is kept."""
        if self._campaign.looks != NO_LOOKS or self._world.carrier.asked:
            yield "receipts: they are looked up though nobody wants them"
        if any(key.startswith(RECEIPT_PREFIX) for key in self._world.files.objects):
            yield "receipts: there are some though nobody wants them"

    def _unbalanced(self) -> Iterator[str]:
        """The counts are those of what is kept, and add up to all that were sent to."""
        campaign = self._campaign
        counts = campaign.looks.counts(sent=campaign.counts.sent)
        kept = Counter(each.kept.delivery for each in self._sent)
        if not counts.final:
            yield f"receipts: they are not final after {campaign.looks.receipts_looked} looks"
        if len(self._sent) != campaign.counts.sent:
            yield f"receipts: {len(self._sent)} were sent to, not {campaign.counts.sent}"
        said = (counts.delivered, counts.undelivered, counts.pending, counts.no_receipt)
        due = (kept[Delivery.DELIVERED], kept[Delivery.FAILED], 0, kept[Delivery.PENDING])
        is_last_known = campaign.looks.receipts_as_of and not campaign.looks.receipts_problem
        if is_last_known and said != due:
            yield f"receipts: they are counted as {said}, and kept as {due}"

    def _was_known_before_the_close(self, each: SentTo) -> bool:
        """Say whether those who went ahead were asked about, which is no look of the schedule."""
        is_known = each.kept.delivery is not Delivery.PENDING and not each.kept.looks
        return is_known and self._campaign.terms.canary_batches > 0

    def _untrue(self, each: SentTo) -> Iterator[str]:
        """What is kept is what one answer said, with all its rows taken together."""
        if each.kept.delivery is Delivery.PENDING:
            return
        family = {text.out_id for text in self._texts_of(each)}
        answers = self._world.carrier.answered[each.phone_number]
        said = {
            _word(merged(receipt for out_id, receipt in answer.items() if out_id in family))
            for answer in answers
        }
        if _word(each.kept) not in said:
            yield f"untrue: {each.phone_number} is down as {_word(each.kept)}, of {said}"

    def _unheard(self, each: SentTo) -> Iterator[str]:
        """Everything said before the last answered look began is known."""
        if self._is_unknowable(each) or self._was_known_before_the_close(each):
            return
        began_at = self._world.ledger.looks_began.get(self._campaign.campaign_id, {})
        if not each.kept.looks or (each.kept.delivery is Delivery.PENDING and self._is_left(each)):
            yield f"unheard: {each.phone_number} is forgotten after {each.kept.looks} looks"
            return
        by = began_at[each.kept.looks]
        for text in self._texts_of(each):
            if text.flaw or text.listed_at > by:
                continue
            told = self._world.carrier.told(text.out_id, each.phone_number, by=by)
            if _rank(told) > _rank(each.kept):
                yield f"unheard: {each.phone_number} is {each.kept}, though told {told}"
            batch_id, _, attempt = text.out_id.rpartition("-")
            entry = self._world.ledger.batch(batch_id)
            if entry is None or int(attempt) not in entry.accepted:
                yield f"evidence: {text.out_id} was listed, and is not down as accepted"

    def _is_left(self, each: SentTo) -> bool:
        return each.kept.looks < LAST and not self._campaign.looks.receipts_problem

    def _is_unknowable(self, each: SentTo) -> bool:
        """Say whether the provider had no answers about the recipient, for long or at times."""
        provider = self._world.provider
        accounts = {provider.account_id, *(text.account_id for text in self._texts_of(each))}
        return (
            provider.is_cut_off
            or self._world.carrier.forbids_until > 0
            or each.phone_number in provider.unknown_numbers
            or len(accounts) > 1
        )

    def _asked_too_often(self, each: SentTo) -> Iterator[str]:
        """
        Four times in the life of a campaign, and once more for each fault.

        Those who went ahead, also in each look at them before.
        """
        world = self._world
        times = world.carrier.asked[each.phone_number]
        campaigns = [
            campaign
            for campaign in world.ledger.campaigns()
            if each.phone_number.encode()
            in world.files.objects.get(f"{campaign.plan}{BATCHES}", b"")
        ]
        faults = world.receipts_dice.fired.total() + len(world.faulty_wire.outages)
        ahead = sum(campaign.terms.canary_batches > 0 for campaign in campaigns)
        looks = LAST * len(campaigns) + LOOKS_AHEAD * ahead
        if times > looks + faults + world.excused_repeats:
            yield f"receipts: {each.phone_number} was asked about {times} times"

    def _texts_of(self, each: SentTo) -> Iterator[Text]:
        """Yield the texts by calls for their batch, or for those that it was split from."""
        for text in self._texts[each.phone_number]:
            called = text.out_id.rpartition("-")[0]
            if each.batch_id == called or each.batch_id.startswith(f"{called}."):
                yield text


def _word(receipt: Receipt) -> tuple[Delivery, str, float]:
    return receipt.delivery, receipt.code, receipt.received_at


def _rank(receipt: Receipt) -> Delivery:
    return receipt.delivery

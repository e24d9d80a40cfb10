"""Look up what became of the batches that went ahead, and judge whether the others may follow."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from smsdrop.alibaba.signing import AccessKey
from smsdrop.closing.receipts.look_at_part import Forbidden, LookAtPart
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.codes import SUPPRESSED
from smsdrop.ledger.ports import ReadsPlaces, Writes, update
from smsdrop.ledger.splits import with_parents_evidence
from smsdrop.receipts.canary import Canary, CanaryCounts
from smsdrop.receipts.part import parts_of
from smsdrop.receipts.receipt import Delivery


class CanaryLedger(ReadsPlaces, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtCanary:
    """
    The step, with its ports.

    Findings are kept like those of any look, so that each look, also after the close, asks only
    about pending recipients.
    """

    ledger: CanaryLedger
    look_at_part: LookAtPart
    clock: Callable[[], float]

    def look(self, campaign: Campaign, *, key: AccessKey, deadline: float) -> Campaign:
        """Judge by all that is known, or not at all if the provider does not answer."""
        try:
            counts = self._counts(campaign, key=key, deadline=deadline)
        except Forbidden as error:
            code = str(error)
            return self._changed(campaign, lambda each: each.forbidden(code, at=self.clock()))
        if counts is None:
            return campaign
        least = campaign.terms.canary_percent
        return self._changed(
            campaign, lambda each: each.looked(counts, least_percent=least, at=self.clock())
        )

    def _counts(
        self, campaign: Campaign, *, key: AccessKey, deadline: float
    ) -> CanaryCounts | None:
        batches, byte = campaign.terms.canary_batches, 0
        by_delivery: Counter[Delivery] = Counter()
        for number in parts_of(batches):
            result, byte = self.look_at_part.look(
                campaign, number, byte, key=key, deadline=deadline
            )
            if result.is_in_vain:
                return None
            for each in (Delivery.DELIVERED, Delivery.FAILED):
                by_delivery[each] += result.known.count(each)
        by_state = self._recipients_by_state(campaign)
        refused = by_state[State.REFUSED]
        return CanaryCounts(
            tried=by_state[State.SENT] + by_state[State.UNCONFIRMED] + refused,
            delivered=by_delivery[Delivery.DELIVERED],
            undelivered=by_delivery[Delivery.FAILED] + refused,
        )

    def _recipients_by_state(self, campaign: Campaign) -> Counter[State]:
        """Count all but those whom a list kept from the call: they say nothing about texts."""
        last = campaign.terms.canary_batches
        found: Counter[State] = Counter()
        entries = self.ledger.entries_within(campaign.campaign_id, 1, last)
        for entry in with_parents_evidence(entries):
            if entry.code != SUPPRESSED:
                found[entry.state] += entry.recipients
        return found

    def _changed(self, campaign: Campaign, change: Callable[[Canary], Canary]) -> Campaign:
        return update(self.ledger, campaign, lambda each: each.with_canary(change(each.canary)))

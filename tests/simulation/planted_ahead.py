"""Bugs to plant where the first recipients go ahead: one decision made wrongly."""

from dataclasses import replace

from smsdrop.alibaba.signing import AccessKey
from smsdrop.closing.advance import Advance
from smsdrop.closing.receipts.look_at_canary import LookAtCanary
from smsdrop.ledger.campaign import Campaign
from smsdrop.receipts.canary import CanaryCounts


class TakesSilenceForGood(LookAtCanary):
    """Lets the others follow before it is known what became of those ahead."""

    def _counts(
        self, campaign: Campaign, *, key: AccessKey, deadline: float
    ) -> CanaryCounts | None:
        counts = LookAtCanary._counts(self, campaign, key=key, deadline=deadline)
        return counts and replace(counts, delivered=counts.tried - counts.undelivered)


class LeavesOutTheRefused(LookAtCanary):
    """Judges only by those whom the provider accepted."""

    def _counts(
        self, campaign: Campaign, *, key: AccessKey, deadline: float
    ) -> CanaryCounts | None:
        counts = LookAtCanary._counts(self, campaign, key=key, deadline=deadline)
        return counts and CanaryCounts(
            tried=counts.delivered, delivered=counts.delivered, undelivered=0
        )


class NeverSeesTheirEnd(Advance):
    """Never notices that those ahead have ended, and waits forever."""

    def _canary_ended(self, campaign: Campaign) -> Campaign:
        return campaign

"""Bugs to plant where the first recipients go ahead: one decision made wrongly."""

from dataclasses import replace

from smsdrop.alibaba.signing import AccessKey
from smsdrop.closing.advance import Advance
from smsdrop.closing.receipts.look_at_canary import LookAtCanary
from smsdrop.ledger.campaign import Campaign
from smsdrop.receipts.canary import CanaryCounts


class TakesSilenceForGood(LookAtCanary):
    """Lets the others follow though nobody knows yet what became of those ahead."""

    def _counts(
        self, campaign: Campaign, *, key: AccessKey, deadline: float
    ) -> CanaryCounts | None:
        counts = LookAtCanary._counts(self, campaign, key=key, deadline=deadline)
        return counts and replace(counts, delivered=counts.tried - counts.undelivered)


class LeavesOutTheRefused(LookAtCanary):
    """Judges by those alone whom the provider has accepted."""

    def _counts(
        self, campaign: Campaign, *, key: AccessKey, deadline: float
    ) -> CanaryCounts | None:
        counts = LookAtCanary._counts(self, campaign, key=key, deadline=deadline)
        return counts and CanaryCounts(
            tried=counts.delivered, delivered=counts.delivered, undelivered=0
        )


class NeverSeesTheirEnd(Advance):
    """Waits for good until those ahead have come to their end."""

    def _canary_ended(self, campaign: Campaign) -> Campaign:
        return campaign

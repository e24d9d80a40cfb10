"""What a person may order about a campaign."""

from typing import Protocol

from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND


class CampaignUnknown(Exception):
    """No campaign has this id; look it up in the summary or the ledger."""


class CampaignLedger(Protocol):
    def campaign(self, campaign_id: str) -> Campaign | None: ...

    def write_campaign(self, before: Campaign | None, after: Campaign) -> Campaign:
        """Write `after` if `before` still stands, and return what stands then."""
        ...


def cancel(campaign_id: str, *, ledger: CampaignLedger) -> Campaign:
    """
    Let nothing more of the campaign be sent; calls under way and attempts in doubt are settled.

    A campaign that is not being sent stays as it is. Raises `CampaignUnknown`.
    """
    campaign = ledger.campaign(campaign_id)
    if campaign is None:
        raise CampaignUnknown(campaign_id)
    while campaign.status is Status.SENDING and not campaign.halted:
        campaign = ledger.write_campaign(campaign, campaign.changed(halted=CANCELLED_BY_HAND))
    return campaign

"""Cancel a campaign."""

from typing import Protocol

from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.ports import ReadsCampaigns, Writes, update


class CampaignUnknown(Exception):
    """No campaign has this id; look it up in the summary or the ledger."""


class CancellingLedger(ReadsCampaigns, Writes, Protocol): ...


def cancel(campaign_id: str, *, ledger: CancellingLedger) -> Campaign:
    """
    Let nothing more of the campaign be sent; calls under way and attempts in doubt are settled.

    A campaign of which all has come to its end stays as it is. Raises `CampaignUnknown`.
    """
    campaign = ledger.campaign(campaign_id)
    if campaign is None:
        raise CampaignUnknown(campaign_id)
    return update(ledger, campaign, lambda each: each.halted(CANCELLED_BY_HAND))

"""
Withdraw a file by deleting or replacing it before its campaign begins.

A copy of the same bytes in its place replaces nothing: the copy is held back for the first.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import WITHDRAWN
from smsdrop.ledger.ports import ReadsCampaigns, Writes, update
from smsdrop.ports import CurrentFiles


class WithdrawingLedger(ReadsCampaigns, Writes, Protocol): ...


class Standing(Enum):
    """What has become of the file of a campaign that waits to begin."""

    CURRENT = auto()
    WITHDRAWN = auto()
    REPLACED = auto()
    """By a file that is not judged yet, and may turn out to be a copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawing:
    """The use case, with its ports."""

    ledger: WithdrawingLedger
    files: CurrentFiles

    def standing(self, campaign: Campaign) -> Standing:
        """Ask what stands in the place of its file now."""
        current = self.files.current_campaign_id(campaign.version)
        if current == campaign.campaign_id:
            return Standing.CURRENT
        if current is None:
            return Standing.WITHDRAWN
        successor = self.ledger.campaign(current)
        if successor is None or successor.status is Status.PARSING:
            return Standing.REPLACED
        is_copy = successor.is_copy_of(campaign.campaign_id)
        return Standing.CURRENT if is_copy else Standing.WITHDRAWN

    def withdraw(self, campaign: Campaign) -> Campaign:
        """Withdraw the campaign, unless it has begun by now."""
        return update(self.ledger, campaign, _withdrawn)

    def makes_way(self, campaign_id: str, successor: Campaign) -> bool:
        """Withdraw a campaign that waits, if its file is gone, or replaced by the successor's."""
        campaign = self.ledger.campaign(campaign_id)
        if campaign is None or not campaign.waits_to_begin or campaign.halt_code:
            return False
        is_replaced = self.files.current_campaign_id(campaign.version) == successor.campaign_id
        if not is_replaced and self.standing(campaign) is not Standing.WITHDRAWN:
            return False
        return self.withdraw(campaign).halt_code == WITHDRAWN


def _withdrawn(campaign: Campaign) -> Campaign:
    return campaign.halted(WITHDRAWN) if campaign.waits_to_begin else campaign

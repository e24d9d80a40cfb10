"""Bugs to plant into what closes a campaign at once: the real use cases with one wrong decision."""

from smsdrop.closing.tick import Tick, Turn
from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign
from smsdrop.ledger.ports import update
from smsdrop.ledger.splits import have_ended
from smsdrop.sending.recording import Recording


def _closing(campaign: Campaign) -> Campaign:
    return campaign.closing() if campaign.status in HAS_OPEN_BATCHES else campaign


class BelievesWhoWakes(Tick):
    """Takes a wake-up for proof that every batch has ended."""

    def wake(self, campaign_id: str, *, is_paused: bool, deadline: float) -> Turn:
        campaign = self.ledger.campaign(campaign_id)
        if campaign is not None:
            update(self.ledger, campaign, _closing)
        return super().wake(campaign_id, is_paused=is_paused, deadline=deadline)


class FailsWithTheWakeUp(Recording):
    """Lets a refused wake-up fail the message, though its batch has ended."""

    def wake_closer(self, campaign: Campaign, *, deadline: float) -> None:
        campaign_id, batches = campaign.campaign_id, campaign.counts.batches
        if have_ended(self.ledger.entries(campaign_id), campaign_id, batches=batches):
            self.closer.wake(campaign_id)

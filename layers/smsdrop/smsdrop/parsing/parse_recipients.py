"""Take a dropped file as far as it goes: a plan, and its batches on the queue, or a preview."""

from contextlib import suppress
from dataclasses import dataclass
from math import inf

from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign
from smsdrop.parsing.plan_file import PlanFile
from smsdrop.ports import Closer
from smsdrop.sending.preview import WritePreview
from smsdrop.sending.queue_plan import QueuePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseRecipients:
    plan_file: PlanFile
    queue_plan: QueuePlan
    write_preview: WritePreview
    closer: Closer

    def parse(self, version: FileVersion) -> Campaign | None:
        """Go on from where an earlier run left off; None if the file is gone without a campaign."""
        campaign = self.plan_file.plan(version)
        if campaign is None:
            return None
        campaign = self.queue_plan.queue_released(campaign, deadline=inf)
        campaign = self.write_preview.write(campaign)
        if _is_over(campaign):
            with suppress(Exception):  # the tick writes the report within a minute
                self.closer.wake(campaign.campaign_id)
        return campaign


def _is_over(campaign: Campaign) -> bool:
    """Say whether only the report is left to write, or no sender will ever end it."""
    is_empty = campaign.status in HAS_OPEN_BATCHES and not campaign.counts.batches
    return campaign.is_to_be_reported or is_empty

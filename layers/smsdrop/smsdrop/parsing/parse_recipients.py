"""Take a dropped file as far as it goes: a plan, and its batches on the queue, or a preview."""

from dataclasses import dataclass
from math import inf

from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign
from smsdrop.parsing.plan_file import PlanFile
from smsdrop.sending.preview import WritePreview
from smsdrop.sending.queue_plan import QueuePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseRecipients:
    plan_file: PlanFile
    queue_plan: QueuePlan
    write_preview: WritePreview

    def parse(self, version: FileVersion) -> Campaign | None:
        """Go on from wherever an earlier run left off; None if the file is gone without one."""
        campaign = self.plan_file.plan(version)
        if campaign is None:
            return None
        campaign = self.queue_plan.queue_released(campaign, deadline=inf)
        return self.write_preview.write(campaign)

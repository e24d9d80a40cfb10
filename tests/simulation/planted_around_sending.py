"""Bugs to plant into parsing and closing: the real use cases with one decision made wrongly."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from smsdrop.batches.plan import BATCHES, planned_batches
from smsdrop.closing.close_campaigns import CloseCampaigns
from smsdrop.drops import FileVersion, OpenFile
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.entries import Content
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.reasons import Reason


class CountsBeforeQueueing(ParseRecipients):
    """Moves the checkpoint first, and queues then."""

    def _queued(self, campaign: Campaign) -> Campaign:
        lines = self.files.lines(campaign.plan + BATCHES) if campaign.batches else iter(())
        batches = planned_batches(lines, after=0, first_byte=0)
        while few := tuple(islice(batches, self.batches_a_checkpoint)):
            campaign = self._checkpoint(campaign, few[-1])
            self.queue.send([each.message for each in few])
        return campaign


class HoldsItselfBack(ParseRecipients):
    """Takes what it wrote itself before it died for another campaign's."""

    def _unless_repeated(self, campaign: Campaign, after: Campaign, content_id: str) -> Campaign:
        mine = Content(
            content_id=content_id,
            first=campaign.campaign_id,
            expires_at=int(self.clock()) + KEPT_SECONDS,
        )
        stands = self.ledger.write_content(None, mine)
        if stands == mine:
            return after
        reason = Reason("duplicate_file", (stands.first,))
        return campaign.turned_away(reason, at=self.clock(), outcome="duplicate_file")


class JudgesAgain(ParseRecipients):
    """Judges the file anew when it is tried again, though there is a plan."""

    def _campaign(self, version: FileVersion, file: OpenFile) -> Campaign:
        campaign = super()._campaign(version, file)
        if campaign.status is Status.SENDING and not campaign.is_queued:
            return replace(campaign, status=Status.PARSING, queued=0, queued_bytes=0)
        return campaign


class LooksOnceOnly(CloseCampaigns):
    """Never looks again for what was believed absent."""

    def _is_verified(self, campaign: Campaign, has_time: Callable[[], bool]) -> bool:
        return True


class ForgetsTheWhole(CloseCampaigns):
    """Reports a part without what came to light of the batch that it was split from."""

    def _entries(self, campaign: Campaign) -> Iterator[BatchEntry]:
        if campaign.is_refused_with_plan:
            return super()._entries(campaign)
        return iter(self.ledger.entries(campaign.campaign_id))

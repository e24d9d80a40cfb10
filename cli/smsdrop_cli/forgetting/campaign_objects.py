"""Takes a person out of what the bucket keeps of one campaign; its books stay as they are."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from smsdrop.batches.first_texts import TEXTS
from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.closing.close import Close
from smsdrop.drops import report_folder, work_folder
from smsdrop.ledger.campaign import Campaign
from smsdrop.sending.preview import PREVIEW
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.forgetting.dropped_file import file_has_them
from smsdrop_cli.forgetting.marker import Marker
from smsdrop_cli.forgetting.versions import Version, content_of, delete_replaced, versions

WORKBOOK = ".xlsx"


class OpenedAgain(Exception):
    """Another process changed the campaign, and perhaps wrote its report from the old plan."""


@dataclass(frozen=True, kw_only=True)
class CampaignObjects:
    """The plans and the report of a campaign that has ended."""

    stack: Stack
    marker: Marker
    close: Close

    def has_them(self, plan: Version) -> bool:
        """Say whether a version of a plan's object contains the person."""
        if plan.key.endswith(ROWS):
            return self.marker.marked_rows_file(content_of(self.stack, plan))[1] > 0
        if plan.key.endswith(BATCHES):
            return self.marker.marked_batches_file(content_of(self.stack, plan))[1] > 0
        return False

    def forget(self, campaign: Campaign) -> int:
        """
        Mark the plans, write the report from them, and delete the replaced versions for good.

        The plans' replaced versions go last: after a crash, the next run finds the campaign by
        them. If another process has marked the plans meanwhile, the report is written from those
        again. Return how many rows were marked; raises `OpenedAgain`.
        """
        folder = work_folder(campaign.campaign_id)
        stands, rows = self._mark_plans(campaign, folder)
        while True:
            if campaign.plan + ROWS in stands:
                self.close.write_anew(campaign)
            before = stands
            stands, _ = self._mark_plans(campaign, folder)
            if stands == before:
                break
        if self.stack.ledger.campaign(campaign.campaign_id) != campaign:
            raise OpenedAgain
        delete_replaced(self.stack, report_folder(campaign.key, campaign.campaign_id))
        delete_replaced(self.stack, folder)
        return rows

    def left_in_report(self, campaign: Campaign) -> Iterator[str]:
        """Yield the keys in the report's folder that contain the person."""
        for each in versions(self.stack, report_folder(campaign.key, campaign.campaign_id)):
            content = content_of(self.stack, each)
            if each.key.endswith(WORKBOOK):
                has_them = file_has_them(BytesIO(content), self.marker)
            else:
                has_them = self.marker.is_in(content.decode(errors="ignore"))
            if has_them:
                yield each.key

    def _mark_plans(self, campaign: Campaign, folder: str) -> tuple[dict[str, str], int]:
        """Return the ETag of each object of the plans, and how many rows were marked."""
        stands: dict[str, str] = {}
        rows = 0
        for each in sorted(versions(self.stack, folder), key=lambda each: each.key):
            if each.is_latest and each.key.endswith(BATCHES):
                mark = partial(self._marked_batches, campaign, each.key.removesuffix(BATCHES))
                stands[each.key], _ = self._replace(each.key, mark)
            elif each.is_latest and each.key.endswith(ROWS):
                stands[each.key], changed = self._replace(each.key, self.marker.marked_rows_file)
                rows += changed
        return stands, rows

    def _marked_batches(self, campaign: Campaign, plan: str, content: bytes) -> tuple[bytes, int]:
        """Mark the first texts before the batches, which show if the person's is among them."""
        after, changed, is_first = self.marker.marked_batches_file(content)
        if is_first:
            report = report_folder(campaign.key, campaign.campaign_id)
            self._replace(plan + TEXTS, self._marked_texts)
            self._replace(report + PREVIEW, self._marked_texts)
        return after, changed

    def _marked_texts(self, content: bytes) -> tuple[bytes, int]:
        if not content:
            return content, 0
        members = json.loads(content)
        members["texts"] = [self.marker.mark for _ in members["texts"]]
        after = json.dumps(members, ensure_ascii=False, indent=2).encode() + b"\n"
        return after, int(after != content)

    def _replace(self, key: str, change: Callable[[bytes], tuple[bytes, int]]) -> tuple[str, int]:
        """Change an object, again if it was written meanwhile; return its ETag."""
        while True:
            content, mark = self.stack.objects.content(key)
            after, changed = change(content)
            if not changed:
                return mark, 0
            if stored := self.stack.objects.put_over(key, after, mark=mark):
                return stored, changed

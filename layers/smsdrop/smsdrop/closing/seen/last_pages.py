"""
Write a campaign's last pages, with what its report says, and put it on the list.

The same plan and entries give the same bytes: the pages bear the time of the campaign's end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from smsdrop.closing.reports import Totals
from smsdrop.closing.seen.page_failed import PageFailed, no_one
from smsdrop.drops import report_folder
from smsdrop.json_text import to_json
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.entries import EndedCampaign
from smsdrop.ledger.ports import Writes, update
from smsdrop.pages.figures import REPORT_PAGE, STATUS_PAGE, Figures, status_of, status_page
from smsdrop.pages.first_text import first_text_of
from smsdrop.pages.progress import Progress
from smsdrop.pages.report_html import report_html
from smsdrop.ports import Objects

LISTED_SECONDS = 7 * 24 * 3600
"""Our choice: how long a campaign that has ended stays on the list."""

FAILURES_TO_GO_ON = 1
"""Our choice: if pages cannot be written, the report waits until the next tick, no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPages:
    """The use case, with its ports; `page_failed` is called when pages are given up."""

    ledger: Writes
    objects: Objects
    language: str
    price_per_segment: Decimal | None = None
    page_failed: PageFailed = no_one

    def write(self, campaign: Campaign, totals: Totals, *, files: Sequence[str]) -> None:
        """Write them before the campaign is closed: if that fails, they are written again."""
        try:
            self._list(campaign, self.write_pages(campaign, totals, files=files))
        except Exception as error:
            if campaign.failures < FAILURES_TO_GO_ON:
                raise
            self.page_failed(campaign.campaign_id, error)

    def write_pages(
        self, campaign: Campaign, totals: Totals, *, files: Sequence[str]
    ) -> dict[str, Any]:
        """Write only the pages, and return what the list says of the campaign."""
        ended_at = campaign.finished_at or campaign.started_at
        figures = Figures(
            campaign=campaign,
            progress=Progress(
                ends=totals.rows, minutes=totals.minutes, codes=dict(sorted(totals.codes.items()))
            ),
            written_at=ended_at,
            first_text=first_text_of(campaign.plan, self.objects),
            rejected=totals.rejected_by_reason(),
            sent_twice=totals.sent_twice,
            receipts=totals.receipts,
            undelivered=totals.undelivered,
            price_per_segment=self.price_per_segment,
        )
        status = status_of(figures, language=self.language)
        report = report_html(figures, language=self.language, files=files)
        folder = report_folder(campaign.key, campaign.campaign_id)
        for name, content in ((REPORT_PAGE, report.encode()), (STATUS_PAGE, status_page(status))):
            with self.objects.new_object(folder + name) as stream:
                stream.write(content)
        return status

    def _list(self, campaign: Campaign, status: dict[str, Any]) -> None:
        """Put it on the list; one that was reported before is there already."""
        ended = EndedCampaign(
            of_campaign=campaign.campaign_id,
            shown=to_json(status).decode(),
            expires_at=int(campaign.finished_at or campaign.started_at) + LISTED_SECONDS,
        )
        stands = self.ledger.write(None, ended)
        if stands.shown != ended.shown:
            update(self.ledger, stands, partial(_as_of, ended))


def _as_of(ended: EndedCampaign, stands: EndedCampaign) -> EndedCampaign:
    if stands.shown == ended.shown:
        return stands
    return replace(ended, revision=stands.revision + 1, unknown=stands.unknown)

"""
Show how far open campaigns have come: each one's pages, and the list of all.

A write replaces only the page whose mark is known, and the campaign is read after that mark, so
that a closer's last pages are never overwritten:

    tick                                closer
    knows the mark of status.json
    reads the campaign: it is open
                                        writes the last pages, closes it
    writes over that mark: refused
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from smsdrop.closing.seen.page_failed import PageFailed, no_one
from smsdrop.drops import report_folder
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.ports import ReadsCampaigns, ReadsRanges
from smsdrop.pages.figures import REPORT_PAGE, STATUS_PAGE, Figures, status_of, status_page
from smsdrop.pages.first_text import NO_TEXT, FirstText, first_text_of
from smsdrop.pages.progress import progress_of
from smsdrop.pages.report_html import report_html
from smsdrop.pages.sampling import MOST_ENTRIES
from smsdrop.ports import Objects, Pages
from smsdrop.reasons import Reason
from smsdrop.sending.preview import earliest_begin, waits_for

SHOWN = (Status.PARSING, Status.PLANNED, Status.HELD, Status.SENDING)
"""For other campaigns the last pages are written, or about to be."""

STOPPED = Reason("waits_stack")

JUST_HELD_SECONDS = 180
"""Our choice: how long calls that were under way may still take to end."""

HELD_SECONDS = 900
"""Our choice: how often it is counted again later, since an answer may be that late."""

LONGEST_SECONDS = 30
"""Our choice: how long a tick writes pages; the next tick does the others."""


class PagesLedger(ReadsCampaigns, ReadsRanges, Protocol): ...


class PagesBucket(Objects, Pages, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """
    What a sandbox remembers of a campaign's pages: their marks by name, and what they show.

    `made_from` is all that they were made from except the time, which was `counted_at`; `since` is
    when the campaign's entry was first seen as it is.
    """

    figures: Figures
    marks: Mapping[str, str]
    made_from: str
    status: Mapping[str, Any]
    counted_at: float
    since: float


@dataclass(slots=True)
class WrittenPages:
    """What a sandbox remembers, so that unchanged pages are not written again."""

    of: dict[str, Page] = field(default_factory=dict)

    def forget_all_but(self, campaign_ids: Collection[str]) -> None:
        for campaign_id in self.of.keys() - set(campaign_ids):
            del self.of[campaign_id]

    def statuses(self) -> list[Mapping[str, Any]]:
        return [each.status for _, each in sorted(self.of.items())]


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePages:
    """The use case, with its ports; `page_failed` is called when a page is not written."""

    ledger: PagesLedger
    objects: PagesBucket
    clock: Callable[[], float]
    language: str
    price_per_segment: Decimal | None = None
    page_failed: PageFailed = no_one
    written: WrittenPages = field(default_factory=WrittenPages)

    def write(self, campaigns: Iterable[Campaign], *, is_paused: bool) -> None:
        """
        Write the pages of the open campaigns; a failure is left to the next tick.

        Campaigns with fewer batches come first, and leave the reads they do not need to the others.
        """
        until, left = self.clock() + LONGEST_SECONDS, MOST_ENTRIES
        shown = [each for each in campaigns if each.status in SHOWN]
        shown.sort(key=lambda each: (each.counts.batches, each.campaign_id))
        for number, campaign in enumerate(shown):
            if self.clock() >= until:
                break
            most = max(1, left // (len(shown) - number))
            try:
                left -= self._write(campaign, most, is_paused=is_paused)
            except Exception as error:  # noqa: BLE001 - it must not keep others from being shown
                self.page_failed(campaign.campaign_id, error)

    def _write(self, campaign: Campaign, most: int, *, is_paused: bool) -> int:
        """Write one campaign's pages, and return how many entries were read for that."""
        campaign_id = campaign.campaign_id
        folder = report_folder(campaign.key, campaign_id)
        before = self.written.of.get(campaign_id)
        if before and self._is_still(before, campaign):
            return 0
        marks = before.marks if before else self._marks(folder)
        stands = self.ledger.campaign(campaign_id)
        if stands is None or stands.status not in SHOWN:
            return 0
        first_text = before.figures.first_text if before else NO_TEXT
        figures, read = self._figures(stands, first_text, most, is_paused=is_paused)
        page = self._page(figures, marks, before)
        if before and page.made_from == before.made_from:
            page = replace(page, status=before.status)
        else:
            self.written.of.pop(campaign_id, None)  # if cut short, it is written again
            page = replace(page, marks=self._put(folder, page))
        if all(page.marks.values()):
            self.written.of[campaign_id] = page
        return read

    def _marks(self, folder: str) -> dict[str, str]:
        return {name: self.objects.mark_of(folder + name) for name in (REPORT_PAGE, STATUS_PAGE)}

    def _put(self, folder: str, page: Page) -> dict[str, str]:
        """Write both pages; stop if another run has written meanwhile, perhaps the last ones."""
        report = report_html(page.figures, language=self.language, files=())
        contents = {REPORT_PAGE: report.encode(), STATUS_PAGE: status_page(page.status)}
        marks = dict.fromkeys(contents, "")
        for name, content in contents.items():
            marks[name] = self.objects.put_over(folder + name, content, mark=page.marks[name])
            if not marks[name]:
                break
        return marks

    def _is_still(self, before: Page, campaign: Campaign) -> bool:
        """Say whether it is not being sent, has not changed, and was counted not long ago."""
        if campaign.status is Status.SENDING or campaign != before.figures.campaign:
            return False
        is_new = before.counted_at < before.since + JUST_HELD_SECONDS
        return not is_new and self.clock() < before.counted_at + HELD_SECONDS

    def _figures(
        self, campaign: Campaign, first_text: FirstText, most: int, *, is_paused: bool
    ) -> tuple[Figures, int]:
        if first_text == NO_TEXT:
            first_text = first_text_of(campaign.plan, self.objects)
        progress, read = progress_of(campaign, self.ledger, most=most)
        is_stopped = is_paused and campaign.status is Status.SENDING
        now = self.clock()
        figures = Figures(
            campaign=campaign,
            progress=progress,
            written_at=now,
            waits_for=STOPPED if is_stopped else _waits_for(campaign, now),
            is_stopped=is_stopped,
            first_text=first_text,
            price_per_segment=self.price_per_segment,
        )
        return figures, read

    def _page(self, figures: Figures, marks: Mapping[str, str], before: Page | None) -> Page:
        status = status_of(figures, language=self.language)
        is_same = before and before.figures.campaign == figures.campaign
        timeless = replace(figures, written_at=0), {**status, "written_at": ""}
        return Page(
            figures=figures,
            marks=marks,
            made_from=repr(timeless),
            status=status,
            counted_at=figures.written_at,
            since=before.since if before and is_same else figures.written_at,
        )


def _waits_for(campaign: Campaign, now: float) -> Reason | None:
    is_held = campaign.status is Status.HELD or campaign.held_for
    if not is_held or campaign.halt_code:
        return None
    return waits_for(campaign, earliest_begin(campaign.terms, now))

"""Bugs to plant into what people see: the real use cases with one decision made wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from smsdrop.closing.close import Close
from smsdrop.closing.reports import Totals
from smsdrop.closing.seen.last_pages import LastPages
from smsdrop.closing.seen.write_pages import Page, WritePages
from smsdrop.ledger.campaign import Campaign


class WritesOverAnything(WritePages):
    """Writes a page though somebody else may have written it since the campaign was read."""

    def _put(self, folder: str, page: Page) -> dict[str, str]:
        return super()._put(folder, replace(page, marks=self._marks(folder)))


@dataclass(frozen=True, slots=True, kw_only=True)
class GivesUpAtOnce(LastPages):
    """Closes a campaign at once though its pages could not be written."""

    def write(self, campaign: Campaign, totals: Totals, *, files: Sequence[str]) -> None:
        given_up = replace(self, page_failed=lambda *_: None)
        LastPages.write(given_up, replace(campaign, failures=1), totals, files=files)


class ClosesUnseen(Close):
    def _last_pages(self) -> LastPages:
        usual = super()._last_pages()
        return GivesUpAtOnce(ledger=usual.ledger, objects=usual.objects, language=usual.language)

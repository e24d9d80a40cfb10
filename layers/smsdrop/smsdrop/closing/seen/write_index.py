"""List the campaigns that are open, and those that have ended in the last days."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smsdrop.closing.seen.page_failed import PageFailed, no_one
from smsdrop.closing.seen.write_pages import STOPPED
from smsdrop.drops import REPORT_PREFIX
from smsdrop.ledger.ports import ReadsEnded
from smsdrop.pages.index_html import index_html
from smsdrop.ports import Objects

INDEX = f"{REPORT_PREFIX}index.html"

MOST_LISTED = 50
"""Our choice: how many ended campaigns are listed; reading them takes a few read units."""


@dataclass(slots=True)
class WrittenIndex:
    """What a sandbox remembers of the list's content: it is written only if that changes."""

    made_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteIndex:
    """The use case, with its ports."""

    ledger: ReadsEnded
    objects: Objects
    clock: Callable[[], float]
    language: str
    page_failed: PageFailed = no_one
    written: WrittenIndex = field(default_factory=WrittenIndex)

    def write(self, open_ones: Sequence[Mapping[str, Any]], *, is_paused: bool) -> None:
        """Write the list unless nothing has changed; a failure is left to the next tick."""
        try:
            self._write(open_ones, is_paused=is_paused)
        except Exception as error:  # noqa: BLE001 - nothing waits for it
            self.page_failed(INDEX, error)

    def _write(self, open_ones: Sequence[Mapping[str, Any]], *, is_paused: bool) -> None:
        now = self.clock()
        open_ids = {each["campaign_id"] for each in open_ones}
        ended = [
            json.loads(each.shown)
            for each in self.ledger.ended_campaigns(MOST_LISTED)
            if each.of_campaign not in open_ids and each.expires_at > now
        ]
        timeless = [{**each, "written_at": ""} for each in open_ones]
        made_from = repr((timeless, ended, is_paused))
        if made_from == self.written.made_from:
            return
        page = index_html(
            open_ones,
            ended,
            language=self.language,
            is_stopped=is_paused,
            stopped_text=STOPPED.text(self.language),
            written_at=now,
        )
        with self.objects.new_object(INDEX) as stream:
            stream.write(page.encode())
        self.written.made_from = made_from

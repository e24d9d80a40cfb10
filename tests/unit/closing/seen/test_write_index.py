"""The list of all campaigns is written when its content has changed."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from smsdrop.closing.seen.write_index import INDEX, WriteIndex, WrittenIndex
from smsdrop.json_text import to_json
from smsdrop.ledger.entries import EndedCampaign
from smsdrop.pages.figures import status_of
from tests.support.fakes import FakeFiles, FakeLedger
from tests.support.gateway_caller import Clock
from tests.support.page_scenes import closed, running
from tests.support.samples import NOW

GOING = {**status_of(running(), language="en"), "campaign_id": "20260102T030405Z-00000000000000aa"}
OVER = status_of(closed(), language="en")


@dataclass(slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    written: WrittenIndex = field(default_factory=WrittenIndex)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def write(self, *open_ones: dict[str, Any], is_paused: bool = False) -> str:
        """Return the list if it was written, else nothing."""
        self.files.objects.pop(INDEX, None)
        WriteIndex(
            ledger=self.ledger,
            objects=self.files,
            clock=self.clock,
            language="en",
            page_failed=lambda what, error: self.failed.append((what, type(error).__name__)),
            written=self.written,
        ).write(open_ones, is_paused=is_paused)
        return self.files.objects.get(INDEX, b"").decode()

    def ends(self, shown: dict[str, Any], *, expires_at: float = NOW + 100) -> None:
        self.ledger.write(
            None,
            EndedCampaign(
                of_campaign=shown["campaign_id"],
                shown=to_json(shown).decode(),
                expires_at=int(expires_at),
            ),
        )


@pytest.fixture
def site() -> Site:
    return Site()


def test_it_lists_what_is_open_and_what_has_ended(site: Site) -> None:
    site.ends(OVER)

    html = site.write(GOING)

    assert GOING["campaign_id"] in html.replace("<wbr>", "")
    assert OVER["campaign_id"] in html.replace("<wbr>", "")


def test_it_is_not_written_where_only_time_has_passed(site: Site) -> None:
    site.write(GOING)

    assert site.write({**GOING, "written_at": "2026-01-02T03:01:00Z"}) == ""


@pytest.mark.parametrize(
    ("changes", "is_paused"),
    [
        pytest.param({"sent": 7}, False, id="more were sent"),
        pytest.param({}, True, id="the stack is paused"),
    ],
)
def test_it_is_written_once_it_says_something_else(
    site: Site, changes: dict[str, Any], is_paused: bool
) -> None:
    site.write(GOING)

    assert site.write({**GOING, **changes}, is_paused=is_paused)


def test_what_has_ended_is_listed_for_some_days(site: Site) -> None:
    site.ends(OVER, expires_at=NOW)

    assert OVER["campaign_id"] not in site.write().replace("<wbr>", "")


def test_what_is_reported_again_is_listed_once(site: Site) -> None:
    site.ends(OVER)

    html = site.write({**OVER, "status": "sending", "outcome": ""})

    assert html.count('class="campaign"') == 1


def test_that_it_fails_is_told_and_it_is_written_the_next_time(site: Site) -> None:
    site.ledger.stored["ended", "x"] = EndedCampaign(of_campaign="x", shown="{", expires_at=1 << 40)

    assert site.write(GOING) == ""
    assert site.failed == [(INDEX, "JSONDecodeError")]

    del site.ledger.stored["ended", "x"]
    assert site.write(GOING)

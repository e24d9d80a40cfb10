"""Each minute the pages of open campaigns are written, over the versions they replace only."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from smsdrop.closing.seen.write_pages import (
    HELD_SECONDS,
    JUST_HELD_SECONDS,
    LONGEST_SECONDS,
    WritePages,
    WrittenPages,
)
from smsdrop.drops import report_folder
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.pages.figures import REPORT_PAGE, STATUS_PAGE
from smsdrop.pages.sampling import LEAST_READ, MOST_ENTRIES
from smsdrop.reasons import Reason
from tests.support.fakes import FakeFiles, FakeLedger
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of, campaign, changed

OTHER_ID = "20260102T030405Z-00000000000000aa"


class CountingLedger(FakeLedger):
    """Counts the entries that are read for pages; `before_campaign` may interfere."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0
        self.before_campaign: Callable[[], None] = lambda: None

    def campaign(self, campaign_id: str) -> Campaign | None:
        self.before_campaign()
        return super().campaign(campaign_id)

    def entries_between(
        self, campaign_id: str, first: int, last: int, *, most: int
    ) -> list[BatchEntry]:
        found = super().entries_between(campaign_id, first, last, most=most)
        self.read += max(LEAST_READ, len(found))
        return found


class CountingFiles(FakeFiles):
    """Remembers what was put, and refuses the keys that a test names."""

    def __init__(self) -> None:
        super().__init__()
        self.put: list[str] = []
        self.failing = ""
        self.before_put: Callable[[], None] = lambda: None

    def put_over(self, key: str, content: bytes, *, mark: str) -> str:
        if self.failing and self.failing in key:
            raise OSError(key)
        self.before_put()
        self.put.append(key.rpartition("/")[2])
        return super().put_over(key, content, mark=mark)


@dataclass(slots=True)
class Site:
    files: CountingFiles = field(default_factory=CountingFiles)
    ledger: CountingLedger = field(default_factory=CountingLedger)
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    written: WrittenPages = field(default_factory=WrittenPages)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def campaign(self, *, batches: int = 2, **changes: Any) -> Campaign:
        counts = Counts(rows=batches, accepted=batches, batches=batches)
        fields = {"counts": counts, "released": batches, **changes}
        return self.ledger.write(None, campaign(**fields))

    def ended(self, position: int, state: State = State.SENT) -> None:
        entry = untouched(batch_of(1, position=position), at=NOW)
        self.ledger.write(None, replace(entry, state=state, ended_at=NOW, revision=1))

    def write(self, *campaigns: Campaign, is_paused: bool = False) -> None:
        use_case = WritePages(
            ledger=self.ledger,
            objects=self.files,
            clock=self.clock,
            language="en",
            page_failed=lambda what, error: self.failed.append((what, type(error).__name__)),
            written=self.written,
        )
        use_case.write(campaigns, is_paused=is_paused)

    def status(self, campaign: Campaign) -> dict[str, Any]:
        folder = report_folder(campaign.key, campaign.campaign_id)
        shown: dict[str, Any] = json.loads(self.files.objects[folder + STATUS_PAGE])
        return shown

    def report(self, campaign: Campaign) -> str:
        folder = report_folder(campaign.key, campaign.campaign_id)
        return self.files.objects[folder + REPORT_PAGE].decode()


@pytest.fixture
def site() -> Site:
    return Site()


def test_the_pages_say_how_far_a_campaign_has_come(site: Site) -> None:
    sent = site.campaign(batches=4)
    site.ended(1)

    site.write(sent)

    assert (site.status(sent)["sent"], site.status(sent)["pending"]) == (1, 3)
    assert "25 %" in site.report(sent)
    assert site.failed == []


def test_they_are_written_again_once_there_is_more_to_say(site: Site) -> None:
    sent = site.campaign(batches=4)
    site.write(sent)
    site.ended(1)
    site.clock.now += 60

    site.write(sent)

    assert site.status(sent)["sent"] == 1
    assert site.files.put == [REPORT_PAGE, STATUS_PAGE] * 2


def test_what_would_say_the_same_is_not_written(site: Site) -> None:
    sent = site.campaign(batches=4)
    site.write(sent)
    site.clock.now += 60

    site.write(sent)

    assert site.files.put == [REPORT_PAGE, STATUS_PAGE]


def minutes(site: Site, campaign: Campaign, count: float) -> None:
    for _ in range(int(count)):
        site.clock.now += 60
        site.write(campaign)


def test_what_is_held_is_neither_written_nor_counted_each_minute(site: Site) -> None:
    held = site.campaign(status=Status.HELD, held_for="window")
    site.write(held)
    minutes(site, held, JUST_HELD_SECONDS / 60)
    read = site.ledger.read

    minutes(site, held, HELD_SECONDS / 60 - 1)

    assert site.ledger.read == read
    assert site.files.put == [REPORT_PAGE, STATUS_PAGE]


def test_what_was_under_way_when_it_was_held_is_counted(site: Site) -> None:
    held = site.campaign(status=Status.HELD, held_for="window")
    site.write(held)
    site.ended(1)

    minutes(site, held, 1)

    assert site.status(held)["sent"] == 1


def test_what_is_held_is_counted_again_now_and_then(site: Site) -> None:
    held = site.campaign(status=Status.HELD, held_for="window")
    site.write(held)
    minutes(site, held, JUST_HELD_SECONDS / 60)
    site.ended(1)

    minutes(site, held, HELD_SECONDS / 60)

    assert site.status(held)["sent"] == 1


def test_what_holds_it_is_said_at_once_and_what_to_do(site: Site) -> None:
    sending = site.campaign()
    site.write(sending)
    held = site.ledger.write(
        sending, changed(sending, status=Status.HELD, held_for="paused", paused_by="AWS:A")
    )

    site.write(held)

    assert site.status(held)["held_for"] == "paused"
    assert f"orders/resume/{CAMPAIGN_ID}" in site.status(held)["waits_for"]


def test_a_file_that_waits_for_lists_says_so_before_it_is_judged(site: Site) -> None:
    problem = Reason("list_of_no_numbers", ("optout.csv", "2", "3"))
    waiting = site.campaign(status=Status.PARSING, plan="", held_for="lists", problems=(problem,))

    site.write(waiting)

    assert site.status(waiting)["held_for"] == "lists"
    assert "suppressed/" in site.status(waiting)["waits_for"]
    page = site.report(waiting)
    assert problem.text() in page
    assert "on hold" in page


def test_while_the_stack_is_paused_that_is_what_it_waits_for(site: Site) -> None:
    sent = site.campaign()

    site.write(sent, is_paused=True)

    assert "orders/resume/stack" in site.status(sent)["waits_for"]
    assert site.status(sent)["seconds_left"] is None


def test_what_a_closer_has_written_meanwhile_stays(site: Site) -> None:
    sent = site.campaign()
    site.write(sent)
    site.ended(1)
    key = report_folder(sent.key, CAMPAIGN_ID)

    def close() -> None:
        site.files.before_put = lambda: None
        site.files.objects[key + REPORT_PAGE] = b"the last report"
        site.files.objects[key + STATUS_PAGE] = b"the last status"

    site.files.before_put = close
    site.write(sent)

    assert site.files.objects[key + STATUS_PAGE] == b"the last status"
    assert site.files.objects[key + REPORT_PAGE] == b"the last report"
    assert site.failed == []


def test_nothing_is_written_over_last_pages_that_are_found(site: Site) -> None:
    """The marks are looked up before the campaign is read: it is closed by then."""
    sent = site.campaign()
    key = report_folder(sent.key, CAMPAIGN_ID)
    site.files.objects[key + STATUS_PAGE] = b"the last status"
    site.ledger.write(sent, changed(sent, status=Status.CLOSED))

    site.write(sent)

    assert site.files.put == []


def test_a_campaign_that_is_closed_right_after_it_was_read_keeps_its_last_pages(
    site: Site,
) -> None:
    sent = site.campaign()
    key = report_folder(sent.key, CAMPAIGN_ID)

    def close_afterwards() -> None:
        site.files.objects[key + REPORT_PAGE] = b"the last report"

    site.ledger.before_campaign = close_afterwards
    site.write(sent)

    assert site.files.objects[key + REPORT_PAGE] == b"the last report"
    assert STATUS_PAGE not in site.files.put


def test_after_another_has_written_the_next_tick_looks_anew(site: Site) -> None:
    sent = site.campaign()
    key = report_folder(sent.key, CAMPAIGN_ID)
    site.write(sent)
    site.files.objects[key + REPORT_PAGE] = b"of another tick"
    site.ended(1)
    site.write(sent)

    site.write(sent)

    assert site.status(sent)["sent"] == 1
    assert "50 %" in site.report(sent)


def test_one_whose_page_fails_keeps_no_other_from_being_shown(site: Site) -> None:
    first = site.campaign(batches=1)
    other = site.campaign(campaign_id=OTHER_ID)
    site.files.failing = CAMPAIGN_ID

    site.write(first, other)

    assert site.failed == [(CAMPAIGN_ID, "OSError")]
    assert site.status(other)["campaign_id"] == OTHER_ID


def test_what_failed_is_written_by_the_next_tick(site: Site) -> None:
    sent = site.campaign()
    site.files.failing = STATUS_PAGE
    site.write(sent)
    site.files.failing = ""

    site.write(sent)

    assert site.status(sent)["status"] == "sending"


@pytest.mark.parametrize("status", [Status.CLOSING, Status.CLOSED, Status.REFUSED])
def test_what_a_closer_writes_the_last_pages_of_is_left_to_that(site: Site, status: Status) -> None:
    site.write(site.campaign(status=status))

    assert site.files.put == []


def test_all_that_are_open_share_what_may_be_read_in_a_minute(site: Site) -> None:
    batches = MOST_ENTRIES
    large = site.campaign(batches=batches)
    others = [
        site.campaign(campaign_id=f"20260102T030405Z-{each:016x}", batches=batches)
        for each in range(3)
    ]
    for position in range(1, batches + 1):
        site.ended(position)

    site.write(large, *others)

    assert site.ledger.read <= MOST_ENTRIES
    assert site.status(large)["is_estimate"]
    assert site.status(large)["percent"] == 100


def test_what_the_time_does_not_reach_is_left_to_the_next_tick(site: Site) -> None:
    first, other = site.campaign(batches=1), site.campaign(campaign_id=OTHER_ID)

    def dawdle() -> None:
        site.clock.now += LONGEST_SECONDS

    site.files.before_put = dawdle
    site.write(first, other)

    assert site.files.put == [REPORT_PAGE, STATUS_PAGE]
    assert site.failed == []

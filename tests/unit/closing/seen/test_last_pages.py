"""The last pages say what the report says; a failure holds the report up once at the most."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from smsdrop.closing.reports import RESULTS, SUMMARY, Totals
from smsdrop.closing.seen.last_pages import LISTED_SECONDS, LastPages
from smsdrop.drops import report_folder
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.entries import EndedCampaign
from smsdrop.pages.figures import REPORT_PAGE, STATUS_PAGE
from smsdrop.reasons import Reason
from tests.support.fakes import FakeFiles, FakeLedger
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

FILES = (RESULTS, SUMMARY)
COUNTS = Counts(rows=4, accepted=3, rejected=1, batches=2, sent=2, refused=1)


def totals() -> Totals:
    found = Totals(finished_at=NOW)
    found.rows.update({State.SENT: 2, State.REFUSED: 1})
    found.codes["isv.MOBILE_NUMBER_ILLEGAL"] = 1
    found.minutes[int(NOW // 60)] = 2
    found.add_rejected(Reason("phone_length", ("4",)))
    return found


@dataclass(slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def write(self, closed: Campaign, *, files: Sequence[str] = FILES) -> None:
        LastPages(
            ledger=self.ledger,
            objects=self.files,
            language="en",
            page_failed=lambda what, error: self.failed.append((what, type(error).__name__)),
        ).write(closed, totals(), files=files)

    def page(self, name: str) -> str:
        return self.files.objects[report_folder(ENDED.key, CAMPAIGN_ID) + name].decode()

    def listed(self) -> list[dict[str, Any]]:
        return [json.loads(each.shown) for each in self.ledger.ended_campaigns(10)]


ENDED = campaign(
    status=Status.CLOSED, outcome="completed", counts=COUNTS, finished_at=NOW, is_open=False
)


@pytest.fixture
def site() -> Site:
    return Site()


def test_they_say_what_became_of_all(site: Site) -> None:
    site.write(ENDED)

    status = json.loads(site.page(STATUS_PAGE))
    assert (status["sent"], status["refused"], status["pending"]) == (2, 1, 0)
    assert (status["percent"], status["is_estimate"], status["seconds_left"]) == (100, False, 0)
    assert (status["status"], status["outcome"]) == ("closed", "completed")
    assert Reason("phone_length", ("4",)).text("en") in site.page(REPORT_PAGE)


def test_they_lead_to_the_other_files(site: Site) -> None:
    site.write(ENDED)
    assert f'href="./{RESULTS}"' in site.page(REPORT_PAGE)

    site.write(ENDED, files=[SUMMARY])
    assert f'href="./{RESULTS}"' not in site.page(REPORT_PAGE)


def test_the_same_books_give_the_same_bytes(site: Site) -> None:
    site.write(ENDED)
    before = dict(site.files.objects)

    site.write(ENDED)

    assert site.files.objects == before


def test_a_campaign_that_has_ended_is_on_the_list_for_some_days(site: Site) -> None:
    site.write(ENDED)

    [entry] = site.ledger.all_of(EndedCampaign)
    assert entry.expires_at == int(NOW) + LISTED_SECONDS
    assert [each["sent"] for each in site.listed()] == [2]


def test_one_that_had_nothing_to_send_is_listed_by_when_it_was_taken_up(site: Site) -> None:
    site.write(replace(ENDED, finished_at=0, started_at=NOW))

    [entry] = site.ledger.all_of(EndedCampaign)
    assert entry.expires_at == int(NOW) + LISTED_SECONDS


def test_what_is_reported_again_is_listed_as_it_is_then(site: Site) -> None:
    site.write(ENDED)
    site.write(ENDED)
    site.write(replace(ENDED, outcome="halted"))

    assert [each["outcome"] for each in site.listed()] == ["halted"]


def test_pages_that_fail_are_tried_again_with_the_report_and_then_given_up(site: Site) -> None:
    broken = replace(ENDED, reason=Reason("duplicate_file"))  # a sentence without its details

    with pytest.raises(IndexError):
        site.write(broken)
    assert site.failed == []

    site.write(replace(broken, failures=1))
    assert site.failed == [(CAMPAIGN_ID, "IndexError")]

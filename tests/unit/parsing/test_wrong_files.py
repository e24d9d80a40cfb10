"""A file with too much wrong is refused as a whole, and its report says why, row by row."""

import csv
import json
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

import pytest

from smsdrop.closing.reports import RESULTS, SUMMARY, UNSENT_ROWS
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.parsing.plan_file import Defaults
from smsdrop.reasons import Reason
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW, phone_numbers

PATH = "incoming/SMS_154950909/云通信/july.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Parsing and closing among their fakes."""

    files: FakeFiles
    ledger: FakeLedger
    queue: FakeQueue
    clock: Clock

    def parse(self, content: str, **defaults: Any) -> Campaign:
        use_case = use_cases.parse_recipients(
            self.files,
            self.ledger,
            self.queue,
            clock=self.clock,
            defaults=Defaults(**defaults),
        )
        campaign = use_case.parse(self.files.drop(PATH, content.encode()))
        assert campaign is not None
        return campaign

    def close(self, campaign: Campaign) -> Campaign:
        tick = use_cases.tick(self.files, self.ledger, self.queue, clock=self.clock)
        return tick.advance.advance(campaign, is_paused=False, deadline=use_cases.PLENTY)

    def report(self, name: str) -> str:
        [content] = (each for key, each in self.files.objects.items() if key.endswith(f"/{name}"))
        return content.decode("utf-8-sig")


@pytest.fixture
def site() -> Site:
    return Site(files=FakeFiles(), ledger=FakeLedger(), queue=FakeQueue(), clock=Clock(NOW))


def rows(*, good: int, bad: int) -> str:
    numbers = [*phone_numbers(good), *["oops"] * bad]
    return "phone,name\n" + "".join(f"{each},张三\n" for each in numbers)


@pytest.mark.parametrize(
    ("good", "bad", "percent", "refused"),
    [
        pytest.param(8, 2, 20, False, id="as many as are allowed"),
        pytest.param(79, 21, 20, True, id="one over"),
        pytest.param(99, 1, 0, True, id="none are allowed"),
        pytest.param(100, 0, 0, False, id="none are allowed, and none there"),
        pytest.param(0, 3, 100, False, id="all are allowed"),
        pytest.param(0, 1, 99.9, True, id="all there is"),
    ],
)
def test_a_file_with_too_many_rejected_rows_is_refused(
    site: Site, good: int, bad: int, percent: float, refused: bool
) -> None:
    campaign = site.parse(rows(good=good, bad=bad), max_rejected_percent=percent)

    assert (campaign.status is Status.REFUSED) == refused
    assert bool(site.queue.messages) == (bool(good) and not refused)


def test_the_refusal_says_how_many_rows_are_wrong(site: Site) -> None:
    campaign = site.parse(rows(good=3, bad=1))

    assert campaign.reason == Reason("too_many_rejected", ("1", "4", "20"))
    assert campaign.outcome == "refused"


def test_its_report_has_every_row_and_balances(site: Site) -> None:
    campaign = site.parse(rows(good=2, bad=1) + "+86 13800000000,again\n")

    closed = site.close(campaign)

    summary = json.loads(site.report(SUMMARY))
    results = list(csv.DictReader(StringIO(site.report(RESULTS))))
    unsent = list(csv.DictReader(StringIO(site.report(UNSENT_ROWS))))
    assert (closed.status, closed.is_open) == (Status.REFUSED, False)
    assert "1 of 4 rows cannot be sent to" in summary["reason"]
    assert summary["rows"] == summary["accepted"] + summary["duplicates"] + summary["rejected"] == 4
    assert summary["accepted"] == summary["cancelled"] == 2
    assert (summary["status"], summary["calls"]) == ("refused", 0)
    statuses = [each["smsdrop_status"] for each in results]
    assert statuses == ["cancelled"] * 2 + ["rejected", "duplicate"]
    assert [each["phone"] for each in unsent] == [*phone_numbers(2), "oops"]


def test_its_report_is_the_same_when_it_is_written_again(site: Site) -> None:
    campaign = site.parse(rows(good=3, bad=1))
    closed = site.close(campaign)
    first = dict(site.files.objects)
    site.clock.now += 100

    site.close(replace(closed, is_open=True))

    assert site.files.objects == first


@pytest.mark.parametrize(
    ("good", "refused"),
    [pytest.param(5, False, id="as many as are allowed"), pytest.param(6, True, id="one over")],
)
def test_a_file_of_too_many_rows_is_refused(site: Site, good: int, refused: bool) -> None:
    content = rows(good=good, bad=0).replace("\n", "\n\n")

    campaign = site.parse(content, max_rows=5)

    assert (campaign.reason == Reason("too_many_rows", ("5",))) == refused
    assert bool(site.queue.messages) != refused


def test_the_mended_rows_of_a_refused_file_can_be_sent(site: Site) -> None:
    site.close(site.parse(rows(good=3, bad=1)))
    mended = site.report(UNSENT_ROWS).replace("oops", "13900139000")

    campaign = site.parse(mended)

    assert (campaign.counts.accepted, campaign.counts.rejected) == (4, 0)
    assert [each.phone_numbers for each in site.queue.batches] == [
        (*phone_numbers(3), "13900139000")
    ]

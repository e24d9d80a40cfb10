"""A file that could not be judged is taken up again, until it can be or is too old."""

from dataclasses import dataclass, field

import pytest

from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.parsing.give_up_parsing import GiveUpParsing
from smsdrop.parsing.retry_parsing import (
    FIRST_DELAY_SECONDS,
    LISTS_DELAY_SECONDS,
    LONGEST_DELAY_SECONDS,
    RetryParsing,
    delay_seconds,
)
from smsdrop.reasons import Reason
from smsdrop.sending.suppression.standing import ListsUnusable
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW

MAX_AGE_SECONDS = 13 * 24 * 3600
KEY = "incoming/SMS_154950909/云通信/july.csv"


@dataclass(frozen=True, slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    queue: FakeQueue = field(default_factory=FakeQueue)

    def drop(self, content: str = "手机号,name\n13800138000,张三\n") -> FileVersion:
        return self.files.drop(KEY, content.encode())

    def retry(self, version: FileVersion, *, age: float) -> Campaign | None:
        clock = Clock(NOW + age)
        parse = use_cases.parse_recipients(self.files, self.ledger, self.queue, clock=clock)
        use_case = RetryParsing(
            parse_recipients=parse,
            give_up_parsing=GiveUpParsing(bucket=self.files, ledger=self.ledger, clock=clock),
            clock=clock,
            max_age_seconds=MAX_AGE_SECONDS,
        )
        return use_case.retry(version, failed_at=NOW)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.mark.parametrize(
    "age",
    [
        pytest.param(0, id="at once"),
        pytest.param(24 * 3600, id="after a day"),
        pytest.param(MAX_AGE_SECONDS, id="at the last moment"),
    ],
)
def test_a_file_is_sent_however_long_it_could_not_be_judged(site: Site, age: float) -> None:
    campaign = site.retry(site.drop(), age=age)

    assert campaign is not None
    assert campaign.status is Status.SENDING
    assert len(site.queue.messages) == 1


def test_a_file_that_is_too_old_is_given_up(site: Site) -> None:
    campaign = site.retry(site.drop(), age=MAX_AGE_SECONDS + 1)

    assert campaign is not None
    assert (campaign.status, campaign.reason) == (Status.REFUSED, Reason("parsing_failed"))
    assert site.queue.messages == []


def test_a_fault_of_the_file_ends_it_as_ever(site: Site) -> None:
    campaign = site.retry(site.drop(""), age=1)

    assert campaign is not None
    assert campaign.reason == Reason("file_empty")


@pytest.mark.parametrize(
    ("receive_count", "seconds"),
    [
        pytest.param(1, FIRST_DELAY_SECONDS, id="first"),
        pytest.param(2, 2 * FIRST_DELAY_SECONDS, id="second"),
        pytest.param(3, 4 * FIRST_DELAY_SECONDS, id="third"),
        pytest.param(9, 256 * FIRST_DELAY_SECONDS, id="the last that grows"),
        pytest.param(10, LONGEST_DELAY_SECONDS, id="the longest"),
        pytest.param(100_000, LONGEST_DELAY_SECONDS, id="far beyond"),
    ],
)
def test_a_file_rests_longer_each_time(receive_count: int, seconds: int) -> None:
    assert delay_seconds(receive_count) == seconds


@pytest.mark.parametrize(
    ("receive_count", "seconds"),
    [
        pytest.param(1, FIRST_DELAY_SECONDS, id="first"),
        pytest.param(100_000, LISTS_DELAY_SECONDS, id="far beyond"),
    ],
)
def test_a_file_that_waits_for_a_list_to_be_mended_is_soon_tried_again(
    receive_count: int, seconds: int
) -> None:
    assert delay_seconds(receive_count, ListsUnusable(())) == seconds
    assert delay_seconds(100_000, ValueError()) == LONGEST_DELAY_SECONDS


def test_a_file_that_fails_always_is_tried_a_dozen_times_a_day_at_most() -> None:
    day = 24 * 3600

    assert day / LONGEST_DELAY_SECONDS <= 12

"""A file whose parsing fails for good is refused; one with a plan goes on without a parser."""

from dataclasses import dataclass, field

import pytest

from smsdrop.aws.sqs import QueueUnavailable
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.parsing.give_up_parsing import GiveUpParsing
from smsdrop.reasons import Reason
from smsdrop.sending.queue_plan import STALLED_SECONDS
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeQueue, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW

KEY = "incoming/SMS_154950909/云通信/july.csv"


class Killed(BaseException):
    """The sandbox is gone."""


@dataclass(frozen=True, slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    queue: FakeQueue = field(default_factory=FakeQueue)
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def drop(self) -> FileVersion:
        return self.files.drop(KEY, "手机号,name\n13800138000,张三\n".encode())

    def parse(self, version: FileVersion) -> Campaign | None:
        use_case = use_cases.parse_recipients(self.files, self.ledger, self.queue, clock=self.clock)
        return use_case.parse(version)

    def fail_before_the_plan(self, version: FileVersion) -> None:
        def killed(entry: object) -> None:
            if isinstance(entry, Campaign) and entry.status is Status.PLANNED:
                raise Killed

        self.ledger.before_write = killed
        with pytest.raises(Killed):
            self.parse(version)
        self.ledger.before_write = nothing

    def fail_after_the_plan(self, version: FileVersion) -> None:
        self.queue.room = 0
        with pytest.raises(QueueUnavailable):
            self.parse(version)
        self.queue.room = None

    def give_up(self, version: FileVersion) -> Campaign | None:
        use_case = GiveUpParsing(bucket=self.files, ledger=self.ledger, clock=self.clock)
        return use_case.give_up(version)


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_file_whose_parsing_failed_for_good_is_refused(site: Site) -> None:
    version = site.drop()
    site.fail_before_the_plan(version)

    campaign = site.give_up(version)

    assert campaign is not None
    assert (campaign.status, campaign.reason) == (Status.REFUSED, Reason("parsing_failed"))
    assert site.queue.messages == []
    assert site.parse(version) == campaign


def test_a_file_that_no_run_has_begun_is_refused_too(site: Site) -> None:
    campaign = site.give_up(site.drop())

    assert campaign is not None
    assert (campaign.status, campaign.reason) == (Status.REFUSED, Reason("parsing_failed"))


def test_a_file_that_has_its_plan_is_queued_by_the_tick(site: Site) -> None:
    version = site.drop()
    site.fail_after_the_plan(version)

    given_up = site.give_up(version)
    assert given_up is not None
    assert given_up.status is Status.SENDING
    site.clock.now += STALLED_SECONDS + 1
    tick = use_cases.tick(site.files, site.ledger, site.queue, clock=site.clock)
    [turn] = tick.run(is_paused=False, deadline=use_cases.PLENTY)

    assert turn.campaign is not None
    assert turn.campaign.is_queued
    assert len(site.queue.messages) == 1


def test_giving_up_what_was_queued_whole_changes_nothing(site: Site) -> None:
    version = site.drop()
    campaign = site.parse(version)

    assert site.give_up(version) == campaign


def test_a_file_that_is_gone_ends_its_campaign_if_there_is_one(site: Site) -> None:
    version, unknown = site.drop(), site.drop()
    site.fail_before_the_plan(version)
    for each in (version, unknown):
        site.files.delete(each)

    assert site.give_up(unknown) is None
    campaign = site.give_up(version)
    assert campaign is not None
    assert (campaign.status, campaign.reason) == (Status.REFUSED, Reason("file_gone"))


def test_a_file_that_cannot_be_read_is_given_up_all_the_same(site: Site) -> None:
    version = site.drop()
    site.files.unreadable[version] = Reason("file_archived")

    campaign = site.give_up(version)

    assert campaign is not None
    assert (campaign.status, campaign.reason) == (Status.REFUSED, Reason("parsing_failed"))

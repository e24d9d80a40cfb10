"""An order finds what it is about, is followed once, and is answered in the bucket."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, PAUSED_BY_HAND
from smsdrop.operations.answers import Answer
from smsdrop.operations.follow_order import LOOKS, FollowOrder
from smsdrop.operations.orders import Order
from smsdrop.operations.pausing import Pausing
from tests.support.fakes import FakeFiles, FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW, campaign, changed

LATER_ID = "20260102T040506Z-0123456789abcdef"
PATH = "SMS_154950909/云通信/july.csv"


@dataclass(slots=True)
class Site:
    """The use case with what it reaches; `during_sleep` is what happens between two looks."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    files: FakeFiles = field(default_factory=FakeFiles)
    during_sleep: Callable[[], object] = nothing
    slept: list[float] = field(default_factory=list)

    def give(self, name: str, what: str, *, at: float = NOW, mark: str = "m", **by: str) -> Answer:
        order = Order(name=name, what=what, mark=mark, at=at, **by)
        return self.use_case.follow(order)

    @property
    def use_case(self) -> FollowOrder:
        clock = Clock(NOW + 1)
        pausing = Pausing(ledger=self.ledger, switch=self, topic=self, clock=clock)
        return FollowOrder(
            ledger=self.ledger,
            answers=self.files,
            pausing=pausing,
            clock=clock,
            sleep=self.sleep,
            language="en",
        )

    def turn(self, *, on: bool) -> None: ...

    def lets_through(self) -> bool:
        return True

    def notify(self, subject: str, text: str) -> bool:
        raise AssertionError(f"an order notifies nobody: {subject}: {text}")

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.during_sleep()

    def written(self) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.files.objects.values()]

    def campaign(self, campaign_id: str = CAMPAIGN_ID) -> Campaign:
        found = self.ledger.campaign(campaign_id)
        assert found is not None
        return found


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def sending(site: Site) -> Site:
    site.ledger.write(None, campaign())
    return site


@pytest.mark.parametrize("what", [CAMPAIGN_ID, PATH, f"incoming/{PATH}"])
def test_a_campaign_is_found_by_its_id_and_by_the_path_of_its_file(
    sending: Site, what: str
) -> None:
    answer = sending.give("cancel", what)

    assert sending.campaign().halt_code == CANCELLED_BY_HAND
    assert answer.said[0].code == "order_cancelled"
    [written] = sending.written()
    assert written["answer"] == answer.fields("en")["answer"]
    assert sending.slept == []


def test_a_campaign_that_is_not_there_is_said_to_be_unknown(sending: Site) -> None:
    before = dict(sending.ledger.stored)

    answer = sending.give("cancel", LATER_ID)

    assert answer.said[0].code == "order_campaign_unknown"
    assert LATER_ID in sending.written()[0]["error"]
    assert sending.ledger.stored == before


def test_of_several_open_campaigns_of_a_file_none_is_changed_and_each_is_named(
    sending: Site,
) -> None:
    sending.ledger.write(None, campaign(campaign_id=LATER_ID))
    before = dict(sending.ledger.stored)

    answer = sending.give("cancel", PATH)

    assert answer.said[0].code == "order_ambiguous"
    assert answer.said[0].details == (CAMPAIGN_ID, LATER_ID)
    assert sending.ledger.stored == before


@pytest.mark.parametrize(
    "over",
    [
        pytest.param({"status": Status.CLOSED, "outcome": "completed"}, id="closed"),
        pytest.param({"halt_code": CANCELLED_BY_HAND}, id="cancelled"),
    ],
)
def test_of_a_file_that_was_dropped_again_the_running_campaign_is_meant(
    site: Site, over: dict[str, Any]
) -> None:
    site.ledger.write(None, campaign(**over))
    site.ledger.write(None, campaign(campaign_id=LATER_ID))

    answer = site.give("pause", PATH, principal="AWS:AIDAA")

    assert answer.said[0].code == "order_paused"
    assert site.campaign(LATER_ID).paused_by == "AWS:AIDAA"


def test_of_a_file_whose_campaigns_have_ended_the_last_is_told_of(site: Site) -> None:
    site.ledger.write(None, campaign(status=Status.CLOSED, outcome="halted"))
    site.ledger.write(
        None, campaign(campaign_id=LATER_ID, status=Status.CLOSED, outcome="completed")
    )

    answer = site.give("cancel", PATH)

    assert answer.said[0].details == (LATER_ID, "completed")


def test_the_campaign_of_a_file_that_was_just_dropped_is_waited_for(site: Site) -> None:
    site.during_sleep = lambda: site.ledger.write(None, campaign(status=Status.PARSING))

    answer = site.give("cancel", PATH)

    assert answer.said[0].code == "order_cancelled"
    assert len(site.slept) == 1


def test_a_file_of_which_no_campaign_is_open_is_looked_for_a_few_times(sending: Site) -> None:
    answer = sending.give("cancel", "SMS_154950909/云通信/june.csv")

    assert answer.said[0].code == "order_file_unknown"
    assert len(sending.slept) == LOOKS - 1


@pytest.mark.parametrize(
    ("name", "what", "code"),
    [
        ("stop", PATH, "order_unknown"),
        ("", "", "order_unknown"),
        ("cancel", "", "order_without_what"),
    ],
)
def test_what_cannot_be_understood_changes_nothing_and_is_answered(
    sending: Site, name: str, what: str, code: str
) -> None:
    before = dict(sending.ledger.stored)

    sending.give(name, what)

    assert [each["code"] for each in sending.written()] == [code]
    assert sending.ledger.stored == before


def test_an_order_counts_as_it_was_when_it_was_written(sending: Site) -> None:
    before = sending.campaign()

    def cancelled_by_another(_: object) -> None:
        sending.ledger.before_write = nothing
        sending.ledger.write(before, changed(before, halt_code="isv.SMS_TEMPLATE_ILLEGAL"))

    sending.ledger.before_write = cancelled_by_another

    answer = sending.give("pause", CAMPAIGN_ID)

    assert answer.said[0].code == "order_halted"
    assert answer.campaign == sending.campaign()
    assert sending.campaign().paused_by == ""


def test_an_event_that_comes_again_after_a_resume_changes_nothing_nor_the_first_answer(
    sending: Site,
) -> None:
    sending.give("pause", PATH, at=NOW, mark="a", principal="AWS:AIDAA")
    sending.give("resume", PATH, at=NOW + 1, mark="b", principal="AWS:AIDAA")
    resumed, answers = sending.campaign(), dict(sending.files.objects)

    sending.give("pause", PATH, at=NOW, mark="a", principal="AWS:AIDAA")
    sending.give("resume", PATH, at=NOW + 1, mark="b", principal="AWS:AIDAA")

    assert sending.campaign() == resumed
    assert sending.files.objects == answers
    assert [each["code"] for each in sending.written()] == ["order_paused", "order_resumed"]


def test_a_resumed_campaign_that_still_waits_says_for_what(sending: Site) -> None:
    paused = sending.campaign()
    waiting = replace(paused.terms, start_at=NOW + 3600)
    held = changed(
        paused, status=Status.HELD, held_for="paused", paused_by="AWS:AIDAA", terms=waiting
    )
    sending.ledger.write(paused, held)

    answer = sending.give("resume", PATH)

    assert [each.code for each in answer.said] == ["order_resumed", "order_held_start"]


def test_the_whole_stack_is_paused_and_resumed(site: Site) -> None:
    paused = site.give("pause", "stack", mark="a", principal="AWS:AIDAA")
    stands = site.ledger.pause()
    resumed = site.give("resume", "stack", at=NOW + 1, mark="b")

    assert (stands.paused, stands.code, stands.by) == (True, PAUSED_BY_HAND, "AWS:AIDAA")
    assert not site.ledger.pause().paused
    codes = [each.said[0].code for each in (paused, resumed)]
    assert codes == ["order_stack_paused", "order_stack_resumed"]
    assert [each["paused"] for each in site.written()] == [True, False]


def test_an_order_by_payload_is_answered_at_the_time_it_came(sending: Site) -> None:
    answer = sending.give("pause", CAMPAIGN_ID, at=0)

    assert (answer.at, sending.campaign().paused_by) == (NOW + 1, "by hand")

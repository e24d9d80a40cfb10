"""A plan's batches are queued up to what is released, from wherever an earlier run left off."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from smsdrop.batches.batch import position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.gate import PAUSED, after_order
from smsdrop.ledger.ports import update
from smsdrop.ledger.terms import Gate
from smsdrop.sending import queue_plan
from smsdrop.sending.queue_plan import STALLED_SECONDS
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of, campaign
from tests.support.use_cases import PLENTY

PLAN = "work/plan/"
COUNT = 25


@dataclass(frozen=True, slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    queue: FakeQueue = field(default_factory=FakeQueue)
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def plan(self, *, size: int = 1, **changes: Any) -> Campaign:
        lines = [batch_of(size, position=each).to_json() for each in range(1, COUNT + 1)]
        self.files.objects[PLAN + BATCHES] = "".join(f"{each}\n" for each in lines).encode()
        fields = {"status": Status.PLANNED, "counts": Counts(batches=COUNT), "queued_at": NOW}
        return self.ledger.write(None, campaign(**{"plan": PLAN, **fields, **changes}))

    def use_case(self, **settings: Any) -> queue_plan.QueuePlan:
        settings = {"batches_per_checkpoint": 10, **settings}
        return use_cases.queue_plan(
            self.files, self.ledger, self.queue, clock=self.clock, **settings
        )

    def positions(self) -> list[int]:
        return [position_of(each.batch_id) for each in self.queue.batches]


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_plan_is_released_and_queued_whole(site: Site) -> None:
    campaign = site.use_case().queue_released(site.plan(), deadline=PLENTY)

    assert (campaign.status, campaign.released, campaign.queued) == (Status.SENDING, COUNT, COUNT)
    assert site.positions() == [*range(1, COUNT + 1)]
    assert site.ledger.campaign(campaign.campaign_id) == campaign


def test_nothing_is_queued_past_what_the_gate_lets_through(site: Site) -> None:
    use_case = site.use_case(gate=lambda _campaign, now: Gate(upto=7 if now == NOW else 12))

    campaign = use_case.queue_released(site.plan(), deadline=PLENTY)
    assert site.positions() == [*range(1, 8)]
    site.clock.now += 1
    campaign = use_case.queue_released(campaign, deadline=PLENTY)

    assert (campaign.released, campaign.queued) == (12, 12)
    assert site.positions() == [*range(1, 13)]


def test_a_gate_that_closes_takes_no_release_back(site: Site) -> None:
    released = site.use_case(gate=lambda *_: Gate(upto=7)).queue_released(
        site.plan(), deadline=PLENTY
    )

    campaign = site.use_case(gate=lambda *_: Gate(upto=3)).queue_released(released, deadline=PLENTY)

    assert (campaign.released, campaign.queued) == (7, 7)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"halt_code": "smsdrop.Cancelled"}, id="cancelled"),
        pytest.param({"status": Status.HELD, "held_for": "paused", "paused_by": "me"}, id="held"),
        pytest.param({"status": Status.CLOSED}, id="closed"),
        pytest.param({"status": Status.REFUSED}, id="refused"),
    ],
)
def test_what_may_not_go_is_neither_released_nor_queued(
    site: Site, changes: dict[str, Any]
) -> None:
    before = site.plan(**changes)

    assert site.use_case().queue_released(before, deadline=PLENTY) == before
    assert site.queue.messages == []


def test_a_campaign_that_is_held_meanwhile_is_queued_no_further(site: Site) -> None:
    def held(_: object) -> None:
        stands = site.ledger.campaign(CAMPAIGN_ID)
        assert stands is not None
        if stands.status is Status.SENDING:
            site.ledger.write(stands, stands.paused("me", reason=PAUSED))

    site.queue.before_send = held

    campaign = site.use_case().queue_released(site.plan(), deadline=PLENTY)

    assert (campaign.status, campaign.queued) == (Status.HELD, 10)
    assert site.positions() == [*range(1, 11)]


def test_no_checkpoint_is_begun_after_the_deadline(site: Site) -> None:
    def slow(_: object) -> None:
        site.clock.now += 10

    site.queue.before_send = slow

    campaign = site.use_case().queue_released(site.plan(), deadline=NOW + 15)

    assert campaign.queued == 20
    assert site.use_case().queue_released(campaign, deadline=PLENTY).queued == COUNT
    assert site.positions() == [*range(1, COUNT + 1)]


@pytest.mark.parametrize(
    ("seconds", "queued"), [(STALLED_SECONDS, 0), (STALLED_SECONDS + 1, COUNT)]
)
def test_the_tick_leaves_queueing_to_a_run_that_may_still_be_at_it(
    site: Site, seconds: float, queued: int
) -> None:
    before = site.plan()
    site.clock.now += seconds

    assert site.use_case().resume(before, deadline=PLENTY).queued == queued


def test_long_messages_are_queued_by_fewer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is queued between two checkpoints is in memory."""
    sizes = []

    def weigh(messages: Any) -> None:
        sizes.append(sum(map(len, messages)))

    site.queue.before_send = weigh
    before = site.plan(size=100)
    longest = max(map(len, site.files.objects[PLAN + BATCHES].decode().splitlines()))
    monkeypatch.setattr(queue_plan, "CHARACTERS_PER_CHECKPOINT", 3 * longest)

    campaign = site.use_case(batches_per_checkpoint=1000).queue_released(before, deadline=PLENTY)

    assert campaign.is_queued
    assert len(sizes) > 1
    assert max(sizes) <= 4 * longest


def test_a_message_that_the_queue_refuses_is_not_behind_the_checkpoint(site: Site) -> None:
    refused: list[Sequence[str]] = []

    def refuse_the_second(messages: Any) -> None:
        refused.append(messages)
        if len(refused) == 2:
            raise ConnectionError

    site.queue.before_send = refuse_the_second
    before = site.plan()
    with pytest.raises(ConnectionError):
        site.use_case().queue_released(before, deadline=PLENTY)

    stands = site.ledger.campaign(before.campaign_id)
    assert stands is not None
    assert stands.queued == 10
    assert site.files.objects[PLAN + BATCHES][: stands.queued_bytes].count(b"\n") == 10


def test_what_was_held_is_queued_at_once_when_its_gate_opens(site: Site) -> None:
    """Any other run that queued has stopped since."""
    held = site.plan(status=Status.HELD, held_for="start", queued_at=NOW)

    campaign = site.use_case().resume(held, deadline=PLENTY)

    assert campaign.queued == COUNT


def test_a_run_that_has_queued_since_the_gate_opened_is_left_alone(site: Site) -> None:
    going = site.plan(status=Status.SENDING, released=COUNT, opened_at=NOW - 1, queued_at=NOW)

    assert site.use_case().resume(going, deadline=PLENTY) == going
    assert site.queue.messages == []


def test_what_a_person_has_resumed_is_queued_by_the_next_tick(site: Site) -> None:
    """The order opens the gate, and nothing was queued since."""
    paused = site.plan(status=Status.HELD, paused_by="somebody", released=10, queued_at=NOW - 1)
    resumed = update(
        site.ledger, paused, lambda each: after_order(each, Campaign.resumed, site.clock())
    )

    campaign = site.use_case().resume(resumed, deadline=PLENTY)

    assert resumed.status is Status.SENDING
    assert campaign.queued == COUNT

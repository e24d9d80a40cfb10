"""A batch whose gate is closed is forgotten: nobody is called, and nothing is written."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from smsdrop.alibaba.answers import NO_ANSWER
from smsdrop.alibaba.signing import AccessKey
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.campaign import Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.terms import Terms
from smsdrop.sending.deferral import Done
from tests.support.samples import KEY, NOW, batch_of
from tests.support.sending_scene import RELEASED, Scene

BATCH = batch_of(3)
HELD: dict[str, Any] = {"status": Status.HELD, "held_for": "paused"}


@pytest.fixture
def scene() -> Scene:
    return Scene.new()


class Rate:
    """Counts the shares that were taken of it."""

    def __init__(self) -> None:
        self.shares = 0

    def acquire(self, *, deadline: float) -> bool:
        self.shares += 1
        return True

    def seconds_to_next(self) -> float:
        return 0

    def space(self, *, deadline: float) -> bool:
        return True

    def adapt(self, *, throttled: bool) -> None:
        pass


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(HELD, id="held"),
        pytest.param({"closes_at": NOW}, id="closed by now"),
        pytest.param({"released": 0}, id="not released"),
    ],
)
@pytest.mark.parametrize("entry", [None, State.WAITING], ids=["new", "waiting"])
def test_a_batch_whose_gate_is_closed_is_forgotten(
    scene: Scene, changes: dict[str, Any], entry: State | None
) -> None:
    scene.change_campaign(**changes)
    if entry:
        scene.ledger.write(None, replace(untouched(BATCH, at=NOW), revision=1))
    stands = scene.ledger.snapshot(BATCH.batch_id).batch

    assert scene.deliver(BATCH) is None
    assert scene.ledger.snapshot(BATCH.batch_id).batch == stands
    assert scene.provider.calls == []


def test_up_to_the_released_batch_all_are_called(scene: Scene) -> None:
    last, next_one = batch_of(1, position=RELEASED), batch_of(1, position=RELEASED + 1)

    assert (scene.deliver(last), scene.deliver(next_one)) == (None, None)
    assert len(scene.provider.calls) == 1


def test_the_right_to_call_ends_when_the_gate_closes(scene: Scene) -> None:
    scene.change_campaign(closes_at=NOW + 2)
    claims = []
    scene.provider.during_call = lambda: claims.append(scene.entry(BATCH))

    scene.deliver(BATCH)

    assert [each.call_before for each in claims] == [NOW + 2]


def test_a_sender_frozen_past_the_closing_does_not_call(scene: Scene) -> None:
    scene.change_campaign(closes_at=NOW + 2)

    def frozen() -> AccessKey:
        scene.clock.now += 2.5
        return KEY

    scene.keys.on_current = [lambda: KEY, frozen]

    assert scene.deliver(BATCH) is not None
    assert scene.provider.calls == []


def test_what_is_in_doubt_is_settled_though_the_campaign_is_held(scene: Scene) -> None:
    scene.provider.will_answer(NO_ANSWER)
    assert scene.deliver(BATCH) is not None
    scene.change_campaign(**HELD)
    scene.clock.now = scene.entry(BATCH).settle_after + 1

    scene.deliver(BATCH)

    assert scene.state(BATCH) is not State.SENDING


def too_old(scene: Scene) -> None:
    scene.change_campaign(**HELD)
    scene.clock.now += 14 * 24 * 3600


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        pytest.param(
            lambda scene: scene.change_campaign(**HELD, halt_code=CANCELLED_BY_HAND),
            State.CANCELLED,
            id="cancelled",
        ),
        pytest.param(too_old, State.CANCELLED, id="too old"),
    ],
)
def test_what_is_not_to_be_sent_any_more_is_ended_though_it_is_held(
    scene: Scene, ends: Callable[[Scene], object], state: State
) -> None:
    ends(scene)

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is state


def test_the_age_of_a_batch_counts_from_its_campaigns_start(scene: Scene) -> None:
    scene.change_campaign(terms=Terms(start_at=NOW + 10 * 24 * 3600))
    scene.clock.now += 22 * 24 * 3600

    assert scene.deliver(BATCH) is None
    assert scene.state(BATCH) is State.SENT


def test_a_held_campaign_costs_one_share_of_the_rate_and_one_more_once_it_goes_on(
    scene: Scene,
) -> None:
    rate = Rate()
    use_case = replace(scene.use_case, rate=rate, held=set())
    scene.change_campaign(**HELD)
    batches = [batch_of(1, position=place) for place in range(1, 6)]

    def deliver(place: int) -> object:
        return use_case.deliver(batches[place], receive_count=1, deadline=NOW + 60)

    assert [deliver(place) for place in range(4)] == [Done(entry=None)] * 4
    assert rate.shares == 1
    scene.change_campaign(status=Status.SENDING)
    assert isinstance(deliver(4), Done)
    assert (rate.shares, len(scene.provider.calls)) == (2, 1)

"""The sender that ends a small campaign's last batch wakes the closer; nothing depends on that."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from smsdrop.alibaba.answers import NO_ANSWER
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.sending.recording import FEW_BATCHES, WAKE_SECONDS
from tests.support.samples import CAMPAIGN_ID, batch_of
from tests.support.sending_scene import PLENTY_SECONDS, SETTLED_SECONDS, Scene

FIRST, SECOND = batch_of(3), batch_of(2, position=2)


class AwsRefuses(Exception):
    """A read that is not allowed, or a function that may not be invoked."""


def refuses(*_: object) -> Any:
    raise AwsRefuses


def scene_of(batches: int, **changes: object) -> Scene:
    scene = Scene.new()
    scene.change_campaign(counts=Counts(batches=batches), **changes)
    return scene


@pytest.fixture
def scene() -> Scene:
    return scene_of(2)


def reads_of_all(scene: Scene) -> list[str]:
    """Return a list to which every look at all entries is added."""
    read: list[str] = []
    entries = scene.ledger.entries

    def noted(campaign_id: str) -> Iterator[BatchEntry]:
        read.append(campaign_id)
        return entries(campaign_id)

    scene.ledger.entries = noted  # type: ignore[method-assign] # the same, and noted
    return read


def test_who_ends_the_last_batch_wakes_the_closer_once(scene: Scene) -> None:
    scene.deliver(SECOND)
    woken_before_the_last = list(scene.closer.woken)

    assert scene.deliver(FIRST) is None
    assert scene.deliver(FIRST, receive_count=2) is None

    assert woken_before_the_last == []
    assert scene.closer.woken == [CAMPAIGN_ID]


def test_the_closer_is_woken_once_the_end_stands_in_the_ledger() -> None:
    scene = scene_of(1)
    states: list[State] = []
    scene.closer.before_wake = lambda _: states.append(scene.state(FIRST))

    scene.deliver(FIRST)

    assert states == [State.SENT]


@pytest.mark.parametrize(
    ("batches", "reads"),
    [
        pytest.param(0, 0, id="a campaign that counts none"),
        pytest.param(1, 1, id="one"),
        pytest.param(FEW_BATCHES, 1, id="the most"),
        pytest.param(FEW_BATCHES + 1, 0, id="one over"),
    ],
)
def test_of_a_large_campaign_nothing_more_is_read(batches: int, reads: int) -> None:
    scene = scene_of(batches)
    read = reads_of_all(scene)

    scene.deliver(FIRST)

    assert len(read) == reads


def test_a_batch_that_was_split_has_ended_with_its_last_part() -> None:
    scene = scene_of(1)
    scene.provider.bad_numbers = frozenset(FIRST.phone_numbers[:1])

    scene.deliver(FIRST)
    woken_by_the_split = list(scene.closer.woken)
    scene.deliver_all_that_is_queued()

    assert woken_by_the_split == []
    assert scene.closer.woken == [CAMPAIGN_ID]


def test_who_cancels_the_last_batch_wakes_the_closer() -> None:
    scene = scene_of(1, halt_code=CANCELLED_BY_HAND)

    scene.deliver(FIRST)

    assert scene.state(FIRST) is State.CANCELLED
    assert scene.closer.woken == [CAMPAIGN_ID]


def test_who_settles_the_last_batch_wakes_the_closer() -> None:
    scene = scene_of(1)
    scene.provider.will_answer(NO_ANSWER, texts=True)
    scene.deliver(FIRST)
    woken_in_doubt = list(scene.closer.woken)
    scene.clock.now += SETTLED_SECONDS + 1

    scene.deliver(FIRST, receive_count=2)

    assert (woken_in_doubt, scene.state(FIRST)) == ([], State.SENT)
    assert scene.closer.woken == [CAMPAIGN_ID]


@pytest.mark.parametrize("status", [Status.CLOSING, Status.CLOSED])
def test_for_a_campaign_that_is_closed_or_about_to_be_nobody_is_woken(status: Status) -> None:
    scene = scene_of(1)
    scene.deliver(FIRST)
    scene.closer.woken.clear()
    scene.use_case.recording.woken.clear()
    scene.change_campaign(status=status)

    scene.deliver(FIRST, receive_count=2)

    assert scene.closer.woken == []


def test_a_closer_that_cannot_be_woken_fails_no_message() -> None:
    scene = scene_of(1)
    scene.closer.before_wake = refuses

    assert scene.deliver(FIRST) is None
    assert scene.state(FIRST) is State.SENT


def test_a_look_at_the_others_that_fails_fails_no_message() -> None:
    scene = scene_of(1)
    scene.ledger.entries = refuses  # type: ignore[method-assign,assignment] # as where Query is not allowed

    assert scene.deliver(FIRST) is None
    assert (scene.state(FIRST), scene.closer.woken) == (State.SENT, [])


@pytest.mark.parametrize(
    ("left", "woken"),
    [
        pytest.param(WAKE_SECONDS, [CAMPAIGN_ID], id="as long as it may take"),
        pytest.param(WAKE_SECONDS - 0.1, [], id="less"),
    ],
)
def test_nobody_is_woken_without_the_time_to_wait_for_the_answer(
    left: float, woken: list[str]
) -> None:
    scene = scene_of(1)

    def passes() -> None:
        scene.clock.now += PLENTY_SECONDS - left

    scene.provider.during_call = passes

    scene.deliver(FIRST)

    assert scene.closer.woken == woken


def test_threads_that_end_the_last_batches_at_one_time_wake_once() -> None:
    scene = scene_of(8)
    all_look = Barrier(8)
    entries = scene.ledger.entries

    def looked_at(campaign_id: str) -> Iterator[BatchEntry]:
        all_look.wait()
        return entries(campaign_id)

    scene.ledger.entries = looked_at  # type: ignore[method-assign] # once all have ended theirs
    with ThreadPoolExecutor(8) as threads:
        done = threads.map(scene.deliver, [batch_of(1, position=each) for each in range(1, 9)])

    assert list(done) == [None] * 8
    assert scene.closer.woken == [CAMPAIGN_ID]


def test_another_sandbox_that_is_handed_the_last_message_again_wakes_again() -> None:
    scene = scene_of(1)
    scene.deliver(FIRST)
    recording = replace(scene.use_case.recording, woken={})
    elsewhere = replace(scene, use_case=replace(scene.use_case, recording=recording))

    elsewhere.deliver(FIRST, receive_count=2)

    assert scene.closer.woken == [CAMPAIGN_ID, CAMPAIGN_ID]

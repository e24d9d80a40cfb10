"""A message that must wait comes back later each time, and never at once."""

import pytest

from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.sending.deferral import LONGEST_DELAY_SECONDS, Deferral
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW, batch_of

IN_DOUBT = BatchEntry(batch_id=batch_of(1).batch_id, state=State.SENDING, settle_after=NOW + 900)


def deferral(*, jitter: float, at: float = NOW) -> Deferral:
    return Deferral(clock=Clock(at), jitter=lambda: jitter)


@pytest.mark.parametrize(
    ("receive_count", "least", "most"),
    [
        pytest.param(0, 1, 1, id="as if never received"),
        pytest.param(1, 1, 2, id="the first time"),
        pytest.param(2, 2, 4, id="the second time"),
        pytest.param(11, 1024, 2048, id="the last that doubles"),
        pytest.param(12, 1800, LONGEST_DELAY_SECONDS, id="the first at the limit"),
        pytest.param(1000, 1800, LONGEST_DELAY_SECONDS, id="long after"),
    ],
)
def test_a_delay_doubles_up_to_an_hour_half_of_it_by_chance(
    receive_count: int, least: float, most: float
) -> None:
    shortest = deferral(jitter=0).growing("why", receive_count=receive_count)
    longest = deferral(jitter=1).growing("why", receive_count=receive_count)

    assert (shortest.seconds, longest.seconds) == (least, most)
    assert shortest.reason == longest.reason == "why"


@pytest.mark.parametrize(
    ("receive_count", "since", "most"),
    [
        pytest.param(2, NOW - 3600, 4, id="received twice"),
        pytest.param(12, NOW, 8, id="often before, and just begun"),
        pytest.param(12, NOW - 32, 8, id="half a minute ago"),
        pytest.param(12, NOW - 400, 100, id="minutes ago"),
        pytest.param(12, NOW - 24 * 3600, LONGEST_DELAY_SECONDS, id="a day ago"),
    ],
)
def test_a_delay_adds_a_quarter_to_the_time_that_the_trouble_takes_at_the_most(
    receive_count: int, since: float, most: float
) -> None:
    longest = deferral(jitter=1).growing("why", receive_count=receive_count, since=since)

    assert longest.seconds == most


@pytest.mark.parametrize(
    ("at", "least"),
    [
        pytest.param(NOW, 900, id="just claimed"),
        pytest.param(NOW + 899, 1, id="a second before"),
        pytest.param(NOW + 900, 0, id="just then"),
        pytest.param(NOW + 5000, 0, id="long after"),
    ],
)
def test_an_attempt_in_doubt_comes_back_within_seconds_of_when_it_can_be_settled(
    at: float, least: float
) -> None:
    shortest = deferral(jitter=0, at=at).until_settled(IN_DOUBT)
    longest = deferral(jitter=1, at=at).until_settled(IN_DOUBT)

    assert (shortest.seconds, longest.seconds) == (max(1, least), least + 5)


def test_no_message_comes_back_at_once() -> None:
    """The queue counts whole seconds: half of one is none."""
    earliest = deferral(jitter=0, at=NOW + 899.8)
    waits = [
        earliest.growing("why", receive_count=0),
        earliest.after(0, "why"),
        earliest.after(-7, "why"),
        earliest.until_settled(IN_DOUBT),
    ]

    assert [each.seconds for each in waits] == [1, 1, 1, 1]


@pytest.mark.parametrize("seconds", [1, 20, 900])
def test_messages_that_wait_for_the_same_time_come_back_one_after_the_other(seconds: float) -> None:
    first = deferral(jitter=0).after(seconds, "why")
    last = deferral(jitter=1).after(seconds, "why")

    assert (first.seconds, last.seconds) == (seconds, seconds * 1.5)

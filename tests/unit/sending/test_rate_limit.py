"""The pace of calls, one sender's and the whole stack's."""

from bisect import bisect_left
from itertools import pairwise
from random import Random

import pytest

from smsdrop.sending.rate_limit import RateLimiter


class SleepingClock:
    """A clock that moves only in sleep."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def pace_of(clock: SleepingClock, *, calls_per_second: float = 20, senders: int = 4) -> RateLimiter:
    return RateLimiter.shared(calls_per_second, senders=senders, clock=clock, sleep=clock.sleep)


def moments(pace: RateLimiter, clock: SleepingClock, count: int) -> list[float]:
    taken = []
    for _ in range(count):
        assert pace.acquire(deadline=clock.now + 60)
        taken.append(clock.now)
    return taken


def test_calls_are_an_interval_apart() -> None:
    clock = SleepingClock()

    taken = moments(pace_of(clock), clock, 10)

    assert [later - earlier for earlier, later in pairwise(taken)] == pytest.approx([0.2] * 9)


def test_the_first_call_of_an_invocation_waits_as_long_as_the_others() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)

    pace.start_invocation()
    (first,) = moments(pace, clock, 1)

    assert first == pytest.approx(1000.2)


def test_time_that_nobody_used_is_not_made_up_for() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)
    moments(pace, clock, 1)

    clock.sleep(10)
    taken = moments(pace, clock, 3)

    assert taken == pytest.approx([1010.0, 1010.2, 1010.4])


def test_there_is_no_moment_after_the_time_is_up() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)
    pace.start_invocation()

    found = pace.acquire(deadline=clock.now + 0.1)

    assert not found
    assert clock.now == 1000


def test_calls_that_were_held_up_and_come_at_once_leave_an_interval_apart() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)
    left = []

    for _ in range(3):
        assert pace.space(deadline=clock.now + 3)
        left.append(clock.now)

    assert left == pytest.approx([1000.0, 1000.2, 1000.4])


def test_a_call_that_nothing_has_held_up_leaves_at_once() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)

    for _ in range(5):
        (moment,) = moments(pace, clock, 1)
        assert pace.space(deadline=moment)
        assert clock.now == moment


def test_a_call_that_could_only_leave_too_late_is_not_waited_for() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)
    pace.space(deadline=clock.now)

    assert not pace.space(deadline=clock.now + 0.1)
    assert clock.now == 1000


def test_a_throttled_answer_halves_the_rate_and_successes_restore_it() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)

    pace.adapt(throttled=True)
    slowed = moments(pace, clock, 3)
    for _ in range(100):
        pace.adapt(throttled=False)
    moments(pace, clock, 1)  # what was promised before stands
    restored = moments(pace, clock, 3)

    assert [b - a for a, b in pairwise(slowed)] == pytest.approx([0.4, 0.4])
    assert [b - a for a, b in pairwise(restored)] == pytest.approx([0.2, 0.2])


def test_throttling_without_end_leaves_a_small_share() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)

    for _ in range(50):
        pace.adapt(throttled=True)
    taken = moments(pace, clock, 2)

    assert taken[1] - taken[0] == pytest.approx(0.2 * 32)


@pytest.mark.parametrize("seed", range(20))
def test_all_senders_together_never_exceed_the_rate_and_use_most_of_it(seed: int) -> None:
    """Invocations of any length, each in whichever sandbox is free, one after another."""
    random = Random(seed)
    calls: list[float] = []
    for _ in range(4):
        clock = SleepingClock()
        clock.sleep(random.random())
        sandboxes = [pace_of(clock) for _ in range(3)]
        while clock.now < 1060:
            pace = random.choice(sandboxes)
            pace.start_invocation()
            calls += moments(pace, clock, random.randint(1, 10))
            clock.sleep(random.random() * 0.05)  # until Lambda hands over the next messages

    calls.sort()

    in_a_second = [bisect_left(calls, at + 1 - 1e-6) - each for each, at in enumerate(calls)]
    assert max(in_a_second) <= 20
    assert len(calls) > 0.8 * 20 * 60


@pytest.mark.parametrize("calls_per_second", [0.01, 0.1, 4])
def test_however_slow_a_sender_is_each_invocation_has_a_moment_for_a_call(
    calls_per_second: float,
) -> None:
    clock = SleepingClock()
    pace = RateLimiter.shared(
        calls_per_second, senders=4, clock=clock, sleep=clock.sleep, longest_interval_seconds=20
    )

    for _ in range(50):
        pace.adapt(throttled=True)
        pace.start_invocation()
        assert pace.acquire(deadline=clock.now + 40)
        assert pace.space(deadline=clock.now + 3)


def test_throttling_is_forgotten_a_minute_after_the_last_time() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)
    for _ in range(5):
        pace.adapt(throttled=True)

    clock.sleep(59)
    remembered = moments(pace, clock, 2)
    clock.sleep(60)
    moments(pace, clock, 1)
    forgotten = moments(pace, clock, 2)

    assert remembered[1] - remembered[0] == pytest.approx(0.2 * 32)
    assert forgotten[1] - forgotten[0] == pytest.approx(0.2)


def test_throttling_that_was_forgotten_does_not_add_to_the_next() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)
    for _ in range(5):
        pace.adapt(throttled=True)
    clock.sleep(60)

    pace.adapt(throttled=True)
    taken = moments(pace, clock, 2)

    assert taken[1] - taken[0] == pytest.approx(0.4)


def test_it_can_be_said_how_long_it_is_until_the_next_free_moment() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)
    before = pace.seconds_to_next()

    pace.start_invocation()
    moments(pace, clock, 1)

    assert before == 0
    assert pace.seconds_to_next() == pytest.approx(0.2)


def test_a_clock_that_is_set_back_between_invocations_holds_no_call_back() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)
    pace.start_invocation()
    assert pace.acquire(deadline=clock.now + 10)
    assert pace.space(deadline=clock.now + 10)
    clock.now -= 3600

    pace.start_invocation()

    assert pace.acquire(deadline=clock.now + 1)
    assert pace.space(deadline=clock.now + 1)


def test_throttling_is_forgotten_though_the_clock_is_set_back() -> None:
    clock = SleepingClock()
    pace = pace_of(clock)
    pace.adapt(throttled=True)
    clock.now -= 3600

    pace.start_invocation()
    clock.sleep(60)
    moments(pace, clock, 1)
    taken = moments(pace, clock, 2)

    assert taken[1] - taken[0] == pytest.approx(0.2)

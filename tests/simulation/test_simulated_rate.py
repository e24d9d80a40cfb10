"""The rate that instances keep together, in simulated time: at twenty calls a second over four."""

import pytest

from tests.simulation.rate import run_at_rate


@pytest.mark.parametrize("seed", range(1, 6))
def test_no_more_calls_than_allowed_leave_in_any_second_and_most_of_the_rate_is_used(
    seed: int,
) -> None:
    assert run_at_rate(seed, frozen=0) == ()


@pytest.mark.parametrize("seed", range(1, 31))
def test_the_rate_holds_whatever_holds_calls_up(seed: int) -> None:
    assert run_at_rate(seed) == ()


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_campaign_that_is_throttled_at_random_is_sent_without_dead_letters(seed: int) -> None:
    assert run_at_rate(seed, batches=60, throttled=0.2) == ()

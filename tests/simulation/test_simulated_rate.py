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


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("calls_per_second", [0.01, 0.1, 0.3])
def test_no_rate_is_so_slow_that_nothing_is_sent_or_messages_become_dead_letters(
    seed: int, calls_per_second: float
) -> None:
    assert run_at_rate(seed, calls_per_second=calls_per_second, batches=20) == ()


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("calls_per_second", [1, 20])
def test_a_campaign_of_which_the_first_calls_are_all_throttled_is_sent_without_dead_letters(
    seed: int, calls_per_second: float
) -> None:
    """Each sender is then as slow as it can get."""
    assert (
        run_at_rate(seed, calls_per_second=calls_per_second, batches=20, first_throttled=60) == ()
    )

"""How long a message waits before it comes back."""

import pytest

from smsdrop.sending.deferral import LONGEST_DELAY_SECONDS, Deferral


@pytest.mark.parametrize(
    ("receive_count", "seconds"),
    [(0, 1), (1, 2), (5, 32), (11, 2048), (12, LONGEST_DELAY_SECONDS), (1000, 3600)],
)
def test_the_wait_doubles_up_to_an_hour_and_half_of_it_is_random(
    receive_count: int, seconds: float
) -> None:
    longest = Deferral(clock=lambda: 0, jitter=lambda: 1).growing("x", receive_count=receive_count)
    shortest = Deferral(clock=lambda: 0, jitter=lambda: 0).growing("x", receive_count=receive_count)

    assert (shortest.seconds, longest.seconds) == (seconds / 2, seconds)

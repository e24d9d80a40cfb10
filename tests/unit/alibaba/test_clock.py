"""A wrong clock is corrected by the provider's, and never while deadlines count by it."""

import pytest

from smsdrop.alibaba.clock import TOLERANCE_SECONDS, CorrectedClock
from tests.support.gateway_caller import Clock

TRUE = 1_000_000.0
HOUR = 3600


@pytest.fixture
def sandbox() -> Clock:
    """The clock of a sandbox that is an hour behind."""
    return Clock(TRUE - HOUR)


def refused(clock: CorrectedClock, *, at: float = TRUE) -> bool:
    """Say whether a refusal of what is signed now is explained by the provider's date."""
    return clock.learn(at, signed_at=clock())


@pytest.mark.parametrize("wrong_by", [HOUR, -HOUR, 20 * 60])
def test_a_wrong_clock_is_set_for_the_next_invocation(wrong_by: float) -> None:
    clock = CorrectedClock(Clock(TRUE + wrong_by))

    assert refused(clock)
    assert clock() == TRUE + wrong_by
    clock.set()
    assert clock() == TRUE


def test_until_it_is_set_every_refusal_has_the_same_explanation(sandbox: Clock) -> None:
    clock = CorrectedClock(sandbox)

    assert [refused(clock) for _ in range(3)] == [True] * 3
    clock.set()
    assert clock() == TRUE


@pytest.mark.parametrize("off_by", [0, TOLERANCE_SECONDS, -TOLERANCE_SECONDS])
def test_a_refusal_by_a_clock_that_agrees_is_not_explained(off_by: float) -> None:
    clock = CorrectedClock(Clock(TRUE + off_by))

    assert not refused(clock)
    clock.set()
    assert clock() == TRUE + off_by


def test_a_clock_that_was_set_and_is_refused_ever_since_explains_nothing(sandbox: Clock) -> None:
    clock = CorrectedClock(sandbox)
    refused(clock, at=TRUE + HOUR)
    clock.set()

    assert not refused(clock, at=TRUE + 2 * HOUR)
    assert refused(clock, at=TRUE + 2 * HOUR)  # once a person has seen to it


def test_a_clock_that_was_accepted_may_be_set_again(sandbox: Clock) -> None:
    clock = CorrectedClock(sandbox)
    refused(clock)
    clock.set()
    clock.confirm()
    sandbox.now += HOUR  # somebody set the machine's own clock

    assert refused(clock)
    clock.set()
    assert clock() == TRUE


def test_what_was_signed_long_before_it_was_sent_is_explained_and_changes_nothing() -> None:
    clock = CorrectedClock(Clock(TRUE))

    assert clock.learn(TRUE, signed_at=TRUE - HOUR)
    clock.set()
    assert clock() == TRUE

"""One closer works at a time, and another takes over from one that died."""

from collections.abc import Callable
from itertools import count
from typing import TypeVar

import pytest

from smsdrop.aws.dynamodb import DynamoLedger
from smsdrop.ledger.leases import Leases
from tests.support.fakes import FakeLedger
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW

pytest_plugins = ["tests.support.aws_fixtures"]

T = TypeVar("T")
UNTIL = NOW + 900


class Stopped(BaseException):
    """A process dies; no code may notice it."""


@pytest.fixture(params=["dynamodb", "fake"])
def leases(request: pytest.FixtureRequest, clock: Clock) -> Leases:
    tokens = count(1)
    ledger: DynamoLedger | FakeLedger = FakeLedger()
    if request.param == "dynamodb":
        dynamodb = request.getfixturevalue("dynamodb")
        ledger = DynamoLedger(dynamodb, request.getfixturevalue("ledger_table"))
    return Leases(ledger=ledger, clock=clock, fresh_token=lambda: f"token{next(tokens)}")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def attempt(leases: Leases, job: Callable[[], T], *, name: str = CAMPAIGN_ID) -> T | None:
    return leases.alone(name, job, until=UNTIL)


def die() -> None:
    raise Stopped


def test_while_one_is_at_it_another_is_not_let_in(leases: Leases) -> None:
    seen = attempt(leases, lambda: ("mine", attempt(leases, lambda: "another's")))

    assert seen == ("mine", None)


def test_two_who_do_different_things_do_not_wait_for_each_other(leases: Leases) -> None:
    seen = attempt(leases, lambda: attempt(leases, lambda: "let in", name="stack"))

    assert seen == "let in"


def test_who_is_done_lets_the_next_one_in_at_once(leases: Leases) -> None:
    assert [attempt(leases, lambda: "let in") for _ in range(3)] == ["let in"] * 3


def test_who_fails_lets_the_next_one_in_at_once(leases: Leases) -> None:
    with pytest.raises(ZeroDivisionError):
        attempt(leases, lambda: 1 // 0)

    assert attempt(leases, lambda: "let in") == "let in"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(899, None, id="before the lease's end"),
        pytest.param(900, "let in", id="at its end"),
    ],
)
def test_who_dies_keeps_the_others_off_until_the_leases_end(
    leases: Leases, clock: Clock, seconds: float, expected: str | None
) -> None:
    with pytest.raises(Stopped):
        attempt(leases, die)
    clock.now += seconds

    assert attempt(leases, lambda: "let in") == expected

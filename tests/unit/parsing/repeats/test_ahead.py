"""What the log has ahead of a file: recent plans, and those that start long after their commit."""

from dataclasses import replace
from typing import Any

import pytest

from smsdrop.drop_path import DropPath
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.parsing.repeats.ahead import SKEW_SECONDS, Ahead, DroppedFile, LogReader
from tests.support.fakes import FakeLedger
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

DAY = 24 * 3600
TEMPLATE_CODE = "SMS_154950909"
FILE = DroppedFile(
    campaign=campaign(), path=DropPath(template_code=TEMPLATE_CODE, sign_name="云通信")
)


def plan(place: int, **changes: Any) -> CommittedPlan:
    """Return a plan that was committed a minute ago, and begun then."""
    committed = CommittedPlan(
        template_code=TEMPLATE_CODE,
        place=place,
        committed_by=f"campaign {place}",
        plan=f"plan {place}",
        begins_by=NOW - 60,
        committed_at=NOW - 60,
    )
    return replace(committed, **changes)


def log_of(*plans: CommittedPlan, at: float = NOW) -> LogReader:
    """Return a reader of the log for which a day counts as recent."""
    ledger = FakeLedger()
    for each in plans:
        ledger.write(None, each)
    return LogReader(ledger=ledger, clock=Clock(at), repeat_seconds=DAY)


def places(ahead: Ahead) -> list[int]:
    return [each.place for each in ahead.others]


def test_an_empty_log_has_nothing_ahead() -> None:
    ahead = log_of().read(FILE)

    assert ahead == Ahead()
    assert ahead.last_place == 0


def test_plans_come_in_the_order_in_which_they_were_committed() -> None:
    ahead = log_of(plan(1), plan(2), plan(3)).read(FILE)

    assert (places(ahead), ahead.last_place) == ([1, 2, 3], 3)


def test_a_plan_that_another_run_of_the_file_has_committed_is_its_own() -> None:
    ahead = log_of(plan(1), plan(2, committed_by=CAMPAIGN_ID), plan(3)).read(FILE)

    assert (places(ahead), ahead.own) == ([1, 3], "plan 2")


@pytest.mark.parametrize(
    ("started_ago", "is_ahead"),
    [
        pytest.param(DAY - 1, True, id="lately"),
        pytest.param(DAY, False, id="long ago"),
        pytest.param(-DAY, True, id="not yet"),
    ],
)
def test_a_plan_counts_by_when_its_campaign_starts(started_ago: float, *, is_ahead: bool) -> None:
    ahead = log_of(plan(1, begins_by=NOW - started_ago)).read(FILE)

    assert (places(ahead) == [1]) == is_ahead
    assert ahead.last_place == 1


@pytest.mark.parametrize(
    ("again", "ahead"),
    [
        pytest.param("", [1, 2], id="without a word"),
        pytest.param("2026-12", [2], id="with a word"),
        pytest.param("2027-01", [], id="with another"),
    ],
)
def test_a_file_with_a_word_has_those_of_its_word_ahead(again: str, ahead: list[int]) -> None:
    log = log_of(plan(1), plan(2, again="2026-12"))

    assert places(log.read(replace(FILE, again=again))) == ahead


def test_what_was_read_before_is_not_read_again() -> None:
    before = log_of(plan(1)).read(FILE)

    assert places(log_of(plan(1), plan(2)).read(FILE, before)) == [2]
    nothing_came = log_of(plan(1)).read(FILE, before)
    assert (places(nothing_came), nothing_came.last_place) == ([], 1)


LONG_AGO = {"committed_at": NOW - 9 * DAY}
SCHEDULED = plan(1, begins_by=NOW - 60, **LONG_AGO)
"""Committed long ago, for a start a minute ago."""


def test_what_was_scheduled_is_found_where_it_is_the_last_one() -> None:
    assert places(log_of(SCHEDULED).read(FILE)) == [1]


@pytest.mark.parametrize("between", [1, 3])
def test_what_was_scheduled_is_found_by_the_latest_plan_behind_it(between: int) -> None:
    """Those between were committed long ago, too, and started at once."""
    old = [
        plan(place, begins_by=NOW - 8 * DAY, committed_at=NOW - 8 * DAY)
        for place in range(2, 2 + between)
    ]
    named = ((1, SCHEDULED.begins_by),)
    recent = plan(2 + between, scheduled=named)

    ahead = log_of(SCHEDULED, *old[:-1], replace(old[-1], scheduled=named)).read(FILE)
    assert places(ahead) == [1]
    assert places(log_of(SCHEDULED, *old, recent).read(FILE)) == [1, recent.place]


def test_what_is_scheduled_and_recent_is_read_once() -> None:
    recent = plan(1, begins_by=NOW + DAY)

    ahead = log_of(recent, plan(2, scheduled=((1, recent.begins_by),))).read(FILE)

    assert places(ahead) == [1, 2]


@pytest.mark.parametrize(
    ("latest", "named"),
    [
        pytest.param(plan(2), (), id="none"),
        pytest.param(plan(2, begins_by=NOW + DAY), ((2, NOW + DAY),), id="the latest"),
        pytest.param(
            plan(2, begins_by=NOW - 60 + SKEW_SECONDS), (), id="the latest, by two clocks at once"
        ),
        pytest.param(plan(2, scheduled=((1, NOW + 1),)), ((1, NOW + 1),), id="one before it"),
        pytest.param(plan(2, scheduled=((1, NOW),)), (), id="one that is long ago by now"),
    ],
)
def test_each_plan_names_those_before_it_that_start_long_after_their_commit(
    latest: CommittedPlan, named: tuple[tuple[int, float], ...]
) -> None:
    assert Ahead(latest=latest).scheduled(NOW) == named


def test_without_a_plan_before_it_none_is_named() -> None:
    assert Ahead().scheduled(NOW) == ()

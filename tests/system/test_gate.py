"""When the whole system calls, and when it does not, with the gateway's journal as witness."""

import time
from datetime import datetime

import pytest

from local.gateway.client import Gateway
from smsdrop.drops import BEIJING
from tests.conftest import DeployStack
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

MINUTE = 60
RATE = 6
AHEAD_SECONDS = 30
"""How long before the minute begins files are dropped: for some of the calls, not for all."""


@pytest.fixture
def systems(deploy_quick: DeployStack, reset_gateway: Gateway) -> list[System]:
    """Two stacks beside each other, so that neither's file waits behind the other's."""
    reset_gateway.reset()
    return [
        System(
            stack=deploy_quick(name, CallsPerSecond=str(RATE), MaximumConcurrency="2"),
            gateway=reset_gateway,
        )
        for name in ("gated", "gated-too")
    ]


def clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, BEIJING):%H%M}"


def next_minute() -> float:
    """Return when the next minute begins, once that is near."""
    time.sleep((MINUTE - AHEAD_SECONDS - time.time()) % MINUTE)
    return time.time() // MINUTE * MINUTE + MINUTE


def calls_by_key(system: System, *keys: str) -> list[list[float]]:
    """Return when the calls for each file began."""
    ids = [system.campaign_id(each) for each in keys]
    calls = [(call.out_id or "", call.started_at) for call in system.calls()]
    return [[at for out_id, at in calls if out_id.startswith(each)] for each in ids]


def test_no_call_begins_before_a_start_after_an_end_or_outside_of_a_window(
    systems: list[System],
) -> None:
    """Each file has some calls on its right side of the same moment."""
    one, other = systems
    moment = next_minute()
    start, until = f"start={clock(moment)}", f"截止={clock(moment)}"
    window = f"window={clock(moment + MINUTE)}-{clock(moment)}"
    later = one.put(f"{FOLDER}/{start}/july.csv", file_of(new_numbers(300)))
    ending = one.put(f"{FOLDER}/{until}/july.csv", file_of(new_numbers(40_000)))
    closing = other.put(f"{FOLDER}/{window}/july.csv", file_of(new_numbers(20_000)))

    while time.time() < moment + MINUTE:
        for each in systems:
            each.close()
        time.sleep(2)
    reports = [one.closed(later), one.closed(ending), other.closed(closing)]

    of_later, of_ending = calls_by_key(one, later, ending)
    [of_closing] = calls_by_key(other, closing)
    assert len(of_later) == 3
    assert min(of_later) >= moment
    assert 0 < len(of_ending) < 400
    assert max(of_ending) < moment
    assert min(of_closing) < moment
    assert [at for at in of_closing if moment <= at < moment + MINUTE] == []
    assert max(of_closing) >= moment + MINUTE
    assert all(report.is_balanced for report in reports)
    assert [each.summary["outcome"] for each in reports] == ["completed", "cancelled", "completed"]
    ended = reports[1]
    assert len(ended.unsent_numbers()) == ended.summary["cancelled"] > 0
    assert set(one.texts().values()) == {1}


def test_what_is_held_leaves_the_queue_and_takes_no_share_of_the_rate(
    systems: list[System],
) -> None:
    paced, _ = systems
    held = paced.drop("held.csv", new_numbers(30_000))
    paced.queued(held)
    paced.operate("pause", campaign_id=paced.campaign_id(held))
    numbers = new_numbers(60 * 100)

    other = paced.drop("other.csv", numbers)
    report = paced.closed(other)

    [of_other] = calls_by_key(paced, other)
    assert report.summary["sent"] == len(numbers)
    assert max(of_other) - min(of_other) <= 1.5 * 60 / RATE
    assert paced.stack.queue_counts().empty
    assert paced.campaign(held)["status"]["S"] == "held"
    paced.operate("cancel", campaign_id=paced.campaign_id(held))

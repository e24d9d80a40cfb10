"""What people see in the bucket while a campaign goes out, and once it is over."""

import json
from itertools import pairwise
from typing import Any

import pytest

from local.gateway.client import Gateway
from smsdrop.closing.seen.write_index import INDEX
from tests.conftest import DeployStack
from tests.support.whole_system import System, new_numbers

pytestmark = pytest.mark.system
pytest_plugins = ["tests.support.system_fixtures"]

RECIPIENTS = 20_000
CALLS_PER_SECOND = 8
POINTS = 2


@pytest.fixture
def watched(deploy_quick: DeployStack, reset_gateway: Gateway) -> System:
    reset_gateway.reset()
    stack = deploy_quick("watched", CallsPerSecond=str(CALLS_PER_SECOND), MaximumConcurrency="2")
    return System(stack=stack, gateway=reset_gateway)


def status_of(system: System, key: str) -> dict[str, Any]:
    folder = f"reports/{key.removeprefix('incoming/')}/{system.campaign_id(key)}/"
    shown: dict[str, Any] = json.loads(system.stack.read(f"{folder}status.json"))
    return shown


def texts(system: System) -> int:
    return system.gateway.summary().texts


def test_status_json_is_within_two_points_of_the_truth_while_a_campaign_goes_out(
    watched: System,
) -> None:
    key = watched.drop("watched.csv", new_numbers(RECIPIENTS))
    watched.queued(key)

    looks = []
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        watched.wait_for_texts(round(share * RECIPIENTS))
        before = texts(watched)
        watched.close()
        looks.append((before, status_of(watched, key), texts(watched)))

    for before, status, after in looks:
        slack = POINTS / 100 * RECIPIENTS
        assert before - slack <= status["sent"] <= after + slack
        assert status["sent"] + status["pending"] == status["accepted"] == RECIPIENTS
        assert status["status"] == "sending"
    assert all(one[1]["sent"] < two[1]["sent"] for one, two in pairwise(looks))
    assert "watched.csv" in watched.stack.read(INDEX).decode()


def test_once_it_is_over_the_pages_say_what_the_summary_says(watched: System) -> None:
    numbers = new_numbers(9)
    key = watched.drop("over.csv", [*numbers, "12"])
    report = watched.closed(key)
    watched.close()

    status = status_of(watched, key)
    assert {name: status[name] for name in ("sent", "rejected", "rows", "status", "outcome")} == {
        name: report.summary[name] for name in ("sent", "rejected", "rows", "status", "outcome")
    }
    html = watched.stack.read(status["report"]).decode()
    assert 'href="./results.csv"' in html
    assert not any(number in html for number in numbers)
    assert watched.campaign_id(key) in watched.stack.read(INDEX).decode().replace("<wbr>", "")

"""People put on a list while a campaign waits are not called: the whole system, as witnessed."""

import json
import time
from datetime import datetime

import pytest

from local.gateway.client import Gateway
from smsdrop.drops import BEIJING
from smsdrop.sending.suppression.listed_since import LOOK_SECONDS
from tests.conftest import DeployStack
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

MINUTE = 60
MARGIN_SECONDS = 10
"""The list must be there longer before the start than a sandbox trusts an earlier look."""
PARSED_SECONDS = 20
"""Far more than it takes to parse a small file."""


@pytest.fixture
def listing(deploy_quick: DeployStack, reset_gateway: Gateway) -> System:
    reset_gateway.reset()
    return System(stack=deploy_quick("listing"), gateway=reset_gateway)


def full_minute(*, after: float) -> float:
    """Return the first full minute that begins so many seconds from now, or later."""
    return (time.time() + after) // MINUTE * MINUTE + MINUTE


def clock(start: float) -> str:
    return f"{datetime.fromtimestamp(start, BEIJING):%H%M}"


def keys_of(system: System) -> list[str]:
    """Return what the system itself has named: objects, and entries of the ledger."""
    entries = [each for kind in ("campaign", "batch", "pause") for each in system.ledger(kind)]
    named = [f"{each['campaign_id']['S']} {each['entry']['S']}" for each in entries]
    return [*system.stack.keys("work/"), *system.stack.keys("reports/"), *named]


def test_a_scheduled_campaign_texts_nobody_who_was_listed_while_it_waited(
    listing: System,
) -> None:
    numbers = new_numbers(250)
    listed = numbers[7::50]
    listing.closed(listing.drop("before.csv", new_numbers(100)))  # senders know of no list
    start = full_minute(after=LOOK_SECONDS + MARGIN_SECONDS)  # a list put now counts
    key = listing.put(f"{FOLDER}/start={clock(start)}/july.csv", file_of(numbers))
    listing.wait(lambda: listing.campaign(key).get("held_for"), what="file that waits")
    listing.put(f"suppressed/{listed[0]}.csv", "\n".join(["phone", *listed]).encode())

    time.sleep(max(0.0, start - time.time()))
    report = listing.closed(key)

    assert report.is_balanced
    assert (report.summary["sent"], report.summary["refused"]) == (245, 5)
    assert report.summary["codes"]["smsdrop.Suppressed"] == 5
    statuses = {row["phone_number"]: row["smsdrop_status"] for row in report.rows()}
    assert {each for each in numbers if statuses[each] == "refused"} == {*listed}
    assert report.unsent_numbers() == []
    texts = listing.texts()
    assert [each for each in numbers if texts[each] != (each not in listed)] == []
    told = [*listing.stack.log_lines(), *keys_of(listing)]
    assert [line for line in told if any(each in line for each in numbers)] == []
    assert "SUPPRESSED" in str(told).upper()


def test_a_campaign_waits_while_a_list_cannot_be_used_and_goes_on_by_it_once_it_can(
    deploy_quick: DeployStack, reset_gateway: Gateway
) -> None:
    reset_gateway.reset()
    system = System(stack=deploy_quick("spoiled"), gateway=reset_gateway)
    first, *others = new_numbers(30)
    start = clock(full_minute(after=PARSED_SECONDS))
    key = system.put(f"{FOLDER}/start={start}/waits.csv", file_of([first, *others]))

    def previews() -> list[str]:
        return [each for each in system.stack.keys("reports/") if each.endswith("preview.json")]

    system.wait(previews, what="preview of a file that waits")
    [page] = previews()
    system.put("suppressed/退订.csv", b"phone\nno\nnumbers\n")

    def is_list_named() -> bool:
        system.close()
        return "退订.csv" in str(json.loads(system.stack.read(page))["problems"])

    system.wait(is_list_named, what="preview that names the list", timeout=2 * MINUTE)
    held_for = system.campaign(key)["held_for"]
    calls_before = system.calls()
    system.put("suppressed/退订.csv", f"phone\n{first}\n".encode())
    report = system.closed(key)

    assert calls_before == []
    assert held_for == {"S": "lists"}
    assert report.is_balanced
    assert (report.summary["refused"], report.summary["sent"]) == (1, 29)
    assert report.summary["problems"] == []
    assert system.not_once(others) == {}

"""Receipts are looked up after the close, by a function of its own: the whole system."""

import gzip
import json
import os
import signal
from typing import Any

import pytest

from local.gateway.faults import Fault
from smsdrop.closing.verify import LOOKUPS
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

FAILED, DELIVERED = 1, 2


def sent(system: System, name: str, numbers: list[str]) -> str:
    """Return the key of a file that was sent and closed."""
    key = system.put(f"{FOLDER}/{name}", file_of(numbers))
    assert system.closed(key).summary["sent"] == len(numbers)
    system.close_for_good(key)
    return key


def make_due(system: System, key: str) -> None:
    """Let the first look be due, as if five minutes had passed."""
    system.stack.clients.dynamodb.update_item(
        TableName=system.stack.ledger_table,
        Key={"campaign_id": {"S": system.campaign_id(key)}, "entry": {"S": "campaign"}},
        UpdateExpression="SET receipts_from = receipts_from - :passed, receipts_at = :now",
        ExpressionAttributeValues={":passed": {"N": "301"}, ":now": {"N": "1"}},
    )


def receipts(system: System, key: str) -> dict[tuple[int, int], list[Any]]:
    """Return what is kept of each recipient."""
    found = {}
    for each in system.stack.keys(f"receipts/{system.campaign_id(key)}/"):
        _, *lines = gzip.decompress(system.stack.read(each)).splitlines()
        for position, index, *rest in map(json.loads, lines):
            found[position, index] = rest
    return found


def lookups(system: System) -> int:
    return sum(system.gateway.summary().calls.get("QuerySendDetails", {}).values())


def counted(system: System, key: str) -> dict[str, int]:
    campaign = system.campaign(key)
    names = ("receipts_looked", "delivered", "undelivered")
    return {name: int(campaign.get(name, {"N": "0"})["N"]) for name in names}


def test_everyones_receipt_is_kept_and_nobody_is_asked_about_twice(system: System) -> None:
    numbers = new_numbers(250)
    bad = numbers[107]
    system.gateway.change_settings(bad_numbers=[bad])
    key = sent(system, "receipts.csv", numbers)
    before = lookups(system)
    make_due(system, key)
    system.gateway.add_fault(
        Fault(kind="throttle", action="QuerySendDetails", numbers=(before + 5,))
    )

    system.stack.invoke("LookUpReceipts")

    asked = lookups(system) - before
    known = receipts(system, key)
    assert len(known) == 250
    assert sorted(each[0] for each in known.values()) == [FAILED, *[DELIVERED] * 249]
    assert known[2, 7][:2] == [FAILED, "INVALID_NUMBER"]
    assert counted(system, key) == {"receipts_looked": 1, "delivered": 249, "undelivered": 1}
    assert asked == 251
    make_due(system, key)
    system.stack.invoke("LookUpReceipts")
    assert lookups(system) - before == 251
    everything = str([*system.stack.log_lines(), *system.stack.keys("receipts/")])
    assert [each for each in numbers if each in everything] == []


def let_the_lease_run_out(system: System) -> None:
    """Let the time be over for which whoever was killed keeps the others off."""
    system.stack.clients.dynamodb.update_item(
        TableName=system.stack.ledger_table,
        Key={"campaign_id": {"S": LOOKUPS}, "entry": {"S": "lease"}},
        UpdateExpression="SET #until = :now",
        ExpressionAttributeNames={"#until": "until"},
        ExpressionAttributeValues={":now": {"N": "1"}},
    )


def test_lookups_that_fail_and_a_function_that_is_killed_cost_nobody_their_receipt(
    system: System,
) -> None:
    numbers = new_numbers(600)
    bad = numbers[::30]
    system.gateway.change_settings(bad_numbers=bad)
    key = sent(system, "receipts with faults.csv", numbers)
    before = lookups(system)
    for kind, times in (("throttle", 10), ("unavailable", 40), ("drop_after", 10)):
        system.gateway.add_fault(
            Fault(kind=kind, action="QuerySendDetails", rate=0.05, times=times, seed=7)
        )
    make_due(system, key)
    system.stack.invoke_later("LookUpReceipts", {})
    system.wait(lambda: lookups(system) >= before + 100, what="a hundred lookups")
    workers = system.stack.workers("LookUpReceipts")
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert workers
    assert counted(system, key)["receipts_looked"] == 0
    let_the_lease_run_out(system)

    def is_looked_up() -> bool:
        make_due(system, key)
        system.stack.invoke("LookUpReceipts")
        return counted(system, key)["receipts_looked"] > 0

    system.wait(is_looked_up, what="the end of a look", timeout=90)

    known = receipts(system, key)
    truth = {
        (position // 100 + 1, position % 100): FAILED if number in bad else DELIVERED
        for position, number in enumerate(numbers)
    }
    assert {place: each[0] for place, each in known.items()} == truth
    assert counted(system, key)["delivered"] == 580
    assert counted(system, key)["undelivered"] == 20
    assert lookups(system) - before < 2 * 600 + 100
    [report] = system.reports(key)
    assert (report.summary["sent"], report.is_balanced) == (600, True)

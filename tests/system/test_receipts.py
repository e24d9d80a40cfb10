"""Receipts are looked up after the close, by a function of its own: the whole system."""

import gzip
import json
from typing import Any

import pytest

from local.gateway.faults import Fault
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

"""Receipts are looked up after the close, by a function of its own: the whole system."""

import gzip
import json
import os
import signal
import time
from collections.abc import Sequence
from typing import Any

import pytest

from local.gateway.client import Gateway
from local.gateway.delivery import Delivery
from local.gateway.faults import Fault
from local.gateway.receipts import Receipt
from local.stack import Stack
from smsdrop.closing.verify import LOOKUPS
from smsdrop.receipts.looks import LOOKS
from smsdrop.receipts.part import BATCHES_A_PART
from tests.conftest import DeployStack
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

RECIPIENTS = 20_000

SCHEDULE = "LookUpReceiptsEveryFiveMinutes"
"""SAM makes this name."""

PENDING, FAILED, DELIVERED = 0, 1, 2

FATES = {"waiting": PENDING, "failed": FAILED, "delivered": DELIVERED}

FAILURES = (
    "MOBILE_NOT_ON_SERVICE",
    "NO_ROUTE",
    "BLACK_LIST",
    "USER_REJECT",
    "MOBILE_SEND_LIMIT",
)

DELIVERY = Delivery(
    seed=7,
    failed=dict.fromkeys(FAILURES, 0.006),
    contradicted=0.01,
    contradicting_rows=2,
    never_received=0.01,
    received_within=((0.8, 240), (0.93, 3000), (0.98, 80_000), (1, 250_000)),
)
"""Some come before each look; 3 % fail, 1 % contradict each other, and 1 % never come."""


@pytest.fixture(scope="module")
def system_stack(deploy_quick: DeployStack) -> Stack:
    """A stack where no other test's receipts are due, minutes later."""
    return deploy_quick("looked-up")


def sent(system: System, name: str, numbers: list[str]) -> str:
    """Return the key of a file that was sent and closed."""
    key = system.put(f"{FOLDER}/{name}", file_of(numbers))
    assert system.closed(key).summary["sent"] == len(numbers)
    system.close_for_good(key)
    return key


def make_due(system: System, key: str, *, look: int = 1) -> None:
    """Let a look be due, as if the time to it had passed since the close."""
    system.stack.clients.dynamodb.update_item(
        TableName=system.stack.ledger_table,
        Key={"campaign_id": {"S": system.campaign_id(key)}, "entry": {"S": "campaign"}},
        UpdateExpression="SET receipts_from = :from, receipts_at = :now",
        ExpressionAttributeValues={
            ":from": {"N": f"{time.time() - LOOKS[look - 1] - 1:.0f}"},
            ":now": {"N": "1"},
        },
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
    """Expire the killed function's lease, which keeps the others off."""
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


@pytest.fixture
def quick(deploy_quick: DeployStack, reset_gateway: Gateway) -> System:
    """A system that looks receipts up as fast as this machine does."""
    stack = deploy_quick("receipts", LookupsPerSecond="5000")
    reset_gateway.reset()
    return System(stack=stack, gateway=reset_gateway)


def kill_in_the_middle(system: System, *, after: int) -> None:
    """Kill all processes of LookUpReceipts once it has made so many lookups."""
    before = lookups(system)
    system.stack.invoke_later("LookUpReceipts", {})
    system.wait(lambda: lookups(system) >= before + after, what=f"{after} lookups", timeout=90)
    workers = system.stack.workers("LookUpReceipts")
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert workers
    let_the_lease_run_out(system)


def look(system: System, key: str, number: int) -> None:
    """Run LookUpReceipts, as often as it takes, until this look is done."""

    def is_done() -> bool:
        make_due(system, key, look=number)
        system.stack.invoke("LookUpReceipts")
        return counted(system, key)["receipts_looked"] >= number

    system.wait(is_done, what=f"the end of look {number}", timeout=180)


def told(known: Sequence[Any]) -> tuple[Any, ...]:
    """Return what is kept of a recipient, but for how often they were asked about."""
    delivery, code, received_at, _ = known
    return delivery, code, received_at


def truth(receipt: Receipt) -> tuple[Any, ...]:
    """Return the same, as the gateway knows it."""
    if receipt.fate == "waiting":
        return PENDING, "", 0
    assert receipt.received_at is not None
    return FATES[receipt.fate], receipt.code, int(receipt.received_at)


def test_everyones_receipt_is_the_gateways_own_whatever_fails_meanwhile(quick: System) -> None:
    system, numbers = quick, new_numbers(RECIPIENTS)
    system.gateway.set_delivery(DELIVERY)
    key = sent(system, "receipts of all kinds.csv", numbers)
    for kind, times in (("throttle", 20), ("unavailable", 200), ("drop_after", 100)):
        system.gateway.add_fault(
            Fault(kind=kind, action="QuerySendDetails", rate=0.02, times=times, seed=7)
        )
    before, pending = lookups(system), []
    for number, after in enumerate(LOOKS, start=1):
        passed = system.gateway.advance_clock(0)
        system.gateway.advance_clock(after - passed)
        pending.append(RECIPIENTS - sum(known_by(system, key)[1:]))
        make_due(system, key, look=number)
        if number == 1:
            kill_in_the_middle(system, after=RECIPIENTS // 2)
        look(system, key, number)

    entry = system.campaign(key)
    known = receipts(system, key)
    due = {receipt.phone_number: truth(receipt) for receipt in system.gateway.receipts()}
    places = {number: divmod(place, 100) for place, number in enumerate(numbers)}
    kept = {number: told(known[batch + 1, index]) for number, (batch, index) in places.items()}
    assert kept == due
    failed = {code for delivery, code, _ in kept.values() if delivery == FAILED}
    assert failed == set(FAILURES)
    _, undelivered, delivered = known_by(system, key)
    assert (counted(system, key)["delivered"], counted(system, key)["undelivered"]) == (
        delivered,
        undelivered,
    )
    assert 0 < RECIPIENTS - delivered - undelivered < pending[-1] < pending[1] < RECIPIENTS
    assert "N" not in entry.get("receipts_at", {}) or entry["receipts_at"]["N"] == "0"
    retries = sum(system.gateway.times_applied())
    once_more = min(RECIPIENTS, BATCHES_A_PART * 100)
    assert lookups(system) - before <= sum(pending) + retries + once_more
    [report] = system.reports(key)
    assert (report.summary["sent"], report.is_balanced) == (RECIPIENTS, True)


def known_by(system: System, key: str) -> tuple[int, int, int]:
    """Return how many recipients are kept as pending, failed and delivered."""
    kept = [each[0] for each in receipts(system, key).values()]
    return kept.count(PENDING), kept.count(FAILED), kept.count(DELIVERED)


def test_without_receipts_nothing_of_it_runs_and_nothing_is_kept(
    deploy_stack: DeployStack, reset_gateway: Gateway
) -> None:
    stack = deploy_stack("no-receipts", SettleAfterSeconds="1", Receipts="off")
    rule = stack.clients.events.describe_rule(Name=stack.physical_id(SCHEDULE))
    stack.stop_schedule()
    reset_gateway.reset()
    system = System(stack=stack, gateway=reset_gateway)
    key = sent(system, "no receipts.csv", new_numbers(3))
    before = {**system.campaign(key)}

    answer = stack.invoke("LookUpReceipts")  # as somebody might by hand

    assert rule["State"] == "DISABLED"
    assert answer is None
    assert [name for name in before if "receipts" in name] == []
    assert system.campaign(key) == before
    assert lookups(system) == 0
    assert stack.keys("receipts/") == []
    assert [each for each in system.ledger("lease") if each["campaign_id"]["S"] == LOOKUPS] == []

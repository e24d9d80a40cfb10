"""Orders in the bucket steer what runs, each of them once, and are answered: the whole system."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.aws.clients import REGION
from local.gateway.faults import Fault
from tests.support.interference import event_source, queue_shut
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

PATH = FOLDER.removeprefix("incoming/")
HOLDS_WITHIN_SECONDS = 3


def give(system: System, order: str, what: str, *, by: "S3Client | None" = None) -> None:
    s3 = by or system.stack.clients.s3
    s3.put_object(Bucket=system.stack.bucket, Key=f"orders/{order}/{what}", Body=b"")


def answers(system: System) -> list[dict[str, Any]]:
    """Return all answers to orders so far, in the order in which these were given."""
    keys = system.stack.keys("reports/orders/")
    return [{"key": each, **json.loads(system.stack.read(each))} for each in keys]


def answered(
    system: System, order: str, what: str, *, by: "S3Client | None" = None
) -> dict[str, Any]:
    """Give an order in the bucket, and return its answer once that is there."""
    before = {each["key"] for each in answers(system)}
    give(system, order, what, by=by)

    def new() -> dict[str, Any] | None:
        found = [each for each in answers(system) if each["key"] not in before]
        return found[0] if found else None

    answer: dict[str, Any] = {}
    system.wait(lambda: new() and answer.update(new() or {}) is None, what=f"answer to {order}")
    return answer


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("plain.csv", id="plain"),
        pytest.param("7月 VIP+老客户 100%.csv", id="Chinese and signs"),
        pytest.param("a%2Bb+c.csv/", id="a folder, and signs that look like a code"),
    ],
)
def test_a_file_is_paused_and_resumed_by_its_path_and_each_number_is_texted_once(
    system: System, name: str
) -> None:
    numbers = new_numbers(5000)
    system.gateway.change_settings(latency_seconds=1)
    key = system.drop(name.rstrip("/"), numbers)
    system.wait_for_texts(100)

    paused = answered(system, "pause", f"{PATH}/{name}")
    paused_at = time.time()
    time.sleep(HOLDS_WITHIN_SECONDS + 1)
    late = [each for each in system.calls() if each.started_at > paused_at + HOLDS_WITHIN_SECONDS]
    texts_while_paused = system.gateway.summary().texts
    resumed = answered(system, "resume", f"{PATH}/{name}")
    system.gateway.change_settings(latency_seconds=0)
    report = system.closed(key)

    assert (paused["code"], paused["status"], paused["file"]) == ("order_paused", "held", key)
    assert (paused["batches"], paused["accepted"]) == (50, 5000)
    assert late == []
    assert texts_while_paused < 5000
    assert (resumed["code"], resumed["status"]) == ("order_resumed", "sending")
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 5000
    assert report.is_balanced
    system.wait_for_empty_queues()


def test_ten_pauses_that_are_doubled_and_come_in_any_order_leave_nobody_out(
    system: System,
) -> None:
    numbers = new_numbers(5000)
    system.gateway.change_settings(latency_seconds=0.2)
    system.gateway.add_fault(Fault(kind="drop_after", every=7, times=4))
    system.gateway.add_fault(Fault(kind="drop_before", every=9, times=3))
    key = system.drop("ten times.csv", numbers)
    system.wait(lambda: system.campaign(key), what="campaign")
    what = system.campaign_id(key)

    for _ in range(10):
        for order in ("resume", "pause", "pause", "resume", "pause"):
            give(system, order, what)
        time.sleep(0.3)
        give(system, "resume", what)
        give(system, "resume", f"{PATH}/ten times.csv")
        time.sleep(0.2)
    system.wait(lambda: len(answers(system)) >= 70, what="all answers")
    system.wait(lambda: "paused_by" not in system.campaign(key), what="last resume")
    report = system.closed(key)

    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 5000
    assert report.is_balanced
    system.wait_for_empty_queues()


def test_a_file_that_was_dropped_by_mistake_is_cancelled_by_its_path(system: System) -> None:
    numbers = new_numbers(5000)
    system.gateway.change_settings(latency_seconds=0.5)
    key = system.drop("wrong file.csv", numbers)

    answer = answered(system, "cancel", f"{PATH}/wrong file.csv")
    again = answered(system, "cancel", f"{PATH}/wrong file.csv")
    system.gateway.change_settings(latency_seconds=0)
    report = system.closed(key)
    too_late = answered(system, "cancel", report.summary["campaign_id"])

    assert (answer["code"], answer["halted"]) == ("order_cancelled", "smsdrop.Cancelled")
    assert again["code"] == "order_cancelled_already"
    assert (too_late["code"], too_late["outcome"]) == ("order_ended", "cancelled")
    assert report.summary["outcome"] == "cancelled"
    assert report.summary["sent"] + report.summary["cancelled"] == 5000
    assert report.summary["cancelled"] > 0
    assert report.is_balanced


@pytest.mark.parametrize(
    ("order", "what", "code"),
    [
        ("pause", "20260102T030405Z-00000000000000aa", "order_campaign_unknown"),
        ("cancel", f"{PATH}/never dropped.csv", "order_file_unknown"),
        ("stop", f"{PATH}/plain.csv", "order_unknown"),
    ],
)
def test_an_order_about_what_there_is_not_says_so(
    system: System, order: str, what: str, code: str
) -> None:
    answer = answered(system, order, what)
    by_payload = system.stack.invoke("Operate", {"order": order, "what": what})

    assert (answer["code"], by_payload["code"]) == (code, code)
    assert answer["error"] == by_payload["error"]


def test_the_whole_stack_is_paused_and_resumed_by_hand(
    system: System, mailbox: Callable[[], list[str]]
) -> None:
    numbers = new_numbers(300)
    paused = answered(system, "pause", "stack")
    key = system.drop("stack paused.csv", numbers)
    system.queued(key)
    for _ in range(2):
        system.close()
    while_paused = event_source(system)["State"]
    texts_while_paused = system.gateway.summary().texts
    letters = mailbox()

    resumed = answered(system, "resume", "stack")
    report = system.closed(key)

    assert (paused["code"], paused["paused"]) == ("order_stack_paused", True)
    assert while_paused == "Disabled"
    assert texts_while_paused == 0
    assert len(letters) == 1
    assert "A person has ordered it" in letters[0]
    assert (resumed["code"], resumed["paused"]) == ("order_stack_resumed", False)
    assert event_source(system)["State"] == "Enabled"
    assert report.summary["sent"] == 300


def test_a_trigger_that_somebody_has_disabled_stays_so_until_somebody_resumes(
    system: System, mailbox: Callable[[], list[str]]
) -> None:
    numbers = new_numbers(10)
    with queue_shut(system):
        key = system.drop("shut by hand.csv", numbers)
        system.queued(key)
        for _ in range(2):
            system.close()
        while_shut = event_source(system)["State"]
        letters = mailbox()

        resumed = answered(system, "resume", "stack")
        after = event_source(system)["State"]
        report = system.closed(key)

    assert while_shut == "Disabled"
    assert len(letters) == 1
    assert "disabled the trigger" in letters[0]
    assert resumed["code"] == "order_stack_not_paused"
    assert after == "Enabled"
    assert report.summary["sent"] == 10


def person(system: System, name: str, *policies: str) -> "S3Client":
    """Give somebody these policies of the stack's, and a client for S3."""
    clients, iam = system.stack.clients, system.stack.clients.iam
    iam.create_user(UserName=name)
    for policy in policies:
        iam.attach_user_policy(UserName=name, PolicyArn=system.stack.outputs[policy])
    pair = iam.create_access_key(UserName=name)["AccessKey"]
    session = boto3.Session(pair["AccessKeyId"], pair["SecretAccessKey"], region_name=REGION)
    return session.client("s3", endpoint_url=clients.endpoint)


def test_an_approval_by_the_dropper_is_refused_and_by_another_taken(system: System) -> None:
    numbers = new_numbers(10)
    alice = person(system, "alice", "MayDrop", "MayApprove")
    bob = person(system, "bob", "MayOrder", "MayApprove")
    path = f"{PATH}/approve=yes/to approve.csv"
    key = f"incoming/{path}"
    alice.put_object(Bucket=system.stack.bucket, Key=key, Body=file_of(numbers))
    system.wait(lambda: is_held(system, key), what="campaign that waits")

    answered(system, "pause", path, by=bob)
    resumed = answered(system, "resume", path, by=bob)
    by_alice = answered(system, "approve", path, by=alice)
    by_nobody = system.stack.invoke("Operate", {"order": "approve", "file": path})
    system.close()
    texts_before = system.gateway.summary().texts
    by_bob = answered(system, "approve", path, by=bob)
    report = system.closed(key)

    assert "waits for an approval" in resumed["answer"]
    assert (by_alice["code"], by_alice["status"]) == ("order_approval_by_dropper", "held")
    assert by_nobody["code"] == "order_approval_by_nobody"
    assert texts_before == 0
    assert (by_bob["code"], by_alice["by"] != by_bob["by"]) == ("order_approved", True)
    assert report.summary["dropped_by"] == by_alice["by"]
    assert report.summary["approved_by"] == by_bob["by"]
    assert system.not_once(numbers) == {}


def is_held(system: System, key: str) -> bool:
    return bool(system.campaign(key).get("status") == {"S": "held"})


def test_who_may_drop_may_not_order_and_who_may_order_may_not_approve(system: System) -> None:
    may = {
        "MayDrop": {"incoming/SMS_1/x.bin"},
        "MayOrder": {"orders/pause/x", "orders/resume/x", "orders/cancel/x"},
        "MayApprove": {"orders/approve/x"},
    }
    everywhere = {*set().union(*may.values()), "work/x", "reports/orders/x.json"}

    did: dict[str, set[str]] = {}
    for policy in may:
        somebody = person(system, f"only-{policy}", policy)
        did[policy] = {each for each in everywhere if may_put(somebody, system.stack.bucket, each)}

    assert did == may


def may_put(s3: "S3Client", bucket: str, key: str) -> bool:
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True

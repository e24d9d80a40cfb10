"""People are told of their files by mail and by chat robots: the whole system, strict robots."""

import csv
import io
import json
import time
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest

from local.gateway.delivery import Delivery
from local.robots.client import RobotsClient
from local.robots.server import SECRETS, TOKENS
from local.stack import Stack
from smsdrop.code_texts import code_text
from tests.conftest import DeployStack
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures", "tests.support.robots_fixtures"]
pytestmark = pytest.mark.system

KINDS = ("dingtalk", "feishu", "wecom")


@pytest.fixture(scope="module")
def told_stack(deploy_quick: DeployStack, robots_process: RobotsClient) -> Stack:
    stack = deploy_quick("told", ReportEmail="people@example.com")
    stack.clients.secrets.put_secret_value(
        SecretId=stack.outputs["Robots"], SecretString=robots_process.secret()
    )
    return stack


@pytest.fixture
def told(told_stack: Stack, system: System, robots: RobotsClient) -> System:
    """A stack whose robots have forgotten every earlier test."""
    return System(stack=told_stack, gateway=system.gateway)


@pytest.fixture
def letters(told: System) -> Callable[[], list[str]]:
    """Subscribe a queue beside the address; the fixture reads what has come in."""
    sns, sqs = told.stack.clients.sns, told.stack.clients.sqs
    open_to_all = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:*"}]}
    policy = {"Policy": json.dumps(open_to_all)}
    url = sqs.create_queue(QueueName=uuid4().hex, Attributes=policy)["QueueUrl"]  # type: ignore[arg-type] # stubs name the keys
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    topic = told.stack.physical_id("Reports")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])

    def read() -> list[str]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"])["Message"] for message in messages]

    return read


def order(system: System, what: str, key: str) -> None:
    """Give an order as people do, and wait until it was followed."""
    place = f"orders/{what}/{system.campaign_id(key)}"
    system.stack.clients.s3.put_object(Bucket=system.stack.bucket, Key=place, Body=b"")
    mark = {"pause": "paused_by", "cancel": "halted"}[what]
    system.wait(lambda: mark in system.campaign(key), what=what)


def heads(texts: list[str]) -> list[str]:
    return [each.splitlines()[0].strip() for each in texts]


def test_strict_robots_and_mail_take_the_notices_of_a_campaign(
    told: System, robots: RobotsClient, letters: Callable[[], list[str]]
) -> None:
    numbers = new_numbers(3)
    key = told.put(f"{FOLDER}/approve=yes/to {numbers[0]}.csv", file_of(numbers))
    told.wait(lambda: "plan" in told.campaign(key), what="the plan")
    told.close()
    order(told, "pause", key)
    told.close()
    order(told, "cancel", key)
    told.all_closed(key, campaigns=1)
    told.close()

    journal = robots.journal()
    campaign_id = told.campaign_id(key)
    assert {each.code for each in journal} == {0}
    texts = {kind: [each.text for each in journal if each.kind == kind] for kind in KINDS}
    by_mail = letters()
    for said in (*texts.values(), by_mail):
        assert [each.rpartition(" ")[2] for each in heads(said)[:2]] == ["approval.", "paused."]
        assert "has come to its end" in heads(said)[-1]
        assert 3 <= len(said) <= 6
        assert all(campaign_id in each for each in said)
    assert f"orders/approve/{campaign_id}" in by_mail[0]
    assert f"orders/resume/{campaign_id}" in by_mail[1]
    assert "Sent 0, refused 0, cancelled 3" in by_mail[-1]
    assert told.has_ended(key)
    everything = str([*texts.values(), by_mail, *told.stack.log_lines()])
    secrets = [*TOKENS.values(), *filter(None, SECRETS.values()), robots.address]
    assert [each for each in (*numbers, *secrets) if each in everything] == []
    assert "people told" in everything


THREE_DAYS = 3 * 24 * 3600


def let_three_days_pass(system: System, key: str) -> None:
    """Make all looks at the receipts due; one of them is made."""
    system.stack.clients.dynamodb.update_item(
        TableName=system.stack.ledger_table,
        Key={"campaign_id": {"S": system.campaign_id(key)}, "entry": {"S": "campaign"}},
        UpdateExpression="SET receipts_from = receipts_from - :passed, receipts_at = :now",
        ExpressionAttributeValues={":passed": {"N": str(THREE_DAYS)}, ":now": {"N": "1"}},
    )


def rows_in(system: System, key: str, name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of the report, by its heading."""
    folder = f"reports/{key.removeprefix('incoming/')}/{system.campaign_id(key)}/"
    text = system.stack.read(f"{folder}{name}").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_who_did_not_get_the_text_is_in_a_file_with_the_cause_and_the_last_receipts_are_told(
    told: System, robots: RobotsClient
) -> None:
    shares = {"MOBILE_NOT_ON_SERVICE": 0.2, "USER_REJECT": 0.1}
    told.gateway.set_delivery(Delivery(seed=7, failed=shares, never_received=0.1))
    numbers = new_numbers(60)
    key = told.put(f"{FOLDER}/delivered or not.csv", file_of(numbers))
    before = told.closed(key)
    told.close_for_good(key)
    assert [each.text for each in robots.journal() if "receipts" in each.text] == []
    truth = {each.phone_number: each for each in told.gateway.receipts()}
    fates = Counter(each.fate for each in truth.values())
    assert min(fates[each] for each in ("delivered", "failed", "waiting")) > 0
    let_three_days_pass(told, key)

    told.stack.invoke("LookUpReceipts")
    told.close()
    told.close()

    [report] = told.reports(key)
    assert report.summary["receipts"] == {
        "delivered": fates["delivered"],
        "undelivered": fates["failed"],
        "pending": 0,
        "no_receipt": fates["waiting"],
        "as_of": report.summary["receipts"]["as_of"],
        "final": True,
    }
    words = {"delivered": "delivered", "failed": "undelivered", "waiting": "no receipt"}
    said = {row["phone_number"]: row["smsdrop_delivery"] for row in report.rows()}
    assert said == {number: words[each.fate] for number, each in truth.items()}
    undelivered = rows_in(told, key, "undelivered.csv")
    assert {row["phone_number"]: row["smsdrop_reason"] for row in undelivered} == {
        number: code_text(each.code or "", "en")
        for number, each in truth.items()
        if each.fate == "failed"
    }
    assert report.unsent == before.unsent
    assert report.is_balanced
    last = [each for each in robots.journal() if "has its last receipts" in each.text]
    assert sorted(each.kind for each in last) == sorted(KINDS)
    assert f"Of 60 sent: delivered {fates['delivered']}, undelivered {fates['failed']}," in str(
        last
    )
    assert told.has_ended(key)
    everything = str([*told.stack.log_lines(), *(each.text for each in robots.journal())])
    assert [each for each in numbers if each in everything] == []


def test_a_robot_that_hangs_or_refuses_holds_nothing_up(told: System, robots: RobotsClient) -> None:
    robots.behave("dingtalk", hangs=30)
    robots.behave("feishu", refuses=11232)
    key = told.drop("held up by nobody.csv", new_numbers(3))
    told.wait_for_texts(3)
    told.wait_for_empty_queues()
    began = time.monotonic()

    told.close()

    took = time.monotonic() - began
    [report] = told.reports(key)
    assert report.summary["sent"] == 3
    assert took < 20
    taken = [each.kind for each in robots.journal() if not each.code]
    assert taken.count("wecom") == 1
    lines = "\n".join(told.stack.log_lines())
    assert "feishu 11232" in lines
    assert not any(each in lines for each in (*TOKENS.values(), robots.address))
    robots.reset()
    told.close()
    assert sorted(each.kind for each in robots.journal()) == ["dingtalk", "feishu"]
    assert {each.code for each in robots.journal()} == {0}
    assert told.has_ended(key)


def test_a_secret_in_another_form_sends_nothing_and_is_said_once_without_it(
    deploy_quick: DeployStack, system: System
) -> None:
    mute = System(stack=deploy_quick("mute"), gateway=system.gateway)
    mute.stack.clients.secrets.put_secret_value(
        SecretId=mute.stack.outputs["Robots"], SecretString="https://geheim/hook"
    )
    for name in ("one", "two"):
        key = mute.drop(f"{name}.csv", new_numbers(3))
        assert mute.closed(key).summary["sent"] == 3
        mute.close()
        assert mute.has_ended(key)

    lines = mute.stack.log_lines()
    assert sum("RobotsWrong" in each for each in lines) == 1
    assert not any("geheim" in each for each in lines)


def test_the_bucket_tells_eventbridge_beside_the_functions(told: System) -> None:
    s3 = told.stack.clients.s3

    configured = s3.get_bucket_notification_configuration(Bucket=told.stack.bucket)

    assert "EventBridgeConfiguration" in configured
    assert len(configured["LambdaFunctionConfigurations"]) == 2

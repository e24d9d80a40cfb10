"""The handlers, driven by the events that AWS sends, against AWS in memory and the stand-in."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.close_campaigns import app as close_campaigns
from functions.look_up_receipts import app as look_up_receipts
from functions.operate import app as operate
from functions.parse_recipients import app as parse_recipients
from functions.send_batch import app as send_batch
from local.gateway import catalogue
from local.gateway.admission import ACCOUNT_ID
from local.gateway.client import Gateway
from local.gateway.faults import Fault
from local.template.reading import Template
from smsdrop.alibaba.clock import CorrectedClock
from smsdrop.alibaba.signing import AccessKey
from smsdrop.aws.dynamodb import DynamoLedger, LedgerUnavailable
from smsdrop.aws.log_format import FunctionFailed
from smsdrop.batches.batch import Batch
from smsdrop.batches.forms import FORM
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.entries import Pause
from smsdrop.ledger.terms import Terms
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import NO_CANARY
from smsdrop.receipts.looks import NO_LOOKS, ReceiptCounts
from smsdrop.receipts.part import part_key
from smsdrop.sending.deferral import LONGEST_DELAY_SECONDS
from tests.support.runbook import documented_fields
from tests.support.samples import KEY, campaign
from tests.support.wired import variables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

pytest_plugins = ["tests.support.aws_fixtures", "tests.support.gateway_fixtures"]

ROOT = Path(__file__).parents[2]
HANDLERS = {
    "ParseRecipients": parse_recipients,
    "SendBatch": send_batch,
    "CloseCampaigns": close_campaigns,
    "LookUpReceipts": look_up_receipts,
    "Operate": operate,
}
EVERY_LINE = {
    *("message", "level", "timestamp", "service", "function_name", "function_request_id"),
    *("campaign_id", "file", "version_id"),  # where it is about a campaign or a file
}
"""What is in lines of any kind; docs/operations.md has the rest."""

FOLDER = "incoming/SMS_154950909/云通信/"
ALICE, BOB, CAROL = "13800000000", "13800000001", "13800000002"


@dataclass(slots=True)
class Context:
    """What a handler needs of Lambda's context; a minute is left."""

    function_name: str = "test"
    memory_limit_in_mb: int = 128
    invoked_function_arn: str = "arn:aws-cn:lambda:cn-north-1:123456789012:function:test"
    aws_request_id: str = "3e2c5f0a-9c53-4b0f-b0b9-1a2b3c4d5e6f"
    left_seconds: float = 60

    def get_remaining_time_in_millis(self) -> float:
        return self.left_seconds * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What the handlers find around them."""

    s3: "S3Client"
    bucket: str
    sqs: "SQSClient"
    queue_url: str
    dead_letters_url: str
    retries_url: str
    ledger: DynamoLedger
    logs: StringIO = field(default_factory=StringIO)

    def drop(self, key: str, content: str) -> str:
        """Return the version's id."""
        stored = self.s3.put_object(Bucket=self.bucket, Key=key, Body=content.encode())
        return stored["VersionId"]

    def received(self) -> list[dict[str, Any]]:
        """Take up to ten messages from the queue, as records of an event."""
        response = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10)
        record = event("sqs-two-batches")["Records"][0]
        return [
            record
            | {
                "messageId": each["MessageId"],
                "receiptHandle": each["ReceiptHandle"],
                "body": each["Body"],
            }
            for each in response.get("Messages", [])
        ]

    def dead_letters(self) -> list[str]:
        response = self.sqs.receive_message(QueueUrl=self.dead_letters_url, MaxNumberOfMessages=10)
        return [each["Body"] for each in response.get("Messages", [])]

    def answers(self) -> dict[str, dict[str, Any]]:
        """Return the answers to orders by their keys."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix="reports/orders/")
        return {
            each["Key"]: json.load(self.s3.get_object(Bucket=self.bucket, Key=each["Key"])["Body"])
            for each in listed.get("Contents", ())
        }

    def campaigns(self) -> list[Campaign]:
        return list(self.ledger.open_campaigns())

    def state(self, batch_id: str) -> State:
        entry = self.ledger.snapshot(batch_id).batch
        assert entry is not None
        return entry.state

    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.logs.getvalue().splitlines()]


def event(name: str) -> dict[str, Any]:
    text = (ROOT / "events" / f"{name}.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


def s3_event(name: str, stack: Stack, *versions: str) -> dict[str, Any]:
    """The event, of this stack's bucket and of these versions."""
    dropped = event(name)
    for record, version in zip(dropped["Records"], versions, strict=True):
        record["s3"]["bucket"]["name"] = stack.bucket
        record["s3"]["object"]["versionId"] = version
    return dropped


def parsed(dropped: dict[str, Any]) -> None:
    parse_recipients.lambda_handler(dropped, cast("LambdaContext", Context()))


def sent(queued: dict[str, Any], *, left_seconds: float = 60) -> list[str]:
    """Return the ids of the messages that stay on the queue."""
    context = cast("LambdaContext", Context(left_seconds=left_seconds))
    response = send_batch.lambda_handler(queued, context)
    return [str(each["itemIdentifier"]) for each in response["batchItemFailures"]]


def operated(payload: Any) -> Any:
    return operate.lambda_handler(payload, cast("LambdaContext", Context()))


def id_of(record: dict[str, Any]) -> str:
    return str(record["messageId"])


def forget(app: ModuleType) -> None:
    """Make the handler build its parts again, as a new sandbox would."""
    for each in vars(app).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()


@pytest.fixture
def stack(
    monkeypatch: pytest.MonkeyPatch,
    template: Template,
    s3: "S3Client",
    bucket: str,
    sqs: "SQSClient",
    queue_url: str,
    dynamodb: "DynamoDBClient",
    ledger_table: str,
    secrets: "SecretsManagerClient",
    gateway: Gateway,
) -> Iterator[Stack]:
    keys = json.dumps({"access_key_id": KEY.key_id, "access_key_secret": KEY.secret})
    retries = sqs.create_queue(QueueName="retries", Attributes={"VisibilityTimeout": "0"})
    retries_url = retries["QueueUrl"]
    around = {
        "BUCKET": bucket,
        "BATCH_QUEUE_URL": queue_url,
        "CLOSE_CAMPAIGNS": "a-function-that-is-not-there",
        "DEAD_LETTERS_URL": sqs.create_queue(QueueName="dead-letters")["QueueUrl"],
        "DROP_RETRIES_URL": retries_url,
        "LEDGER_TABLE": ledger_table,
        "SMS_ENDPOINT": gateway.endpoint,
        "SMS_KEYS_SECRET": secrets.create_secret(Name="keys", SecretString=keys)["ARN"],
    }
    for name in HANDLERS:
        for variable, value in variables(template, name, around).items():
            monkeypatch.setenv(variable, value)
    stack = Stack(
        s3=s3,
        bucket=bucket,
        sqs=sqs,
        queue_url=queue_url,
        dead_letters_url=around["DEAD_LETTERS_URL"],
        retries_url=retries_url,
        ledger=DynamoLedger(dynamodb, ledger_table),
    )
    for app in HANDLERS.values():
        app.logger.registered_handler.setStream(stack.logs)
    yield stack
    for app in HANDLERS.values():
        app.logger.registered_handler.setStream(sys.stdout)
        forget(app)
    for line in stack.log_lines():
        fields = line.keys() - EVERY_LINE
        assert fields <= documented_fields()[line["message"]], line


@pytest.fixture
def sending(stack: Stack) -> Stack:
    """A stack with the campaign that the batches of the events belong to, released whole."""
    stack.ledger.write(None, campaign(started_at=time.time(), released=2))
    return stack


def test_a_dropped_file_is_queued(stack: Stack) -> None:
    version = stack.drop(f"{FOLDER}july.csv", f"phone,name\n{ALICE},张三\n{BOB},李四\n")

    parsed(s3_event("s3-put", stack, version))

    [record] = stack.received()
    batch = Batch.from_json(record["body"])
    assert batch.phone_numbers == (ALICE, BOB)
    assert batch.sign_names == ("云通信", "云通信")
    [taken] = stack.campaigns()
    assert (taken.status, taken.queued, taken.counts.accepted) == (Status.SENDING, 1, 2)
    first, *turns, last = stack.log_lines()
    assert (first["message"], first["file"]) == ("file taken up", f"{FOLDER}july.csv")
    assert [each["message"] for each in turns] == [
        "campaign begun",
        "campaign planned",
        "campaign released",
    ]
    assert (last["message"], last["file"]) == ("file parsed", f"{FOLDER}july.csv")
    assert (last["campaign_id"], last["accepted"]) == (taken.campaign_id, 2)


@pytest.mark.parametrize(
    ("settings", "asked", "rejected"),
    [
        pytest.param({}, 1, 1, id="by default"),
        pytest.param({"CHECK_VALUES": "off"}, 1, 0, id="values left to the provider"),
        pytest.param({"CHECK_TEMPLATES": "off"}, 0, 0, id="templates left to the provider"),
    ],
)
def test_template_and_sign_name_are_asked_for_unless_that_is_switched_off(
    stack: Stack,
    gateway: Gateway,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    asked: int,
    rejected: int,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    greeting = catalogue.CatalogueTemplate(content="您好 ${name}")
    gateway.set_catalogue(signs={"云通信": "approved"}, templates={"SMS_154950909": greeting})
    rows = "".join(f"1380000000{digit},张三\n" for digit in range(9))
    version = stack.drop(f"{FOLDER}july.csv", f"phone,name\n{rows}13800000009,★\n")

    parsed(s3_event("s3-put", stack, version))

    [taken] = stack.campaigns()
    assert (taken.counts.accepted, taken.counts.rejected) == (10 - rejected, rejected)
    for question in ("GetSmsTemplate", "GetSmsSign"):
        assert len(list(gateway.requests(action=question))) == asked


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        pytest.param(
            lambda secrets: secrets.put_secret_value(SecretId="keys", SecretString="LTAI"),
            "smsdrop.NoKeys",
            id="another form",
        ),
        pytest.param(
            lambda secrets: secrets.delete_secret(SecretId="keys"),
            "InvalidRequestException",
            id="about to be deleted",
        ),
    ],
)
def test_a_file_is_parsed_and_queued_though_the_secret_cannot_be_read(
    stack: Stack,
    secrets: "SecretsManagerClient",
    break_it: Callable[["SecretsManagerClient"], object],
    code: str,
) -> None:
    break_it(secrets)
    version = stack.drop(f"{FOLDER}july.csv", f"phone,name\n{ALICE},张三\n")

    parsed(s3_event("s3-put", stack, version))

    [taken] = stack.campaigns()
    assert (taken.status, taken.counts.accepted) == (Status.SENDING, 1)
    assert taken.problems[0] == Reason("keys_unreadable", (code,))
    assert len(stack.received()) == 1


def test_a_key_with_spaces_plus_chinese_and_emoji_is_read_right(stack: Stack) -> None:
    key = f"{FOLDER}7月 VIP+老客户 100% 🎉.csv"
    version = stack.drop(key, f"phone\n{ALICE}\n")

    parsed(s3_event("s3-put-awkward-key", stack, version))

    [taken] = stack.campaigns()
    assert (taken.key, taken.counts.accepted) == (key, 1)
    assert taken.dropped_by == "AWS:AIDAINPONIXQXHT3IKHL2"


def test_every_file_of_an_event_is_taken_and_folders_are_not(stack: Stack) -> None:
    first = stack.drop(f"{FOLDER}first.csv", f"phone\n{ALICE}\n")
    second = stack.drop(f"{FOLDER}second.csv", f"phone\n{BOB}\n")

    parsed(s3_event("s3-put-several", stack, first, "folder", second))

    assert {each.key for each in stack.campaigns()} == {
        f"{FOLDER}first.csv",
        f"{FOLDER}second.csv",
    }
    assert len(stack.received()) == 2


def test_the_event_that_s3_sends_to_try_out_a_notification_does_nothing(stack: Stack) -> None:
    parsed(event("s3-test"))

    assert stack.campaigns() == []
    assert stack.received() == []


def test_a_file_that_was_deleted_meanwhile_is_only_logged(stack: Stack) -> None:
    version = stack.drop(f"{FOLDER}july.csv", f"phone\n{ALICE}\n")
    stack.s3.delete_object(Bucket=stack.bucket, Key=f"{FOLDER}july.csv", VersionId=version)

    parsed(s3_event("s3-put", stack, version))

    assert stack.campaigns() == []
    taken_up, deleted = stack.log_lines()
    assert (taken_up["message"], deleted["message"]) == (
        "file taken up",
        "file deleted before it was read",
    )
    assert (deleted["file"], deleted["version_id"]) == (f"{FOLDER}july.csv", version)


def failed_event(stack: Stack, version: str, **attributes: str) -> dict[str, Any]:
    """The event of a message that Lambda has put into the queue of retries."""
    failed = event("s3-put-failed")
    failed["requestPayload"] = s3_event("s3-put", stack, version)
    stack.sqs.send_message(QueueUrl=stack.retries_url, MessageBody=json.dumps(failed))
    [message] = stack.sqs.receive_message(QueueUrl=stack.retries_url)["Messages"]
    [record, _] = event("sqs-two-batches")["Records"]
    record |= {"receiptHandle": message["ReceiptHandle"], "body": message["Body"]}
    record["attributes"] |= {"SentTimestamp": f"{time.time() * 1000:.0f}"} | attributes
    return {"Records": [record]}


def test_a_file_that_could_not_be_judged_is_taken_up_again(stack: Stack) -> None:
    version = stack.drop(f"{FOLDER}july.csv", f"phone\n{ALICE}\n")

    parsed(failed_event(stack, version))

    [campaign] = stack.campaigns()
    assert (campaign.status, campaign.dropped_by) == (Status.SENDING, "AWS:AIDAINPONIXQXHT3IKHL2")
    assert len(stack.received()) == 1


def test_a_file_that_fails_again_is_put_off(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    version = stack.drop(f"{FOLDER}july.csv", f"phone\n{ALICE}\n")
    monkeypatch.setenv("LEDGER_TABLE", "no-such-table")

    with pytest.raises(FunctionFailed, match="ResourceNotFoundException"):
        parsed(failed_event(stack, version))

    counts = stack.sqs.get_queue_attributes(QueueUrl=stack.retries_url, AttributeNames=["All"])
    assert counts["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "1"
    assert "Messages" not in stack.sqs.receive_message(QueueUrl=stack.retries_url)
    _, put_off, failed = stack.log_lines()
    assert (put_off["message"], failed["message"]) == ("file put off", "function failed")
    assert (failed["file"], failed["code"]) == (f"{FOLDER}july.csv", "ResourceNotFoundException")
    assert re.fullmatch(r"aws/dynamodb\.py:\d+:DynamoLedger\.\w+", failed["where"])


def test_a_file_whose_lists_cannot_be_used_is_put_off_and_its_lines_name_none_of_their_rows(
    stack: Stack,
) -> None:
    stack.drop("suppressed/optout.csv", f"phone\n{ALICE}x\n")
    version = stack.drop(f"{FOLDER}july.csv", f"phone\n{ALICE}\n")

    with pytest.raises(FunctionFailed, match="ListsUnusable"):
        parsed(failed_event(stack, version))

    *_, held, put_off, failed = stack.log_lines()
    assert (held["message"], held["held_for"]) == ("campaign held", "lists")
    assert (put_off["message"], failed["code"]) == ("file put off", "lists_unusable")
    assert not any(ALICE in str(each) for each in stack.log_lines())


def test_a_file_that_could_never_be_judged_is_refused_in_the_end(stack: Stack) -> None:
    version = stack.drop(f"{FOLDER}july.csv", f"phone\n{ALICE}\n")

    parsed(failed_event(stack, version, SentTimestamp="0"))

    [given_up] = stack.campaigns()
    assert (given_up.status, given_up.reason) == (Status.REFUSED, Reason("parsing_failed"))
    assert [each["message"] for each in stack.log_lines()] == [
        "file taken up",
        "campaign begun",
        "campaign refused",
        "parsing failed for good",
    ]


def test_each_queued_batch_is_sent(sending: Stack, gateway: Gateway) -> None:
    stay = sent(event("sqs-two-batches"))

    assert stay == []
    assert {each.phone_number for each in gateway.journal()} == {ALICE, BOB, CAROL}
    for line in sending.log_lines():
        assert (line["message"], line["state"], line["code"]) == ("batch done", "sent", "OK")


def test_a_line_about_a_batch_says_what_became_of_it_and_one_more_that_its_campaign_is_halted(
    sending: Stack, gateway: Gateway
) -> None:
    code = "isv.SMS_TEMPLATE_ILLEGAL"
    gateway.add_fault(Fault(kind="answer", code=code, message=ALICE, numbers=(1,)))
    [first, second] = event("sqs-two-batches")["Records"]

    sent({"Records": [first]})
    sent({"Records": [second]})

    halted, refused, cancelled = sending.log_lines()
    assert (halted["level"], halted["message"]) == ("WARNING", "campaign halted")
    assert (halted["code"], halted["file"]) == (code, f"{FOLDER}july.csv")
    assert {refused["message"], cancelled["message"]} == {"batch done"}
    assert (refused["state"], refused["code"]) == ("refused", code)
    assert (cancelled["state"], cancelled["code"]) == ("cancelled", code)
    assert refused["campaign_id"] == halted["campaign_id"] == cancelled["campaign_id"]


def test_a_batch_of_a_held_campaign_is_said_to_be_forgotten_and_not_to_be_done(
    sending: Stack,
) -> None:
    [stands] = sending.campaigns()
    sending.ledger.write(stands, stands.paused("by hand", reason="paused"))

    sent(event("sqs-two-batches"))

    assert {each["message"] for each in sending.log_lines()} == {"batch forgotten"}


def test_a_pause_is_a_line_of_its_own_with_the_code_that_it_is_for(
    sending: Stack, gateway: Gateway
) -> None:
    gateway.add_fault(Fault(kind="answer", code="isv.AMOUNT_NOT_ENOUGH", numbers=(1,)))

    sent({"Records": event("sqs-two-batches")["Records"][:1]})
    operated({"order": "resume"})

    paused, *_, resumed, _ = sending.log_lines()
    assert (paused["message"], paused["code"]) == ("sending paused", "isv.AMOUNT_NOT_ENOUGH")
    assert paused["level"] == "WARNING"
    assert resumed["message"] == "sending resumed"


def test_a_batch_in_doubt_says_what_the_provider_has_answered_to_the_call_and_to_the_lookup(
    sending: Stack, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(send_batch)
    monkeypatch.setenv("SETTLE_AFTER_SECONDS", "0")
    monkeypatch.setenv("SEND_TIMEOUT_SECONDS", "6")
    gateway.add_fault(Fault(kind="answer", code="isp.SYSTEM_ERROR", accepts=True, numbers=(1,)))
    gateway.add_fault(
        Fault(
            kind="answer",
            action="QuerySendDetails",
            code="isp.RAM_PERMISSION_DENY",
            message=f"{ALICE} {KEY.key_id}",
        )
    )
    body = event("sqs-two-batches")["Records"][0]["body"]
    sending.sqs.send_message(QueueUrl=sending.queue_url, MessageBody=body)

    sent({"Records": sending.received()}, left_seconds=30)
    time.sleep(sending.log_lines()[0]["seconds"] + 0.1)
    sent({"Records": sending.received()}, left_seconds=30)

    in_doubt, unanswered = sending.log_lines()
    assert (in_doubt["reason"], in_doubt["code"]) == ("an attempt is in doubt", "isp.SYSTEM_ERROR")
    assert unanswered["reason"] == "the provider did not say what it has sent"
    assert unanswered["code"] == "isp.RAM_PERMISSION_DENY"


def test_a_message_that_is_no_batch_is_a_dead_letter_at_once_and_the_others_are_sent(
    sending: Stack, gateway: Gateway
) -> None:
    queued = event("sqs-poison")

    stay = sent(queued)

    assert stay == []
    assert sending.dead_letters() == [queued["Records"][1]["body"]]
    assert {each.phone_number for each in gateway.journal()} == {ALICE, BOB}
    [error] = [each for each in sending.log_lines() if each["level"] == "ERROR"]
    assert (error["message"], error["error"]) == ("not a batch", "KeyError")


def test_a_message_of_a_later_form_is_put_off_and_is_no_failure(
    sending: Stack, gateway: Gateway
) -> None:
    sending.sqs.send_message(QueueUrl=sending.queue_url, MessageBody=f'{{"form": {FORM + 1}}}')
    [record] = sending.received()
    record["attributes"] = record["attributes"] | {"ApproximateReceiveCount": "12"}

    stay = sent({"Records": [record]})

    assert stay == [id_of(record)]
    assert gateway.summary().calls == {}
    [line] = sending.log_lines()
    assert (line["level"], line["message"]) == ("INFO", "batch deferred")
    assert line["reason"] == "left to a later release"
    assert line["seconds"] >= LONGEST_DELAY_SECONDS / 2


def test_a_message_that_cannot_be_parked_stays(
    sending: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(send_batch)
    monkeypatch.setenv("DEAD_LETTERS_URL", f"{sending.queue_url}-that-is-not-there")
    queued = event("sqs-poison")

    assert sent(queued) == [id_of(queued["Records"][1])]


def test_a_batch_that_fails_for_another_reason_stays_and_is_no_dead_letter(
    sending: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(send_batch)
    monkeypatch.setenv("LEDGER_TABLE", "no-such-table")
    queued = event("sqs-two-batches")

    assert sent(queued) == [id_of(each) for each in queued["Records"]]
    assert sending.dead_letters() == []
    failed, _ = sending.log_lines()
    assert (failed["message"], failed["code"]) == ("batch failed", "ResourceNotFoundException")
    assert failed["where"].startswith("aws/dynamodb.py:")
    assert failed["batch_id"].startswith(failed["campaign_id"])


def test_a_batch_that_must_wait_stays_and_comes_back_later(
    sending: Stack, gateway: Gateway
) -> None:
    body = event("sqs-two-batches")["Records"][0]["body"]
    sending.sqs.send_message(QueueUrl=sending.queue_url, MessageBody=body)
    paused = Pause(paused=True, code="isv.AMOUNT_NOT_ENOUGH", revision=1)
    sending.ledger.write(Pause(), paused)
    [record] = sending.received()

    stay = sent({"Records": [record]})

    assert stay == [id_of(record)]
    assert gateway.summary().calls == {}
    [line] = sending.log_lines()
    assert (line["message"], line["reason"], line["level"]) == (
        "batch deferred",
        "sending is paused",
        "INFO",
    )
    time.sleep(line["seconds"] + 0.1)
    assert [each["body"] for each in sending.received()] == [body]


def test_a_batch_there_is_no_time_for_stays_for_the_next_invocation(
    sending: Stack, gateway: Gateway
) -> None:
    body = event("sqs-two-batches")["Records"][0]["body"]
    sending.sqs.send_message(QueueUrl=sending.queue_url, MessageBody=body)
    [record] = sending.received()

    stay = sent({"Records": [record]}, left_seconds=5)

    assert stay == [id_of(record)]
    assert gateway.summary().calls == {}
    assert sending.received() == []
    [line] = sending.log_lines()
    time.sleep(line["seconds"] + 0.1)
    assert len(sending.received()) == 1


def test_a_dropped_file_goes_all_the_way_and_its_event_again_changes_nothing(
    stack: Stack, gateway: Gateway
) -> None:
    numbers = [f"139{each:08d}" for each in range(250)]
    version = stack.drop(f"{FOLDER}july.csv", "phone\n" + "\n".join(numbers))
    dropped = s3_event("s3-put", stack, version)
    parsed(dropped)
    queued = {"Records": stack.received()}
    stay = sent(queued)

    parsed(dropped)
    stay += sent(queued)

    assert stay == []
    assert stack.received() == []
    assert sorted(each.phone_number for each in gateway.journal()) == numbers
    batch_ids = [Batch.from_json(each["body"]).batch_id for each in queued["Records"]]
    assert {stack.state(each) for each in batch_ids} == {State.SENT}


def closed(left_seconds: float = 900, **event: str) -> None:
    context = cast("LambdaContext", Context(left_seconds=left_seconds))
    close_campaigns.lambda_handler(event, context)


def looked() -> None:
    """Look receipts up."""
    look_up_receipts.lambda_handler({}, cast("LambdaContext", Context(left_seconds=300)))


def sent_and_closed(stack: Stack, *numbers: str, minutes_ago: float) -> Campaign:
    """Return a campaign that was sent to these numbers, and closed so long ago."""
    version = stack.drop(f"{FOLDER}july.csv", "phone\n" + "\n".join(numbers))
    parsed(s3_event("s3-put", stack, version))
    [begun] = stack.campaigns()
    sent({"Records": stack.received()})
    closed()
    stands = stack.ledger.campaign(begun.campaign_id)
    assert stands is not None
    at = time.time() - 60 * minutes_ago
    after = stands.looked(replace(stands.looks, receipts_from=at, receipts_at=at + 300))
    return stack.ledger.write(stands, after)


def test_receipts_are_looked_up_once_they_are_due(stack: Stack, gateway: Gateway) -> None:
    gateway.change_settings(receipt_seconds=0)
    campaign = sent_and_closed(stack, ALICE, BOB, CAROL, minutes_ago=4)
    looked()
    asked_too_early = gateway.summary().calls.get("QuerySendDetails", {})
    before = replace(campaign.looks, receipts_from=1, receipts_at=1)
    stack.ledger.write(campaign, campaign.looked(before))

    looked()

    assert asked_too_early == {}
    after = stack.ledger.campaign(campaign.campaign_id)
    assert after is not None
    assert after.looks.counts(sent=after.counts.sent) == ReceiptCounts(
        delivered=3,
        undelivered=0,
        pending=0,
        no_receipt=0,
        as_of=after.looks.receipts_as_of,
        final=True,
    )
    [line] = [each for each in stack.log_lines() if each["message"] == "receipts looked up"]
    assert (line["campaign_id"], line["delivered"]) == (campaign.campaign_id, 3)
    assert not {ALICE, BOB, CAROL} & set(re.findall(r"\d{11}", stack.logs.getvalue()))
    looked()
    assert gateway.summary().calls["QuerySendDetails"] == {"OK": 3}


def went_ahead(stack: Stack) -> Campaign:
    """Return a campaign whose only batch went ahead some minutes ago."""
    stands = sent_and_closed(stack, ALICE, BOB, minutes_ago=4)
    after = replace(
        stands,
        status=Status.HELD,
        is_open=True,
        looks=NO_LOOKS,
        terms=Terms(canary_recipients=2, canary_batches=1, canary_percent=90),
        canary=NO_CANARY.ended(at=time.time() - 300),
        revision=stands.revision + 1,
    )
    return stack.ledger.write(stands, after)


def test_those_who_went_ahead_are_looked_up_and_judged(stack: Stack, gateway: Gateway) -> None:
    gateway.change_settings(receipt_seconds=0)
    waiting = went_ahead(stack)

    looked()

    after = stack.ledger.campaign(waiting.campaign_id)
    assert after is not None
    assert after.canary.canary_word == "good"
    [line] = [each for each in stack.log_lines() if each["message"] == "canary looked up"]
    assert (line["campaign_id"], line["canary"]["delivered"]) == (waiting.campaign_id, 2)
    assert not {ALICE, BOB} & set(re.findall(r"\d{11}", stack.logs.getvalue()))


def test_who_may_not_ask_for_receipts_of_those_who_went_ahead_is_said(
    stack: Stack, gateway: Gateway
) -> None:
    waiting = went_ahead(stack)
    gateway.add_fault(
        Fault(kind="answer", action="QuerySendDetails", code="isp.RAM_PERMISSION_DENY")
    )

    looked()

    [line] = [each for each in stack.log_lines() if each["message"] == "receipts not allowed"]
    assert (line["campaign_id"], line["code"]) == (waiting.campaign_id, "isp.RAM_PERMISSION_DENY")


def test_a_key_pair_that_may_not_ask_for_receipts_is_said(stack: Stack, gateway: Gateway) -> None:
    campaign = sent_and_closed(stack, ALICE, minutes_ago=6)
    gateway.add_fault(
        Fault(kind="answer", action="QuerySendDetails", code="isp.RAM_PERMISSION_DENY")
    )

    looked()

    [line] = [each for each in stack.log_lines() if each["message"] == "receipts not allowed"]
    assert (line["campaign_id"], line["code"]) == (
        campaign.campaign_id,
        "isp.RAM_PERMISSION_DENY",
    )


def test_a_campaign_whose_receipts_cannot_be_kept_is_counted_and_logged_without_numbers(
    stack: Stack, gateway: Gateway, capfd: pytest.CaptureFixture[str]
) -> None:
    campaign = sent_and_closed(stack, ALICE, minutes_ago=6)
    stack.s3.put_object(
        Bucket=stack.bucket, Key=part_key(campaign.campaign_id, 0), Body=ALICE.encode()
    )

    looked()

    [line] = [each for each in stack.log_lines() if each["message"] == "receipts failed"]
    assert (line["campaign_id"], line["error"]) == (campaign.campaign_id, "BadGzipFile")
    assert ALICE not in stack.logs.getvalue()
    assert "ReceiptsFailed" in capfd.readouterr().out
    assert "QuerySendDetails" not in gateway.summary().calls


def test_without_receipts_no_look_is_ever_due(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECEIPTS", "off")

    campaign = sent_and_closed(stack, ALICE, minutes_ago=6)

    assert campaign.counts.sent == 1
    assert campaign.looks.receipts_looked == 0


def test_a_woken_closer_closes_one_campaign_and_counts_as_no_tick(
    stack: Stack, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("wrong", "odd"):
        rows = f"phone,name\n{name},张三\n"
        parsed(s3_event("s3-put", stack, stack.drop(f"{FOLDER}july.csv", rows)))
    first, second = stack.campaigns()

    closed(campaign_id=second.campaign_id)

    assert [each.campaign_id for each in stack.campaigns()] == [first.campaign_id]
    [line] = [each for each in stack.log_lines() if each["message"] == "campaign checked"]
    assert line["campaign_id"] == second.campaign_id
    assert "CampaignsOpen" not in capfd.readouterr().out


def test_a_closer_that_cannot_be_woken_is_counted_and_fails_no_parse(
    stack: Stack, capfd: pytest.CaptureFixture[str]
) -> None:
    parsed(s3_event("s3-put", stack, stack.drop(f"{FOLDER}july.csv", "phone,name\n1,张三\n")))

    [campaign] = stack.campaigns()
    assert campaign.is_to_be_reported
    assert "WakesFailed" in capfd.readouterr().out


def test_a_campaign_that_fails_is_logged_by_the_kind_of_its_error_and_others_are_closed(
    stack: Stack,
) -> None:
    for name in ("wrong", "right"):
        rows = f"phone,name\n{name},张三\n"
        parsed(s3_event("s3-put", stack, stack.drop(f"{FOLDER}july.csv", rows)))
    broken, whole = stack.campaigns()
    stack.s3.delete_object(Bucket=stack.bucket, Key=f"{broken.plan}rows.jsonl")

    closed()

    [failed] = [each for each in stack.log_lines() if each["message"] == "campaign failed"]
    assert (failed["level"], failed["error"]) == ("ERROR", "ObjectGone")
    assert failed["campaign_id"] == broken.campaign_id
    assert failed["where"].startswith("aws/s3.py:")
    assert [each.campaign_id for each in stack.campaigns()] == [broken.campaign_id]
    assert whole.campaign_id != broken.campaign_id


def test_the_account_of_the_key_pair_is_known_after_a_minute(stack: Stack) -> None:
    closed()

    assert stack.ledger.key_accounts((KEY.key_id,))[KEY.key_id].account_id == ACCOUNT_ID
    assert ACCOUNT_ID not in stack.logs.getvalue()


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        pytest.param(
            lambda gateway, _: gateway.change_settings(lacks=["GetCallerIdentity"]),
            "InvalidAction.NotFound",
            id="a gateway that does not know the question",
        ),
        pytest.param(
            lambda gateway, _: gateway.add_fault(
                Fault(
                    kind="answer",
                    action="GetCallerIdentity",
                    code="Forbidden.RAM",
                    message=KEY.key_id,
                )
            ),
            "Forbidden.RAM",
            id="a refusal that echoes the key",
        ),
        pytest.param(
            lambda _, secrets: secrets.put_secret_value(SecretId="keys", SecretString="LTAI"),
            "smsdrop.NoKeys",
            id="a secret in another form",
        ),
    ],
)
def test_an_account_that_cannot_be_asked_for_is_said_and_keeps_no_campaign_from_its_end(
    stack: Stack,
    gateway: Gateway,
    secrets: "SecretsManagerClient",
    break_it: Callable[[Gateway, "SecretsManagerClient"], object],
    reason: str,
) -> None:
    break_it(gateway, secrets)
    parsed(s3_event("s3-put", stack, stack.drop(f"{FOLDER}july.csv", "phone,name\n1,张三\n")))

    closed()

    assert stack.campaigns() == []
    [line] = [each for each in stack.log_lines() if "account" in each["message"]]
    assert (line["level"], line["reason"]) == ("INFO", reason)
    assert KEY.key_id not in stack.logs.getvalue()
    assert not stack.ledger.key_accounts((KEY.key_id,))


def test_whatever_fails_over_the_account_fails_no_invocation(
    stack: Stack,
) -> None:
    class Broken:
        def account(self, *, key: AccessKey) -> str:
            raise LedgerUnavailable(key.key_id)

    adapters: Any = close_campaigns.adapters()
    adapters.gateway = Broken()

    closed()

    [line] = [each for each in stack.log_lines() if "account" in each["message"]]
    assert line["reason"] == "LedgerUnavailable"
    assert KEY.key_id not in stack.logs.getvalue()


def test_people_are_told_once_a_report_stands_and_the_log_names_campaign_and_channel(
    stack: Stack,
) -> None:
    letters: list[str] = []

    class Taking:
        name = "mail"

        def say(self, _subject: str, text: str) -> str:
            letters.append(text)
            return ""

    adapters: Any = close_campaigns.adapters()
    adapters.report_topic = Taking()
    parsed(s3_event("s3-put", stack, stack.drop(f"{FOLDER}july.csv", "phone,name\n1,张三\n")))
    [campaign] = stack.campaigns()

    closed()
    closed()

    [letter] = letters
    assert f"reports/SMS_154950909/云通信/july.csv/{campaign.campaign_id}/" in letter
    [line] = [each for each in stack.log_lines() if each["message"] == "people told"]
    assert (line["channel"], line["notices"]) == ("mail", [f"{campaign.campaign_id} refused"])


def test_whatever_fails_over_telling_people_fails_no_invocation(stack: Stack) -> None:
    class Broken:
        problem = "RobotsWrong"

        def current(self) -> None:
            raise LedgerUnavailable(KEY.secret)

    adapters: Any = close_campaigns.adapters()
    adapters.robots = Broken()
    parsed(s3_event("s3-put", stack, stack.drop(f"{FOLDER}july.csv", "phone,name\n1,张三\n")))

    closed()
    closed()

    assert stack.campaigns() == []
    failed = [each for each in stack.log_lines() if each["message"] == "notices failed"]
    assert [each["error"] for each in failed] == ["LedgerUnavailable"] * 2
    assert [each["reason"] for each in stack.log_lines() if "robots" in each["message"]] == [
        "RobotsWrong"
    ]
    assert KEY.secret not in stack.logs.getvalue()


def test_a_queue_that_cannot_be_shut_and_a_topic_that_is_gone_keep_no_campaign_from_its_end(
    stack: Stack,
) -> None:
    stack.ledger.write(Pause(), Pause(paused=True, code="isv.AMOUNT_NOT_ENOUGH", revision=1))
    parsed(s3_event("s3-put", stack, stack.drop(f"{FOLDER}july.csv", "phone,name\n1,张三\n")))

    with suppress(FunctionFailed):
        closed()

    assert stack.campaigns() == []


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(None, id="all well"),
        pytest.param(Fault(kind="answer", code="isv.MOBILE_NUMBER_ILLEGAL"), id="refused"),
        pytest.param(
            Fault(kind="answer", code="isv.AMOUNT_NOT_ENOUGH", message=f"for {ALICE}"),
            id="a message that echoes a number",
        ),
        pytest.param(
            Fault(kind="answer", code="SignatureDoesNotMatch", message=f"{KEY.secret} {ALICE}"),
            id="a message that echoes what was signed",
        ),
        pytest.param(Fault(kind="garbage", body=f"<html>{ALICE}</html>"), id="garbage"),
        pytest.param(Fault(kind="drop_after"), id="cut off"),
        pytest.param(Fault(kind="drop_before", action="*"), id="cut off, lookups too"),
    ],
)
def test_logs_hold_no_phone_numbers_and_no_keys(
    stack: Stack, gateway: Gateway, fault: Fault | None
) -> None:
    if fault is not None:
        gateway.add_fault(fault)
    rows = f"phone,name\n{ALICE},{CAROL}\n+86 138-0000-0001,张三\n{ALICE},x\n1380000000x,y\n"
    rows += "13800000003,李四\n13800000004,王五\n"
    version = stack.drop(f"{FOLDER}july.csv", rows)
    parsed(s3_event("s3-put", stack, version))
    poison = event("sqs-poison")["Records"][1]

    sent({"Records": [*stack.received(), poison, poison | {"body": f'"{ALICE}'}]})
    closed()

    written = stack.logs.getvalue()
    assert written.count("\n") >= 4
    digits = re.sub(r"\D", "", written)
    for number in (ALICE, BOB, CAROL, "13800000009"):
        assert number not in written
        assert number not in digits
    assert KEY.secret not in written
    assert KEY.key_id not in written
    assert ACCOUNT_ID not in written
    assert "张三" not in written


@pytest.mark.parametrize("name", HANDLERS)
def test_a_function_that_fails_says_where_and_neither_logs_nor_raises_the_errors_text(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"cannot read {ALICE}")

    app = HANDLERS[name]
    monkeypatch.setattr(app, "adapters", fail)

    with pytest.raises(FunctionFailed) as failed:
        app.lambda_handler(s3_event("s3-put", stack, "1"), cast("LambdaContext", Context()))

    line = stack.log_lines()[-1]
    assert (line["level"], line["message"], line["error"]) == (
        "ERROR",
        "function failed",
        "ValueError",
    )
    assert re.fullmatch(r"app\.py:\d+:\w+", line["where"])
    assert ALICE not in stack.logs.getvalue() + str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_a_phone_number_in_a_files_name_is_shown_by_its_last_digits(stack: Stack) -> None:
    version = stack.drop(f"{FOLDER}to {ALICE}.csv", f"phone\n{ALICE}\n")
    dropped = s3_event("s3-put", stack, version)
    dropped["Records"][0]["s3"]["object"]["key"] = f"{FOLDER}to+{ALICE}.csv"

    parsed(dropped)

    assert {each["file"] for each in stack.log_lines()} == {f"{FOLDER}to *******0000.csv"}


def test_an_order_given_as_a_folder_in_the_bucket_is_followed_and_answered(stack: Stack) -> None:
    ordered = event("s3-order")
    key = f"{FOLDER}7月 VIP+老客户 100%.csv"
    stack.ledger.write(None, campaign(key=key))

    for _ in range(2):
        operated(ordered)

    [taken] = stack.campaigns()
    assert (taken.status, taken.paused_by) == (Status.HELD, "AWS:AROAINPONIXQXHT3IKHL2:li.si")
    [(where, answer)] = stack.answers().items()
    assert where.startswith("reports/orders/2026-01-02 110506.789 pause ")
    assert (answer["code"], answer["file"], answer["status"]) == ("order_paused", key, "held")
    assert (answer["what"], answer["by"]) == (key.removeprefix("incoming/"), taken.paused_by)


def test_an_order_given_by_payload_is_followed_and_answered_in_the_bucket_too(stack: Stack) -> None:
    begun = stack.ledger.write(None, campaign())

    answer = operated({"order": "cancel", "campaign_id": begun.campaign_id})

    assert (answer["halted"], answer["by"]) == ("smsdrop.Cancelled", "by hand")
    assert list(stack.answers().values()) == [answer]
    halted, line = stack.log_lines()
    assert (halted["message"], halted["code"]) == ("campaign halted", "smsdrop.Cancelled")
    assert (line["message"], line["order"]) == ("order executed", "cancel")
    assert (line["campaign_id"], line["code"]) == (begun.campaign_id, "order_cancelled")


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"order": "stop", "file": "13800138000.csv"}, id="an unknown order"),
        pytest.param(
            {"order": "cancel", "campaign_id": "20260102T030405Z-00000000000000aa"},
            id="an unknown campaign",
        ),
        pytest.param({"order": "cancel"}, id="no campaign"),
        pytest.param({}, id="nothing"),
        pytest.param(["pause"], id="a list"),
        pytest.param(None, id="null"),
    ],
)
def test_what_operate_does_not_understand_it_answers_in_words(stack: Stack, payload: Any) -> None:
    answer = operated(payload)

    assert answer["error"].endswith(".")
    assert "answer" not in answer
    assert "1380013" not in stack.logs.getvalue() + "".join(stack.answers())


@pytest.mark.parametrize(
    "name", sorted(each.parent.name for each in ROOT.glob("functions/*/app.py"))
)
def test_a_handler_can_be_imported_without_environment_credentials_or_network(name: str) -> None:
    command = [sys.executable, "-W", "error", "-c", f"import functions.{name}.app"]

    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, env={}, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "path", [pytest.param(each, id=each.name) for each in ROOT.glob("events/*")]
)
def test_every_event_is_json_and_driven_by_a_test(path: Path) -> None:
    json.loads(path.read_text(encoding="utf-8"))

    assert f'"{path.stem}"' in Path(__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong_by", [-3600, 3600], ids=["an hour behind", "an hour ahead"])
def test_a_sandbox_with_a_wrong_clock_sends_from_its_next_invocation_on_and_pauses_nothing(
    sending: Stack, gateway: Gateway, wrong_by: float
) -> None:
    send_batch.adapters().clock = CorrectedClock(lambda: time.time() + wrong_by)
    queued = event("sqs-two-batches")

    first = sent(queued)
    texted_by_then = gateway.summary().texts
    second = sent(queued)

    assert (len(first), second) == (len(queued["Records"]), [])
    assert texted_by_then == 0
    assert gateway.summary().numbers_texted_more_than_once == 0
    assert gateway.summary().texts > 0
    assert not sending.ledger.pause().paused

"""A function that does what it is told, to try the local AWS with."""

import json
import os
import time
from collections.abc import Callable
from typing import Any

import boto3

import smsdrop

Event = dict[str, Any]


def lambda_handler(event: Event, _context: object) -> Any:
    if "Records" not in event:
        return DEEDS[event["do"]](event)
    for record in event["Records"]:
        DEEDS[record["eventSource"]](record)
    return {"batchItemFailures": [each for each in map(put_off, event["Records"]) if each]}


def say(**what: Any) -> None:
    line = json.dumps({"at": time.time(), "process": os.getpid(), **what})
    print(line, flush=True)  # noqa: T201 - Lambda logs what a function prints


def take_message(record: Event) -> None:
    told = json.loads(record["body"])
    say(began=told["name"], receive_count=int(record["attributes"]["ApproximateReceiveCount"]))
    time.sleep(told.get("seconds", 0))
    say(ended=told["name"])


def put_off(record: Event) -> dict[str, str] | None:
    """Put a message off once, if it says so, and report it as failed."""
    told = json.loads(record.get("body", "{}"))
    if "put_off" not in told or record["attributes"]["ApproximateReceiveCount"] != "1":
        return None
    boto3.client("sqs").change_message_visibility(
        QueueUrl=os.environ["BATCH_QUEUE_URL"],
        ReceiptHandle=record["receiptHandle"],
        VisibilityTimeout=told["put_off"],
    )
    return {"itemIdentifier": record["messageId"]}


def send_messages(event: Event) -> int:
    entries = [{"Id": str(n), "MessageBody": '{"name": "sent"}'} for n in range(event["count"])]
    answer = boto3.client("sqs").send_message_batch(
        QueueUrl=os.environ["BATCH_QUEUE_URL"],
        Entries=entries,  # type: ignore[arg-type]  # the stubs want a dict of their own
    )
    return len(answer["Successful"])


def write_item(_event: Event) -> None:
    boto3.client("dynamodb").put_item(
        TableName=os.environ["LEDGER_TABLE"], Item={"campaign_id": {"S": "c1"}}
    )


def say_lines(event: Event) -> None:
    for number in range(event["count"]):
        say(line=number)


DEEDS: dict[str, Callable[[Event], Any]] = {
    "environment": lambda _event: dict(os.environ),
    "layer": lambda _event: smsdrop.__doc__,
    "die": lambda _event: os._exit(1),
    "sleep": lambda event: time.sleep(event["seconds"]),
    "send": send_messages,
    "write": write_item,
    "say": say_lines,
    "aws:s3": lambda record: say(
        dropped=record["s3"]["object"], by=record["userIdentity"]["principalId"]
    ),
    "aws:sqs": take_message,
}

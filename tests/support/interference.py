"""What tests do to a running system and nobody should do to a real one."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local import ROOT
from local.aws.clients import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from smsdrop.sending.queue_plan import STALLED_SECONDS
from tests.support.whole_system import System

if TYPE_CHECKING:
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationTypeDef


def event_source(system: System) -> "EventSourceMappingConfigurationTypeDef":
    """Return what hands the queue's messages to the senders."""
    [mapping] = system.stack.clients.functions.list_event_source_mappings(
        FunctionName=system.stack.function("SendBatch")
    )["EventSourceMappings"]
    return mapping


@contextmanager
def queue_shut(system: System) -> Iterator[None]:
    """Let messages wait on the queue until the block ends."""
    functions, uuid = system.stack.clients.functions, event_source(system)["UUID"]
    functions.update_event_source_mapping(UUID=uuid, Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=uuid, Enabled=True)


@contextmanager
def bucket_silent(system: System) -> Iterator[None]:
    """Let files be dropped without their events until the block ends."""
    s3, bucket = system.stack.clients.s3, system.stack.bucket
    told = s3.get_bucket_notification_configuration(Bucket=bucket)
    del told["ResponseMetadata"]  # type: ignore[misc] # belongs to the answer, not to the bucket
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    try:
        yield
    finally:
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=told)  # type: ignore[arg-type] # but for that, what is read may be written


@contextmanager
def parser_broken(system: System, variable: str, value: str) -> Iterator[None]:
    """Let ParseRecipients have a wrong setting until the block ends."""
    functions, name = system.stack.clients.functions, system.stack.function("ParseRecipients")
    right = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    wrong = {**right, variable: value}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": wrong})
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": right})


def let_queueing_stall(system: System, key: str) -> None:
    """Move a campaign's last checkpoint so far back that no run can still be working on it."""
    campaign = system.campaign(key)
    system.stack.clients.dynamodb.update_item(
        TableName=system.stack.ledger_table,
        Key={"campaign_id": campaign["campaign_id"], "entry": campaign["entry"]},
        UpdateExpression="ADD queued_at :ago, revision :one",
        ExpressionAttributeValues={
            ":ago": {"N": str(-STALLED_SECONDS - 1)},
            ":one": {"N": "1"},
        },
    )


def parse_until_killed(system: System, key: str, *, calls: int) -> None:
    """Parse a dropped file as Lambda does, but outside of it, and killed after queueing calls."""
    configuration = system.stack.clients.functions.get_function_configuration(
        FunctionName=system.stack.function("ParseRecipients")
    )
    process = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.support.killed_parse", str(calls)],
        cwd=ROOT,
        env={
            **configuration["Environment"]["Variables"],
            "PYTHONPATH": str(ROOT / "layers" / "smsdrop"),
            "AWS_ENDPOINT_URL": system.stack.aws.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_DEFAULT_REGION": REGION,
        },
        input=json.dumps(system.event(key)),
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL, process.stderr


def kill_senders(system: System) -> int:
    """Kill the processes that run SendBatch, and return how many there were."""
    workers = system.stack.workers("SendBatch")
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    return len(workers)


def put_secret(system: System, secret: str, *, key_id: str = "") -> None:
    """Put another secret beside the id of the access key, or another key pair."""
    key_id = key_id or system.stack.access_key_id
    pair = {"access_key_id": key_id, "access_key_secret": secret}
    system.stack.clients.secrets.put_secret_value(
        SecretId=system.stack.outputs["SmsKeys"], SecretString=json.dumps(pair)
    )

"""The local AWS does what AWS does, where we rely on it; `probe` is the project to try it with."""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import boto3
import pytest
from botocore.exceptions import ClientError

from local.aws import deploy
from local.aws.async_events import AT_A_TIME
from local.aws.clients import REGION
from local.aws.local_aws import LocalAws, local_aws
from local.aws.waiting import wait_until
from local.gateway.client import Gateway
from local.gateway_process import SmsKeys
from local.stack import STREAMS_AT_ONCE, QueueCounts, Stack
from local.template.reading import load
from local.up import deployed

pytestmark = pytest.mark.system

PROBE = Path(__file__).parent / "probe"
VISIBILITY_SECONDS = 3
"""How long a message of the probe's queue stays with the function that took it."""


@pytest.fixture(scope="module")
def probe(cloud: LocalAws) -> Stack:
    return probe_in(cloud, "probe")


def probe_in(cloud: LocalAws, stack_name: str, **parameters: str) -> Stack:
    return deployed(
        cloud,
        root=PROBE,
        stack_name=stack_name,
        sms_endpoint="http://127.0.0.1:9",
        sms_keys=SmsKeys(),
        parameters=parameters,
    )


@pytest.fixture(scope="module")
def unbridged() -> Iterator[Stack]:
    """The probe deployed as it stands, in its own local AWS, since it stops the others."""
    with local_aws() as aws:
        whole = load(PROBE / "template.yaml")
        deploy.upload_code(aws.clients, whole, PROBE)
        deploy.put_stack(aws.clients, "probe", whole, {})
        outputs = deploy.finished(aws.clients, "probe")
        yield Stack(
            name="probe",
            aws=aws,
            outputs=outputs,
            sms_endpoint="",
            access_key_id="",
            access_key_secret="",
        )


def said(stack: Stack, key: str, value: Any = None) -> list[dict[str, Any]]:
    """What the stack's functions said under the key, the earliest first."""
    lines = [json.loads(line) for line in stack.log_lines() if line.startswith('{"at"')]
    found = [each for each in lines if key in each and value in (None, each[key])]
    return sorted(found, key=lambda each: float(each["at"]))


def queue_up(stack: Stack, **message: Any) -> None:
    stack.clients.sqs.send_message(QueueUrl=stack.queue_url, MessageBody=json.dumps(message))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("july.csv", id="plain"),
        pytest.param("云通信/七月.csv", id="Chinese"),
        pytest.param("july 2026.csv", id="space"),
        pytest.param("a+b.csv", id="plus"),
        pytest.param("50%.csv", id="percent"),
        pytest.param("🎉.csv", id="emoji"),
    ],
)
def test_a_dropped_file_is_announced_by_its_name_size_and_version(probe: Stack, name: str) -> None:
    version_id = probe.drop(f"incoming/{name}", b"123")

    [event] = wait_until(
        lambda: [
            each["dropped"]
            for each in said(probe, "dropped")
            if each["dropped"]["versionId"] == version_id
        ],
        timeout=10,
        what="event",
    )
    assert unquote_plus(event["key"]) == f"incoming/{name}"
    assert event["size"] == 3


def test_many_files_at_once_wait_for_a_few_workers(probe: Stack) -> None:
    names = [f"incoming/many-{number}.csv" for number in range(3 * AT_A_TIME)]
    with ThreadPoolExecutor(len(names)) as threads:
        list(threads.map(lambda name: probe.drop(name, b""), names))

    def dropped() -> set[str]:
        return {each["dropped"]["key"] for each in said(probe, "dropped")}

    wait_until(lambda: dropped() >= set(names), timeout=30, what="all events")
    assert len(probe.workers("Probe")) <= AT_A_TIME


def test_a_file_outside_incoming_is_not_announced(probe: Stack) -> None:
    probe.drop("reports/outside.csv", b"1")
    version_id = probe.drop("incoming/inside.csv", b"1")

    wait_until(lambda: version_id in str(said(probe, "dropped")), timeout=10, what="event")
    assert "outside.csv" not in str(said(probe, "dropped"))


def test_an_event_names_who_has_dropped_the_file(probe: Stack) -> None:
    alice, bob = (new_user(probe, name) for name in ("alice-of-probe", "bob-of-probe"))
    for user in (alice, bob, alice):
        drop_as(probe, user["pair"], "incoming/by somebody.csv")
    probe.drop("incoming/by somebody.csv", b"")

    def droppers() -> list[str]:
        found = [each for each in said(probe, "by") if "by+somebody" in each["dropped"]["key"]]
        return sorted(each["by"] for each in found)

    wait_until(lambda: len(droppers()) == 4, timeout=10, what="all events")
    ids = (alice["id"], alice["id"], bob["id"], "000000000000")
    assert droppers() == sorted(f"AWS:{each}" for each in ids)


def new_user(stack: Stack, name: str) -> dict[str, Any]:
    """Make a user who may put objects, and return the unique id and a key pair."""
    iam = stack.clients.iam
    unique_id = iam.create_user(UserName=name)["User"]["UserId"]
    allow = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    iam.put_user_policy(
        UserName=name,
        PolicyName="put",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
    )
    return {"id": unique_id, "pair": iam.create_access_key(UserName=name)["AccessKey"]}


def drop_as(stack: Stack, pair: dict[str, str], key: str) -> None:
    session = boto3.Session(pair["AccessKeyId"], pair["SecretAccessKey"], region_name=REGION)
    s3 = session.client("s3", endpoint_url=stack.clients.endpoint)
    s3.put_object(Bucket=stack.bucket, Key=key, Body=b"")


def test_a_function_may_do_what_its_role_allows_and_nothing_else(probe: Stack) -> None:
    refused = probe.invoke("Probe", {"do": "write"})

    assert "not authorized to perform: dynamodb:PutItem" in refused["errorMessage"]
    assert probe.invoke("Probe", {"do": "send", "count": 2}) == 2


def test_functions_inherit_nothing_of_this_machine_or_of_the_server(probe: Stack) -> None:
    environment = probe.invoke("Probe", {"do": "environment"})

    assert not {"LOG_LEVEL", "HTTP_PROXY", "AWS_PROFILE", "PYTEST_CURRENT_TEST"} & set(environment)
    assert environment["HOME"] != os.environ.get("HOME")
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"


def test_functions_import_the_layer_that_was_deployed(probe: Stack) -> None:
    assert probe.invoke("Probe", {"do": "layer"}) == "A layer to try the local AWS with."


def test_a_function_is_ended_at_its_timeout(probe: Stack) -> None:
    began = time.monotonic()

    answer = probe.invoke("Hasty", {"do": "sleep", "seconds": 20})

    assert "timed out after 1" in answer["errorMessage"]
    assert time.monotonic() - began < 10


def test_an_event_that_a_function_fails_on_ends_at_its_failure_destination(probe: Stack) -> None:
    probe.clients.functions.invoke(
        FunctionName=probe.function("Hasty"),
        InvocationType="Event",
        Payload=json.dumps({"do": "die"}),
    )

    wait_until(lambda: probe.queue_counts().dead, timeout=10, what="failed event")
    [message] = probe.clients.sqs.receive_message(QueueUrl=probe.dead_letter_queue_url)["Messages"]
    probe.clients.sqs.delete_message(
        QueueUrl=probe.dead_letter_queue_url, ReceiptHandle=message["ReceiptHandle"]
    )
    assert json.loads(message["Body"])["requestPayload"] == {"do": "die"}


def test_no_more_than_the_maximum_concurrency_run_at_once(probe: Stack) -> None:
    for number in range(6):
        queue_up(probe, name=f"many {number}", seconds=0.3)

    wait_until(lambda: probe.queue_counts().empty, timeout=20, what="end of the queue")
    steps = [(each["at"], 1) for each in said(probe, "began") if "many" in each["began"]]
    steps += [(each["at"], -1) for each in said(probe, "ended") if "many" in each["ended"]]
    running = [sum(step for _, step in sorted(steps)[:upto]) for upto in range(len(steps) + 1)]
    assert len(steps) == 12
    assert max(running) == 2


def test_a_message_that_a_function_puts_off_comes_back_after_that_time(probe: Stack) -> None:
    queue_up(probe, name="put off", put_off=1)

    wait_until(lambda: len(said(probe, "began", "put off")) == 2, timeout=10, what="return")
    first, second = said(probe, "began", "put off")
    assert second["receive_count"] == 2
    assert 0.9 < second["at"] - first["at"] < VISIBILITY_SECONDS
    wait_until(lambda: probe.queue_counts().empty, timeout=5, what="empty queue")


def test_a_message_comes_back_when_the_process_that_took_it_is_killed(probe: Stack) -> None:
    queue_up(probe, name="killed", seconds=1)
    wait_until(lambda: probe.queue_counts().held, timeout=5, what="taken message")
    workers = wait_until(lambda: probe.workers("Receiver"), timeout=5, what="worker")
    time.sleep(0.5)

    for worker in workers:
        os.kill(worker, signal.SIGKILL)

    wait_until(lambda: said(probe, "ended", "killed"), timeout=15, what="second try")
    assert [each["receive_count"] for each in said(probe, "began", "killed")][-1] == 2
    wait_until(lambda: probe.queue_counts().empty, timeout=5, what="empty queue")


def test_messages_wait_while_the_event_source_mapping_is_off(probe: Stack) -> None:
    functions = probe.clients.functions
    [mapping] = functions.list_event_source_mappings(FunctionName=probe.function("Receiver"))[
        "EventSourceMappings"
    ]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    queue_up(probe, name="waits")
    time.sleep(1.5)
    counts_while_off = probe.queue_counts()

    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    assert counts_while_off == QueueCounts(waiting=1, held=0, delayed=0, dead=0)
    wait_until(lambda: said(probe, "ended", "waits"), timeout=10, what="message")


@pytest.mark.parametrize(
    ("invocations", "lines"),
    [
        pytest.param(STREAMS_AT_ONCE + 1, 1, id="more streams than a page holds"),
        pytest.param(3, 5000, id="more lines than an answer holds"),
    ],
)
def test_every_log_line_is_read_back(cloud: LocalAws, invocations: int, lines: int) -> None:
    fresh = probe_in(cloud, f"talk-{invocations}")

    for _ in range(invocations):
        fresh.invoke("Probe", {"do": "say", "count": lines})

    assert len(said(fresh, "line")) == invocations * lines


def test_stacks_of_different_parameters_live_side_by_side(cloud: LocalAws, probe: Stack) -> None:
    other = probe_in(cloud, "other", Word="other")

    assert other.invoke("Probe", {"do": "environment"})["WORD"] == "other"
    assert probe.invoke("Probe", {"do": "environment"})["WORD"] == ""
    assert other.bucket != probe.bucket
    assert other.queue_url != probe.queue_url


def test_a_stack_deployed_again_has_the_new_parameters(cloud: LocalAws) -> None:
    words = ["first", "second", "second"]

    seen = [
        probe_in(cloud, "again", Word=word).invoke("Probe", {"do": "environment"})["WORD"]
        for word in words
    ]

    assert seen == words


def test_a_failed_deployment_names_what_was_wrong(cloud: LocalAws) -> None:
    with pytest.raises(deploy.DeployFailedError, match="'Word'"):
        deploy.deploy(
            cloud.clients, root=PROBE, stack_name="wrong", parameters={"Word": "Not lower case"}
        )


def test_everyone_on_a_file_dropped_into_the_real_system_is_texted(stack: Stack) -> None:
    gateway = Gateway(stack.sms_endpoint)
    numbers = ["13800130001", "13800130002"]

    def texted() -> list[str]:
        return [each.phone_number for each in gateway.journal() if each.phone_number in numbers]

    stack.drop("incoming/SMS_154950909/云通信/july.csv", "\n".join(["phone", *numbers]).encode())

    wait_until(lambda: sorted(texted()) == numbers, timeout=20, what="texts")
    gateway.close()


# The rest pins what ministack does differently: each bridge in `local.aws.bridges` has a test that
# fails once the bridge is no longer needed.


def test_ministack_alone_refuses_a_batch_of_messages_to_who_may_send_one(unbridged: Stack) -> None:
    refused = unbridged.invoke("Probe", {"do": "send", "count": 2})

    assert "not authorized to perform: sqs:SendMessageBatch" in refused["errorMessage"]


def test_ministack_alone_stops_polling_when_a_parameter_limits_concurrency(
    unbridged: Stack,
) -> None:
    queue_up(unbridged, name="never taken")

    time.sleep(2.5)

    assert unbridged.queue_counts().waiting == 1


def test_ministack_alone_lets_nobody_in_where_http_is_denied(unbridged: Stack) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        unbridged.clients.sqs.send_message(
            QueueUrl=unbridged.dead_letter_queue_url, MessageBody="letter"
        )


def test_ministack_alone_refuses_an_alarm_on_a_formula(unbridged: Stack) -> None:
    alarm = {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Metrics": [{"Id": "all", "Expression": "SUM(METRICS())"}],
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "Threshold": 0,
        },
    }

    deploy.put_stack(unbridged.clients, "formula", {"Resources": {"Alarm": alarm}}, {})

    with pytest.raises(deploy.DeployFailedError, match="metric math"):
        deploy.finished(unbridged.clients, "formula")


def test_ministack_alone_takes_parameters_that_the_template_does_not_have(
    unbridged: Stack,
) -> None:
    whole = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}

    deploy.put_stack(unbridged.clients, "stranger", whole, {"NoSuch": "1"})

    assert deploy.finished(unbridged.clients, "stranger") == {}

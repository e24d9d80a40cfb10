"""Target 5: an event of ten messages, a thousand recipients, where each call takes 50 ms."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
import requests

from bench import messages
from bench.contest import Contest
from bench.deployment import API_SECONDS, deployment
from bench.lambda_event import Context, handler_module, sqs_event
from bench.references import straightforward_send
from bench.result import Findings, ratio
from bench.rounds import measured
from bench.stopwatch import Stopwatch
from local.aws.child import child
from smsdrop.aws.dynamodb import DynamoLedger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MESSAGES_AN_EVENT = 10
CONTENDERS = {
    "straightforward": "bench.delivering:straightforward",
    "ours": "bench.delivering:ours",
}


class NotSent(Exception):
    """An event left messages behind, and its time therefore means nothing."""


def benchmark(contest: Contest) -> Findings:
    events = contest.size.events
    with (
        deployment(latency_seconds=API_SECONDS) as system,
        child("dynamodb", "-m", "bench.quick_dynamodb") as server,
    ):
        system.stack.stop_schedule()
        dynamodb = json.loads(server.first_line(timeout=30))["endpoint"]
        environment = system.environment("SendBatch") | {"AWS_ENDPOINT_URL_DYNAMODB": dynamodb}
        copy_table(environment)
        taken = measured(
            CONTENDERS,
            rounds=contest.size.rounds,
            core=contest.core,
            events=events,
            environment=environment,
            key_id=system.stack.access_key_id,
            secret=system.stack.access_key_secret,
        )
    theirs, mine = taken["straightforward"], taken["ours"]
    what = f"an event of {MESSAGES_AN_EVENT} messages, {API_SECONDS * 1000:.0f} ms API"
    results = tuple(
        ratio(
            5,
            f"{what}, {name}",
            peer="straightforward",
            theirs=peer_seconds / events * 1000,
            ours=our_seconds / events * 1000,
            unit="ms",
            at_most=at_most,
        )
        for name, peer_seconds, our_seconds, at_most in (
            ("wall", theirs.wall_seconds, mine.wall_seconds, 0.2),
            ("CPU", theirs.cpu_seconds, mine.cpu_seconds, 0.5),
        )
    )
    return Findings(results=results, figures={"event_seconds": mine.wall_seconds / events})


def copy_table(environment: Mapping[str, str]) -> None:
    """Make the ledger's table, as the template has it, in the other DynamoDB too."""
    name = environment["LEDGER_TABLE"]
    table = dynamodb_client(environment, "AWS_ENDPOINT_URL").describe_table(TableName=name)["Table"]
    dynamodb_client(environment).create_table(
        TableName=name,
        AttributeDefinitions=table["AttributeDefinitions"],
        KeySchema=table["KeySchema"],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index["IndexName"],
                "KeySchema": index["KeySchema"],
                "Projection": index["Projection"],
            }
            for index in table["GlobalSecondaryIndexes"]
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def dynamodb_client(
    environment: Mapping[str, str], endpoint: str = "AWS_ENDPOINT_URL_DYNAMODB"
) -> "DynamoDBClient":
    session = boto3.Session(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
    return session.client("dynamodb", endpoint_url=environment[endpoint])


def ours(
    watch: Stopwatch, *, events: int, environment: Mapping[str, str], **_: str
) -> dict[str, Any]:
    """Run the handler of SendBatch on real events."""
    app = handler_module("send_batch", environment)
    ledger = DynamoLedger(dynamodb_client(environment), environment["LEDGER_TABLE"])
    queued = messages.ours((events + 1) * MESSAGES_AN_EVENT, ledger=ledger)

    def handle(some: list[str]) -> None:
        left = app.lambda_handler(sqs_event(some), Context(function_name="SendBatch"))
        if left["batchItemFailures"]:
            raise NotSent(len(left["batchItemFailures"]))

    return timed(watch, queued, handle)


def straightforward(
    watch: Stopwatch, *, events: int, environment: Mapping[str, str], key_id: str, secret: str
) -> dict[str, Any]:
    dynamodb = dynamodb_client(environment)
    session = requests.Session()
    queued = messages.straightforward((events + 1) * MESSAGES_AN_EVENT)

    def handle(some: list[str]) -> None:
        codes = straightforward_send.handle(
            some,
            dynamodb=dynamodb,
            table_name=environment["LEDGER_TABLE"],
            session=session,
            endpoint=environment["SMS_ENDPOINT"],
            key_id=key_id,
            secret=secret,
        )
        if set(codes) != {"OK"}:
            raise NotSent(codes)

    return timed(watch, queued, handle)


def timed(
    watch: Stopwatch, queued: list[str], handle: Callable[[list[str]], None]
) -> dict[str, Any]:
    """Time each event but the first, which connects."""
    first, *others = tens(queued)
    handle(first)
    with watch:
        for event in others:
            handle(event)
    return {}


def tens(queued: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(queued), MESSAGES_AN_EVENT):
        yield queued[start : start + MESSAGES_AN_EVENT]

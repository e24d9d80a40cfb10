"""Target 5: ten messages at 50 ms a call, wall ≤ 0.2 and CPU ≤ 0.5 of straightforward."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests

from bench.harness.result import Findings, ratio
from bench.harness.rounds import measured
from bench.harness.run import Run
from bench.harness.stopwatch import Stopwatch
from bench.inputs import messages
from bench.references import straightforward_send
from bench.system.deployment import API_SECONDS, deployment
from bench.system.lambda_event import Context, handler_module, sqs_event
from bench.system.quick_ledger import client as quick_ledger_client
from bench.system.quick_ledger import quick_ledger
from smsdrop.aws.dynamodb import DynamoLedger

AT_MOST_WALL = 0.2
AT_MOST_CPU = 0.5
MESSAGES_AN_EVENT = 10
CONTENDERS = {
    "straightforward": "bench.targets.deliver:straightforward",
    "ours": "bench.targets.deliver:ours",
}


class NotSent(Exception):
    """An event left messages behind, so its time means nothing."""


def benchmark(run: Run) -> Findings:
    events = run.size.events
    with (
        deployment(latency_seconds=API_SECONDS) as system,
        quick_ledger(system.environment("SendBatch")) as quick,
    ):
        system.stack.stop_schedule()
        taken = measured(
            CONTENDERS,
            rounds=run.size.rounds,
            core=run.core,
            events=events,
            environment={**system.environment("SendBatch"), **quick},
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
            ("wall", theirs.wall_seconds, mine.wall_seconds, AT_MOST_WALL),
            ("CPU", theirs.cpu_seconds, mine.cpu_seconds, AT_MOST_CPU),
        )
    )
    return Findings(results=results, figures={"event_seconds": mine.wall_seconds / events})


def ours(
    watch: Stopwatch, *, events: int, environment: Mapping[str, str], **_: str
) -> dict[str, Any]:
    """Run the handler of SendBatch on real events."""
    app = handler_module("send_batch", environment)
    ledger = DynamoLedger(quick_ledger_client(environment), environment["LEDGER_TABLE"])
    queued = messages.ours((events + 1) * MESSAGES_AN_EVENT, ledger=ledger)

    def handle(some: list[str]) -> None:
        left = app.lambda_handler(sqs_event(some), Context(function_name="SendBatch"))
        if left["batchItemFailures"]:
            raise NotSent(len(left["batchItemFailures"]))

    return timed(watch, queued, handle)


def straightforward(
    watch: Stopwatch, *, events: int, environment: Mapping[str, str], key_id: str, secret: str
) -> dict[str, Any]:
    dynamodb = quick_ledger_client(environment)
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

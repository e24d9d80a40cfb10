"""
Campaigns run function by function in one process, with a meter on everything that is billed.

This process plays Lambda: it hands the file to ParseRecipients, takes messages off the queue for
SendBatch, and runs CloseCampaigns, once in the middle and at the end.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote_plus, urlsplit
from uuid import uuid4

import boto3
import botocore.session
from botocore.session import Session

from bench.harness.stopwatch import Stopwatch
from bench.metering.meter import Meter, chunks
from bench.metering.prices import METRIC_HOUR, OUTGOING, PLATFORM_LOG_BYTES, WHOLE_CPU_MEGABYTES
from bench.system.lambda_event import Context, handler_module, sqs_event
from bench.system.parsing import SIGN_NAME, TEMPLATE_CODE

FOLDER = f"incoming/{TEMPLATE_CODE}/{SIGN_NAME}"
TICK = "CloseCampaigns, a minute while sending"
EVERY_MINUTE = frozenset({"Paused", "CampaignsOpen"})
"""Metrics that are published whether anything is sent or not."""


class NotSent(Exception):
    """A message stayed on the queue, so the run measures too little."""


class NotMetered(Exception):
    """A function ran and no call to AWS was seen, though each makes some."""


def campaigns(
    _watch: Stopwatch,
    *,
    paths: Sequence[str],
    environments: Mapping[str, Mapping[str, str]],
    megabytes: Mapping[str, int],
) -> dict[str, Any]:
    """Return the charges of each campaign, one after the other, as `[payer, what, amount]`."""
    return _metered(paths, environments, megabytes, MeteredRun.send)


def held_campaigns(
    _watch: Stopwatch,
    *,
    paths: Sequence[str],
    environments: Mapping[str, Mapping[str, str]],
    megabytes: Mapping[str, int],
) -> dict[str, Any]:
    """Return the same for campaigns that are paused once they are queued, and then resumed."""
    return _metered(paths, environments, megabytes, MeteredRun.send_held)


def _metered(
    paths: Sequence[str],
    environments: Mapping[str, Mapping[str, str]],
    megabytes: Mapping[str, int],
    send: Callable[["MeteredRun"], None],
) -> dict[str, Any]:
    meter = Meter()
    run = MeteredRun(meter, environments, megabytes)
    charges = []
    for path in paths:
        meter.charges.clear()
        logged = logged_bytes()
        run.parse(run.drop(path))
        send(run)
        run.close("CloseCampaigns")
        meter.payer = "CloudWatch"
        meter.charge(METRIC_HOUR, len(metrics_logged(logged) - EVERY_MINUTE))
        charges.append([[payer, what, amount] for (payer, what), amount in meter.charges.items()])
    return {"charges": charges}


def logged_bytes() -> int:
    """Return how much was logged so far: what is printed goes into a file here."""
    return os.fstat(1).st_size


def metrics_logged(since: int) -> set[str]:
    """Return the names of the metrics in the lines that were logged from this byte on."""
    lines = os.pread(1, logged_bytes() - since, since).splitlines()
    published = (json.loads(line)["_aws"] for line in lines if line.startswith(b'{"_aws"'))
    return {
        metric["Name"]
        for each in published
        for metrics in each["CloudWatchMetrics"]
        for metric in metrics["Metrics"]
    }


class MeteredRun:
    """Runs functions on one file at a time, whose key is `key`."""

    def __init__(
        self,
        meter: Meter,
        environments: Mapping[str, Mapping[str, str]],
        megabytes: Mapping[str, int],
    ) -> None:
        self._meter = meter
        self._megabytes = megabytes
        self._modules: dict[str, Any] = {}
        os.environ.update(environments["SendBatch"])
        self._s3, self._sqs = boto3.client("s3"), boto3.client("sqs")
        self._bucket = environments["SendBatch"]["BUCKET"]
        self._queue_url = environments["SendBatch"]["BATCH_QUEUE_URL"]
        self._environments = environments
        self.key = ""
        plain = botocore.session.get_session

        def metered() -> Session:
            session = plain()
            meter.watch(session.get_component("event_emitter"))
            return session

        botocore.session.get_session = metered  # type: ignore[assignment] # each handler makes its own
        self._weigh(urlsplit(environments["SendBatch"]["SMS_ENDPOINT"]).port)

    def _weigh(self, port: int | None) -> None:
        """Charge everything that is written to this port, headers too."""
        write = HTTPConnection.send
        meter = self._meter

        def send(connection: HTTPConnection, data: Any) -> None:
            if connection.port == port and isinstance(data, bytes):
                meter.charge(OUTGOING, len(data) / 1e9)
            write(connection, data)

        HTTPConnection.send = send  # type: ignore[assignment,method-assign] # every client's

    def drop(self, path: str) -> dict[str, Any]:
        """Drop a file whose rows are those of another, marked as intended."""
        self.key = f"{FOLDER}/again={uuid4().hex}/metered.csv"
        with open(path, "rb") as body:
            put = self._s3.put_object(Bucket=self._bucket, Key=self.key, Body=body)
        thing = {"key": quote_plus(self.key), "versionId": put["VersionId"]}
        return {"Records": [{"s3": {"bucket": {"name": self._bucket}, "object": thing}}]}

    def parse(self, event: dict[str, Any]) -> None:
        self.invoke("ParseRecipients", event)

    def send_held(self) -> None:
        """Consume all messages while the campaign is held, then have them queued again and sent."""
        self._order("pause")
        self._hand_out(list(self._received()), ticks_at=-1)
        self._order("resume")
        self.close(TICK)
        self.send()

    def _order(self, name: str) -> None:
        self.invoke("Operate", {"order": name, "file": self.key})

    def send(self) -> None:
        """Hand out the queue's messages, ten at a time."""
        events = list(self._received())
        self._hand_out(events, ticks_at=len(events) // 2)

    def _hand_out(self, events: Sequence[list[str]], *, ticks_at: int) -> None:
        for number, messages in enumerate(events):
            if number == ticks_at:
                self.close(TICK)
            self._meter.payer = "the queue's poller"
            self._meter.charge("SQS request", chunks(sum(map(len, map(str.encode, messages)))) + 1)
            answer = self.invoke("SendBatch", sqs_event(messages))
            if answer["batchItemFailures"]:
                raise NotSent(len(answer["batchItemFailures"]))

    def close(self, payer: str) -> None:
        self.invoke("CloseCampaigns", {}, payer=payer)

    def _received(self) -> Iterator[list[str]]:
        while messages := self._sqs.receive_message(
            QueueUrl=self._queue_url, MaxNumberOfMessages=10
        ).get("Messages"):
            yield [each["Body"] for each in messages]

    def invoke(self, function: str, event: Any, *, payer: str = "") -> Any:
        calls = self._meter.calls
        with self._billed(function, payer or function):
            module = self._module(function)
            answer = module.lambda_handler(event, Context(function_name=function))
        if self._meter.calls == calls:
            raise NotMetered(function)
        return answer

    def _module(self, function: str) -> Any:
        if function not in self._modules:
            name = "".join(f"_{each.lower()}" if each.isupper() else each for each in function)[1:]
            self._modules[function] = handler_module(name, self._environments[function])
        os.environ.update(self._environments[function])
        return self._modules[function]

    @contextmanager
    def _billed(self, function: str, payer: str) -> Iterator[None]:
        """
        Charge the duration as Lambda counts it, where little memory is a slow processor.

        It is an upper bound: what is computed while other threads wait costs no time of its own.
        """
        self._meter.payer = payer
        logged = logged_bytes()
        with Stopwatch() as watch:
            yield
        megabytes = self._megabytes[function]
        slower = max(1.0, WHOLE_CPU_MEGABYTES / megabytes)
        seconds = watch.wall_seconds + watch.cpu_seconds * (slower - 1)
        self._meter.charge("Lambda request", 1)
        self._meter.charge("Lambda GB-second", seconds * megabytes / 1024)
        log_bytes = logged_bytes() - logged + PLATFORM_LOG_BYTES
        self._meter.charge("log GB", log_bytes / 1e9)

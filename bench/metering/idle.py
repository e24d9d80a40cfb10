"""
`python -m bench.metering.idle`: what a stack costs in a month in which nothing is dropped.

It is computed from template.yaml and list prices; nothing is run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.metering.prices import DOLLARS, PLATFORM_LOG_BYTES, SOURCE
from bench.system.template import template
from local.template.reading import Template

HOURS = 730
"""Hours of a month, as AWS counts."""

POLLERS = 5
POLL_SECONDS = 20
"""How Lambda polls an empty queue: with how many pollers at a time, and how long each poll is."""

KEY_SECONDS = 300
"""How long DynamoDB uses a table's key before it asks KMS again."""

EVERY_MINUTE_METRICS = 2
"""`Paused` and `CampaignsOpen`; the others are published when there is something to count."""

TICK_SECONDS = 0.2
TICK_READ_UNITS = 2
TICK_LOG_BYTES = PLATFORM_LOG_BYTES + 800
"""Our estimates of a tick with nothing open: the pause and the open campaigns are read."""

RUNS = {
    "functions/close_campaigns": "the tick, with nothing open",
    "functions/look_up_receipts": "the look for receipts, with none due",
}
"""What a schedule runs, each as cheap as the other."""

COST_NOTHING = {
    "AWS::S3::Bucket": "by what is stored and asked for",
    "AWS::S3::BucketPolicy": "free",
    "AWS::SQS::Queue": "by the request",
    "AWS::SQS::QueuePolicy": "free",
    "AWS::SNS::Topic": "by the message",
    "AWS::SNS::TopicPolicy": "free",
    "AWS::SNS::Subscription": "by the message",
    "AWS::Logs::LogGroup": "by what is logged and stored",
    "AWS::IAM::ManagedPolicy": "free",
    "AWS::Serverless::LayerVersion": "free",
}
"""What costs nothing in a month in which nothing is dropped, each with the reason."""

COST_SOMETHING = {
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::SecretsManager::Secret",
    "AWS::Serverless::Function",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """How many of a thing, each at the price of `unit`."""

    what: str
    unit: str
    amount: float

    @property
    def dollars(self) -> float:
        return self.amount * DOLLARS[self.unit]


def idle_month(whole: Template) -> Iterator[Charge]:
    """Yield what a month costs in which nothing is dropped, without free tiers."""
    alarms = sum(map(metrics_of, of_type(whole, "AWS::CloudWatch::Alarm")))
    dashboards = len(of_type(whole, "AWS::CloudWatch::Dashboard"))
    secrets = len(of_type(whole, "AWS::SecretsManager::Secret"))
    tables = len(of_type(whole, "AWS::DynamoDB::Table"))
    yield Charge(what="metrics that alarms watch", unit="alarm metric, a month", amount=alarms)
    yield Charge(what="dashboard", unit="dashboard, a month", amount=dashboards)
    yield Charge(what="secret", unit="secret, a month", amount=secrets)
    yield Charge(
        what="metrics of every minute",
        unit="custom metric, an hour",
        amount=EVERY_MINUTE_METRICS * HOURS,
    )
    yield Charge(
        what="questions of the ledger for its key",
        unit="key request",
        amount=tables * HOURS * 3600 / KEY_SECONDS,
    )
    for function in of_type(whole, "AWS::Serverless::Function"):
        for event in function.get("Events", {}).values():
            yield from EVENTS.get(event["Type"], nothing)(function, event["Properties"])


def nothing(_function: dict[str, Any], _event: dict[str, Any]) -> Iterator[Charge]:
    yield from ()


def polled(_function: dict[str, Any], event: dict[str, Any]) -> Iterator[Charge]:
    queue, _ = event["Queue"]["Fn::GetAtt"]
    requests = POLLERS * HOURS * 3600 / POLL_SECONDS
    yield Charge(what=f"idle polling of {queue}", unit="SQS request", amount=requests)


def scheduled(function: dict[str, Any], event: dict[str, Any]) -> Iterator[Charge]:
    [minutes] = re.findall(r"^rate\((\d+) minutes?\)$", event["Schedule"])
    ticks = HOURS * 60 / int(minutes)
    gigabytes = function["MemorySize"] / 1024
    for unit, each in (
        ("Lambda request", 1),
        ("Lambda GB-second", TICK_SECONDS * gigabytes),
        ("DynamoDB read unit", TICK_READ_UNITS),
        ("log GB", TICK_LOG_BYTES / 1e9),
    ):
        yield Charge(what=RUNS[function["CodeUri"]], unit=unit, amount=ticks * each)


EVENTS = {"SQS": polled, "Schedule": scheduled}
"""Event sources that cost something even without events; the others are billed by the event."""


def of_type(whole: Template, kind: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in whole["Resources"].values() if each["Type"] == kind]


def metrics_of(alarm: dict[str, Any]) -> int:
    """Return how many metrics an alarm watches: each is billed, also in a formula."""
    return sum("MetricStat" in each for each in alarm.get("Metrics", ())) or 1


def dollars_a_month() -> float:
    return sum(each.dollars for each in idle_month(template()))


def table() -> Iterator[str]:
    yield f"A month in which nothing is dropped, at {SOURCE}."
    yield "Not in it: what is stored, a NAT gateway, a key of your own."
    yield ""
    yield "| what | unit | how many | $ |"
    yield "| --- | --- | --: | --: |"
    for each in idle_month(template()):
        amount = f"{each.amount:,.0f}" if each.amount >= 1 else f"{each.amount:.2f}"
        yield f"| {each.what} | {each.unit} | {amount} | {each.dollars:.2f} |"
    yield f"| **all** | | | **{dollars_a_month():.2f}** |"


if __name__ == "__main__":
    print("\n".join(table()))

"""
The looks at the receipts of campaigns, in one process, with a meter on everything that is billed.

The campaigns are sent and closed unmetered. The days between the looks pass for the carriers alone:
in the ledger, each look is made due.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from bench.harness.stopwatch import Stopwatch
from bench.metering.campaigns import MeteredRun
from bench.metering.meter import Meter
from bench.system.quick_ledger import client
from local.gateway.client import Gateway
from smsdrop.receipts.looks import LOOKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FUNCTION = "LookUpReceipts"

MOST_RUNS = 20
"""By then a look is done, or never will be."""


class NotLookedUp(Exception):
    """A look did not finish, so the run measures too little."""


def looks(
    _watch: Stopwatch,
    *,
    paths: Sequence[str],
    environments: Mapping[str, Mapping[str, str]],
    megabytes: Mapping[str, int],
) -> dict[str, Any]:
    """Return the charges of each campaign's looks, as `[payer, what, amount]`, and its counts."""
    environment = environments[FUNCTION]
    ledger = Ledger(client(environment), environment["LEDGER_TABLE"])
    meter = Meter()
    run = MeteredRun(meter, environments, megabytes)
    charges, counts = [], []
    with closing(Gateway(environment["SMS_ENDPOINT"])) as gateway:
        for path in paths:
            run.parse(run.drop(path))
            run.send()
            run.close("CloseCampaigns")
            meter.charges.clear()
            look_four_times(run, ledger, gateway)
            charges.append([[*each, amount] for each, amount in charged(meter)])
            counts.append(ledger.counts(run.key))
    return {"charges": charges, "counts": counts}


def look_four_times(run: MeteredRun, ledger: "Ledger", gateway: Gateway) -> None:
    passed = 0.0
    for number, after in enumerate(LOOKS, start=1):
        gateway.advance_clock(after - passed)
        passed = after
        for _ in range(MOST_RUNS):
            ledger.make_due(run.key, number)
            run.invoke(FUNCTION, {}, payer=payer_of(number))
            if ledger.counts(run.key)["receipts_looked"] == number:
                break
        else:
            raise NotLookedUp(number)


def payer_of(look: int) -> str:
    return f"{FUNCTION}, look {look}"


def charged(meter: Meter) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield what the looks are charged; moving the carriers' clock counts as well."""
    payers = {payer_of(number) for number, _ in enumerate(LOOKS, start=1)}
    return ((each, amount) for each, amount in meter.charges.items() if each[0] in payers)


class Ledger:
    """The entries of campaigns, by the keys of their files; nothing of it is metered."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def make_due(self, key: str, look: int) -> None:
        """Make this look due as of now."""
        began_at = time.time() - LOOKS[look - 1] - 1
        self._dynamodb.update_item(
            TableName=self._table,
            Key={"campaign_id": self._campaign(key)["campaign_id"], "entry": {"S": "campaign"}},
            UpdateExpression="SET receipts_from = :began, receipts_at = :now",
            ExpressionAttributeValues={":began": {"N": f"{began_at:.0f}"}, ":now": {"N": "1"}},
        )

    def counts(self, key: str) -> dict[str, int]:
        item = self._campaign(key)
        names = ("sent", "delivered", "undelivered", "receipts_looked")
        return {name: json.loads(item.get(name, {"N": "0"})["N"]) for name in names}

    def _campaign(self, key: str) -> dict[str, Any]:
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="entry = :campaign AND #key = :key",
            ExpressionAttributeNames={"#key": "key"},
            ExpressionAttributeValues={":campaign": {"S": "campaign"}, ":key": {"S": key}},
        )
        [item] = [each for page in pages for each in page["Items"]]
        return item

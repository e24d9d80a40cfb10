"""Target 15: status.json while a million go out: ≤ 100 read units a minute, ≤ 2 points off."""

import json
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import boto3

from bench.harness.result import Findings, Result, limit, verdict
from bench.harness.rounds import measured
from bench.harness.run import Run
from bench.harness.stopwatch import Stopwatch
from bench.metering.meter import Meter
from bench.system.deployment import deployment
from bench.system.quick_ledger import quick_ledger
from bench.system.template import parameter
from smsdrop.aws.dynamodb import DynamoLedger
from smsdrop.aws.ledger_items import item_of
from smsdrop.aws.s3 import Bucket
from smsdrop.batches.batch import MAX_RECIPIENTS, nth_batch_id
from smsdrop.closing.seen.write_pages import WritePages
from smsdrop.drops import FileVersion, report_folder
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.pages.figures import STATUS_PAGE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef

NUMBER = 15
AT_MOST_UNITS = 100
AT_MOST_POINTS = 2
CALLS_A_SECOND = parameter("CallsPerSecond", 50)

CAMPAIGN_ID = "20260102T030405Z-0123456789abcdef"
START = 1_767_322_800.25

LEAST_BATCHES = 30
"""Fewer show nothing, however little is measured."""

OVERTAKES = 1_000
"""Our assumption: this many later messages may overtake one while SQS hands them out."""

LOOKS = (0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
"""When it is looked at, as the share that was sent by then."""

MOST_PUTS = 25
"""DynamoDB takes no more at once."""


def benchmark(run: Run) -> Findings:
    batches = max(LEAST_BATCHES, run.size.rehearsed_rows // MAX_RECIPIENTS)
    with (
        deployment() as system,
        quick_ledger(system.environment("CloseCampaigns")) as quick,
    ):
        system.stack.stop_schedule()
        taken = measured(
            {"ours": "bench.targets.seen:while_sending"},
            rounds=1,
            core=run.core,
            environment={**system.environment("CloseCampaigns"), **quick},
            batches=batches,
        )["ours"]
    what = f"status.json while {batches * MAX_RECIPIENTS:,} go out"
    units, points = max(taken.facts["units"]), max(taken.facts["points"])
    return Findings(
        results=(
            limit(NUMBER, what, ours=units, unit="read units a minute", at_most=AT_MOST_UNITS),
            Result(
                number=NUMBER,
                what="the same, furthest from the truth",
                ours=f"{points:.2f} points",
                target=f"≤ {AT_MOST_POINTS} points off",
                verdict=verdict(points <= AT_MOST_POINTS),
            ),
        )
    )


# The contender


def while_sending(
    watch: Stopwatch, *, environment: Mapping[str, str], batches: int
) -> dict[str, Any]:
    """Write the pages again and again while batches end; say what that reads."""
    books = Books(environment, batches=batches)
    order = sorted(
        range(1, batches + 1), key=lambda each: each + Random(each).uniform(0, OVERTAKES)
    )
    units, points = [], []
    done = 0
    for share in LOOKS:
        upto = round(share * batches)
        books.end(order[done:upto], first=done)
        done = upto
        books.now = START + done / CALLS_A_SECOND
        books.meter.charges.clear()
        with watch:
            books.pages.write([books.campaign], is_paused=False)
        units.append(books.meter.charges["pages", "DynamoDB read unit"])
        points.append(abs(books.percent() - 100 * done / batches))
    return {"units": units, "points": points}


class Books:
    """A campaign in a ledger whose reads are metered, and its pages."""

    def __init__(self, environment: Mapping[str, str], *, batches: int) -> None:
        self.meter = Meter()
        self.meter.payer = "pages"
        self.now = START
        self._table = environment["LEDGER_TABLE"]
        self._unmetered = self._session(environment).client(
            "dynamodb", endpoint_url=environment["AWS_ENDPOINT_URL_DYNAMODB"]
        )
        session = self._session(environment)
        self.meter.watch(session.events)
        dynamodb = session.client("dynamodb", endpoint_url=environment["AWS_ENDPOINT_URL_DYNAMODB"])
        self._s3 = session.client("s3", endpoint_url=environment["AWS_ENDPOINT_URL"])
        ledger, self._bucket = DynamoLedger(dynamodb, self._table), environment["BUCKET"]
        self.campaign = ledger.write(None, a_campaign(self._bucket, batches=batches))
        self.pages = WritePages(
            ledger=ledger,
            objects=Bucket(self._s3, self._bucket),
            clock=lambda: self.now,
            language="en",
        )

    @staticmethod
    def _session(environment: Mapping[str, str]) -> boto3.Session:
        return boto3.Session(
            environment["AWS_ACCESS_KEY_ID"],
            environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_REGION"],
        )

    def end(self, positions: list[int], *, first: int) -> None:
        """Record these batches as sent, one after the other at the stack's rate."""
        items = [
            item_of(sent(position, at=START + (first + number) / CALLS_A_SECOND))
            for number, position in enumerate(positions)
        ]
        for begin in range(0, len(items), MOST_PUTS):
            few = items[begin : begin + MOST_PUTS]
            puts: list[WriteRequestTypeDef] = [{"PutRequest": {"Item": each}} for each in few]
            self._unmetered.batch_write_item(RequestItems={self._table: puts})

    def percent(self) -> float:
        """Return what `status.json` says."""
        key = report_folder(self.campaign.key, CAMPAIGN_ID) + STATUS_PAGE
        body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return float(json.loads(body)["percent"])


def a_campaign(bucket: str, *, batches: int) -> Campaign:
    version = FileVersion(bucket=bucket, key="incoming/SMS_9/a/million.csv", version_id="v1")
    rows = batches * MAX_RECIPIENTS
    begun = Campaign.begun(CAMPAIGN_ID, version, size=30 * rows, at=START)
    counts = Counts(rows=rows, accepted=rows, batches=batches)
    return replace(begun, status=Status.SENDING, counts=counts, released=batches)


def sent(position: int, *, at: float) -> BatchEntry:
    """Return the entry of a batch as long as usual ones are."""
    return BatchEntry(
        batch_id=nth_batch_id(CAMPAIGN_ID, position),
        state=State.SENT,
        attempt=1,
        token="0123456789abcdef" * 2,
        access_key_id="LTAI5tAbCdEfGhIjKlMnOpQr",
        first_claimed_at=at - 0.123456,
        filed_on=("20260102",),
        call_before=at + 3.123456,
        settle_after=at + 916.123456,
        recipients=MAX_RECIPIENTS,
        accepted=(1,),
        biz_id="900619746936498440^0",
        request_id="F655A8D5-B967-440B-8683-DAD6FF8DE990",
        code="OK",
        ended_at=at,
        revision=2,
        expires_at=int(at) + KEPT_SECONDS,
    )

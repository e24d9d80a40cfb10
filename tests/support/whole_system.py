"""A deployed system with the stand-in gateway behind it: what tests do to it and see of it."""

import csv
import io
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import quote_plus

from local.aws.waiting import wait_until
from local.gateway.client import Gateway
from local.gateway.request_log import LoggedRequest
from local.stack import Stack
from smsdrop.aws.ledger_items import OPEN, UNTOLD

FOLDER = "incoming/SMS_154950909/云通信"

ENDS = ("sent", "refused", "unconfirmed", "cancelled")

CLOSING_SECONDS = 90.0
POLL_SECONDS = 0.1

NUMBERS: Iterator[int] = count(13_800_000_000)
"""No two tests text the same number: a file that repeats another's content would be held."""


def new_numbers(how_many: int) -> list[str]:
    return [str(next(NUMBERS)) for _ in range(how_many)]


def file_of(numbers: Sequence[str]) -> bytes:
    rows = [f"{number},张{position}" for position, number in enumerate(numbers)]
    return "\n".join(["phone_number,name", *rows]).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was written back to the bucket about one campaign."""

    summary: Mapping[str, Any]
    results: bytes = b""
    unsent: bytes = b""
    unsent_workbook: bytes = b""

    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.results.decode("utf-8-sig"))))

    def unsent_numbers(self) -> list[str]:
        text = self.unsent.decode("utf-8-sig")
        return [row["phone_number"] for row in csv.DictReader(io.StringIO(text))]

    @property
    def is_balanced(self) -> bool:
        """Say whether the sums add up, and are those of the rows."""
        of = self.summary
        rows = Counter(row["smsdrop_status"] for row in self.rows())
        return (
            of["rows"] == sum(of[each] for each in JUDGED) == rows.total()
            and of["accepted"] == sum(of[end] for end in ENDS)
            and all(of[end] == rows[end] for end in ENDS)
        )


JUDGED = ("accepted", "duplicates", "suppressed", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One deployed stack and its gateway, as tests use them."""

    stack: Stack
    gateway: Gateway
    dropped: dict[str, str] = field(default_factory=dict)
    """The version of each file that was dropped, by key."""

    def drop(self, name: str, numbers: Sequence[str], *, folder: str = FOLDER) -> str:
        """Drop a file for these numbers and return its key."""
        return self.put(f"{folder}/{name}", file_of(numbers))

    def put(self, key: str, body: bytes, **stored: Any) -> str:
        """Put an object; `stored` holds further arguments of PutObject."""
        version = self.stack.clients.s3.put_object(
            Bucket=self.stack.bucket, Key=key, Body=body, **stored
        )
        self.dropped[key] = version["VersionId"]
        return key

    def event(self, key: str) -> dict[str, Any]:
        """Return the event that S3 sent when the file was dropped."""
        item = {"key": quote_plus(key), "versionId": self.dropped[key]}
        return {"Records": [{"s3": {"bucket": {"name": self.stack.bucket}, "object": item}}]}

    def failed_event(self, key: str, *, failed_at: float) -> dict[str, Any]:
        """Return the event of a message that has waited since then in the queue of retries."""
        record = {
            "messageId": "1",
            "receiptHandle": "unknown",
            "body": json.dumps({"requestPayload": self.event(key)}),
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": f"{failed_at * 1000:.0f}",
            },
            "eventSource": "aws:sqs",
        }
        return {"Records": [record]}

    def batches(self, key: str) -> list[str]:
        """Return the queue messages of a file's batches, as its plan has them."""
        plan = self.campaign(key)["plan"]["S"]
        return self.stack.read(f"{plan}batches.jsonl").decode().splitlines()

    def campaign(self, key: str) -> Mapping[str, Any]:
        """Return the entry of the file's only campaign, empty if there is none yet."""
        entries = [item for item in self.ledger("campaign") if item["key"]["S"] == key]
        assert len(entries) < 2, f"{len(entries)} campaigns of one version"
        return entries[0] if entries else {}

    def campaign_id(self, key: str) -> str:
        return str(self.campaign(key)["campaign_id"]["S"])

    def ledger(self, kind: str) -> list[dict[str, Any]]:
        """Return the entries whose names begin so: `campaign`, `batch`, `pause`."""
        pages = self.stack.clients.dynamodb.get_paginator("scan").paginate(
            TableName=self.stack.ledger_table,
            FilterExpression="begins_with(entry, :kind)",
            ExpressionAttributeValues={":kind": {"S": kind}},
        )
        return [item for page in pages for item in page["Items"]]

    def pause(self) -> Mapping[str, Any]:
        """Return the flag in the ledger, empty while sending goes on."""
        return next((each for each in self.ledger("pause") if "paused" in each), {})

    def queued(self, key: str) -> None:
        """Wait until the whole file is judged and queued."""
        self.wait(lambda: is_queued(self.campaign(key)), what="end of parsing")

    def close(self) -> None:
        """Close the books now, as happens every minute."""
        self.stack.invoke("CloseCampaigns")

    def closed(self, key: str) -> Report:
        """Wait for the report on the file's only campaign, and return it."""
        [report] = self.all_closed(key, campaigns=1)
        return report

    def all_closed(self, key: str, *, campaigns: int) -> list[Report]:
        """Close the books whenever the queue is empty until there are so many reports."""
        deadline = time.monotonic() + CLOSING_SECONDS
        while len(reports := self.reports(key)) < campaigns:
            assert time.monotonic() < deadline, f"{key} is not closed; {self.stack.queue_counts()}"
            if self.stack.queue_counts().empty:
                self.close()
            time.sleep(POLL_SECONDS)
        return reports

    def close_for_good(self, key: str) -> None:
        """Close the books until nothing is left to be verified either."""

        def is_done() -> bool:
            self.close()
            return self.has_ended(key)

        self.wait(is_done, what=f"last lookups of {key}")

    def has_ended(self, key: str) -> bool:
        """Say whether the file's campaign is done, and people are notified; receipts may be due."""
        return self.campaign(key).get("open", {}).get("S") not in (OPEN, UNTOLD)

    def entries(self, key: str) -> list[dict[str, Any]]:
        """Return the entries of the batches of the file's only campaign."""
        campaign_id = self.campaign_id(key)
        return [each for each in self.ledger("batch") if each["campaign_id"]["S"] == campaign_id]

    def reports(self, key: str) -> list[Report]:
        """Return the reports there are by now on campaigns of this key."""
        keys = self.stack.keys(f"reports/{key.removeprefix('incoming/')}/")
        folders = sorted(each.removesuffix("summary.json") for each in keys if "summary" in each)
        return [self.report(folder, keys) for folder in folders]

    def report(self, folder: str, keys: Sequence[str]) -> Report:
        summary = json.loads(self.stack.read(f"{folder}summary.json"))
        if f"{folder}results.csv" not in keys:
            return Report(summary=summary)
        return Report(
            summary=summary,
            results=self.stack.read(f"{folder}results.csv"),
            unsent=self.stack.read(f"{folder}unsent.csv"),
            unsent_workbook=self.stack.read(f"{folder}unsent.xlsx"),
        )

    def operate(self, order: str, **details: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.stack.invoke("Operate", {"order": order, **details})
        assert "errorMessage" not in answer, answer
        return answer

    def texts(self) -> Counter[str]:
        """Return how often each number was texted, going by the gateway's journal."""
        return Counter(each.phone_number for each in self.gateway.journal() if not each.failed)

    def not_once(self, numbers: Sequence[str]) -> dict[str, int]:
        """Return how often the recipients not texted once, and non-recipients, were texted."""
        times = self.texts()
        wrong = {number: times[number] for number in numbers if times[number] != 1}
        return wrong | {number: times[number] for number in times.keys() - set(numbers)}

    def calls(self) -> list[LoggedRequest]:
        """Return the calls that were to text somebody, in order."""
        return list(self.gateway.requests(action="SendBatchSms"))

    def calls_carried_out(self) -> int:
        """Count the calls that texted somebody: if the host stalls, some are made in vain."""
        return sum(call.accepted for call in self.calls())

    def wait(self, condition: Callable[[], Any], *, what: str, timeout: float = 30) -> None:
        wait_until(condition, timeout=timeout, what=what)

    def wait_for_texts(self, how_many: int) -> None:
        self.wait(lambda: self.gateway.summary().texts >= how_many, what=f"{how_many} texts")

    def wait_for_empty_queues(self) -> None:
        def nothing_is_left() -> bool:
            counts = self.stack.queue_counts()
            return counts.empty and not counts.dead

        self.wait(nothing_is_left, what="empty queues")


def is_queued(campaign: Mapping[str, Any]) -> bool:
    return "queued" in campaign and campaign["queued"] == campaign["batches"]

"""
The demo: a real file through the whole system, with a provider that loses an answer.

Exits with 0 only if every recipient of the file was texted exactly once.
"""

import csv
import io
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from local.gateway.catalogue import Template
from local.gateway.client import Gateway
from local.gateway.faults import Fault
from local.gateway.journal import Message
from local.stack import Stack
from local.up import running

FILE = Path(__file__).parent / "demo_files" / "七月账单.csv"
KEY = f"incoming/SMS_154950909/云通信/{FILE.name}"

TEMPLATE = Template(content="尊敬的${name}，您的账单${amount}元将于${date}到期。")

FAULTS = (
    Fault(kind="throttle", numbers=(1,)),
    Fault(kind="drop_after", numbers=(3,)),
)
"""The first call is throttled, and the answer to the third is lost after it was accepted."""

PARAMETERS = {"SettleAfterSeconds": "2", "SendTimeoutSeconds": "12", "BatchVisibilitySeconds": "72"}
"""Short times, so that nobody waits a quarter of an hour for the lost answer to be settled."""

PATIENCE_SECONDS = 90
POLL_SECONDS = 0.5

console = Console(highlight=False)


def demo(stop_requested: threading.Event) -> None:
    console.print("Starting a local AWS and a stand-in SMS gateway on this machine …")
    with running(parameters=PARAMETERS) as stack:
        gateway = Gateway(stack.sms_endpoint)
        gateway.set_catalogue(signs={"云通信": "approved"}, templates={"SMS_154950909": TEMPLATE})
        for fault in FAULTS:
            gateway.add_fault(fault)
        console.print(f"Dropping [bold]{FILE.name}[/bold] into s3://{stack.bucket}/{KEY}")
        stack.drop(KEY, FILE.read_bytes())
        summary = watch(stack, gateway, stop_requested)
        texted = Counter(message.phone_number for message in gateway.journal())
        show(stack, gateway, summary)
        verdict(summary, texted)


def watch(stack: Stack, gateway: Gateway, stop_requested: threading.Event) -> dict[str, Any]:
    """Show how far it is until the books are closed, and return the summary."""
    columns = (TextColumn("texted"), BarColumn(), TextColumn("{task.fields[state]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("", total=None, state="")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            campaign = campaign_of(stack)
            texts = gateway.summary().texts
            total = int(campaign["accepted"]["N"]) if "accepted" in campaign else None
            state = campaign.get("status", {}).get("S", "")
            progress.update(
                task, completed=texts, total=total, state=f"{texts} of {total}, {state}"
            )
            if state == "closed":
                summary: dict[str, Any] = json.loads(report(stack, "summary.json"))
                return summary
            if state == "sending":
                stack.invoke("CloseCampaigns")
            if stop_requested.wait(POLL_SECONDS):
                sys.exit("stopped")
    sys.exit("The campaign did not close in time.")


def campaign_of(stack: Stack) -> Mapping[str, Any]:
    pages = stack.clients.dynamodb.get_paginator("scan").paginate(TableName=stack.ledger_table)
    items = [item for page in pages for item in page["Items"]]
    return next((item for item in items if item["entry"]["S"] == "campaign"), {})


def report(stack: Stack, name: str) -> bytes:
    return stack.read(next(key for key in stack.keys("reports/") if key.endswith(name)))


def show(stack: Stack, gateway: Gateway, summary: Mapping[str, Any]) -> None:
    console.print(batches_table(stack, list(gateway.journal())))
    console.print(rows_table(report(stack, "results.csv").decode("utf-8-sig")))
    totals = Table(title="The books", show_header=False)
    for name in ("rows", "accepted", "duplicates", "rejected", "blank", "sent", "refused",
                 "unconfirmed", "cancelled", "batches", "calls"):  # fmt: skip
        totals.add_row(name, str(summary[name]))
    console.print(totals)


def batches_table(stack: Stack, journal: list[Message]) -> Table:
    """Put what the ledger says of each batch beside what the gateway's journal says."""
    accepted = Counter(str(message.out_id).rpartition("-")[0] for message in journal)
    table = Table(title="What the ledger and the gateway's journal say of each batch")
    for column in ("batch", "state", "attempts", "texts", "BizId", "how"):
        right = column in ("attempts", "texts")
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    pages = stack.clients.dynamodb.get_paginator("scan").paginate(TableName=stack.ledger_table)
    entries = [item for page in pages for item in page["Items"]]
    for item in sorted(entries, key=lambda item: item["entry"]["S"]):
        if item["entry"]["S"].startswith("batch#"):
            batch_id, biz_id = item["batch_id"]["S"], item.get("biz_id", {}).get("S", "")
            table.add_row(
                batch_id.rpartition("-")[2],
                item["state"]["S"],
                item["attempt"]["N"],
                str(accepted[batch_id]),
                biz_id or "–",
                "answered" if biz_id else "answer lost, then found by its OutId",
            )
    return table


def rows_table(results: str) -> Table:
    """Show some of the rows that were sent, and all that were not."""
    table = Table(title="results.csv, in part")
    for column in ("row", "手机号", "name", "status", "reason"):
        table.add_column(column)
    for number, row in enumerate(csv.DictReader(io.StringIO(results)), start=2):
        if row["smsdrop_status"] != "sent" or number <= 4:
            values = (row["手机号"], row["name"], row["smsdrop_status"], row["smsdrop_reason"])
            table.add_row(str(number), *values)
    return table


def verdict(summary: Mapping[str, Any], texted: Counter[str]) -> None:
    """End with 0 if everyone who was accepted was texted, nobody else was, and nobody twice."""
    twice = sum(times > 1 for times in texted.values())
    if len(texted) == summary["accepted"] == summary["sent"] and not twice:
        console.print(
            f"[bold green]Each of {len(texted)} recipients was texted exactly once.[/bold green]"
        )
        return
    sys.exit(f"{summary['accepted']} recipients, {len(texted)} texted, {twice} of them twice.")

"""
The demo: sends three files through the whole system, while the provider loses an answer, and one of
them again, with a number fixed: only the fixed row is sent.

Exits with 0 only if every recipient in the files was texted exactly once.
"""

import csv
import io
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from local.gateway.catalogue import CatalogueTemplate
from local.gateway.client import Gateway
from local.gateway.faults import Fault
from local.gateway.journal import Message
from local.stack import Stack
from local.up import running

FILES = sorted((Path(__file__).parent / "demo_files").iterdir())
"""CSV in UTF-8, CSV as Chinese Excel saves it, and a workbook; each has some wrong rows."""

MENDED_NAME = "七月账单-已改.csv"

WRONG, RIGHT = "1391234567,周杰", "13912345678,周杰"
"""A number with a digit too few, and as a person fixes it in the whole list."""

FOLDER = "incoming/SMS_154950909/云通信"

TEMPLATE = CatalogueTemplate(content="尊敬的${name}，您的账单${amount}元将于${date}到期。")

FAULTS = (
    Fault(kind="throttle", numbers=(1,)),
    Fault(kind="drop_after", numbers=(3,)),
)
"""The first call is throttled, and the answer to the third is lost after it was accepted."""

PARAMETERS = {"SettleAfterSeconds": "2", "SendTimeoutSeconds": "12", "BatchVisibilitySeconds": "72"}
"""Short times; with the defaults, settling the lost answer takes a quarter of an hour."""

BOOKS = ("rows", "accepted", "duplicates", "rejected", "blank", "sent", "refused", "unconfirmed",
         "cancelled", "batches", "calls")  # fmt: skip

FEW = 10

FIRST = 2
"""Rows with a rare status are all shown, of the others only the first."""

PATIENCE_SECONDS = 90
NOT_DONE = ("yes", "untold")
"""What `open` says of campaigns that the demo waits for; receipts come minutes later."""

POLL_SECONDS = 0.5

NEXT = """
To go on by yourself, keep the system running, and paste the lines it prints into another terminal:

    make local

    smsdrop drop local/demo_files/七月账单.csv --template SMS_154950909 --sign 云通信 --watch
    smsdrop status
    smsdrop find 16607784483
"""

console = Console(highlight=False)


def demo(stop_requested: threading.Event) -> None:
    console.print("Starting a local AWS and a stand-in SMS gateway on this machine …")
    with running(parameters=PARAMETERS) as stack:
        gateway = Gateway(stack.sms_endpoint)
        gateway.set_catalogue(signs={"云通信": "approved"}, templates={"SMS_154950909": TEMPLATE})
        for fault in FAULTS:
            gateway.add_fault(fault)
        for file in FILES:
            drop(stack, file.name, file.read_bytes())
        watch(stack, gateway, stop_requested, files=len(FILES))
        drop(stack, MENDED_NAME, mended())
        watch(stack, gateway, stop_requested, files=len(FILES) + 1)
        summaries = [json.loads(each) for each in reports(stack, "summary.json")]
        texted = Counter(message.phone_number for message in gateway.journal())
        show(stack, gateway, summaries)
        verdict(summaries, texted)
        console.print(NEXT, soft_wrap=True)  # each line can be pasted


def drop(stack: Stack, name: str, content: bytes) -> None:
    console.print(f"Dropping [bold]{name}[/bold] into s3://{stack.bucket}/{FOLDER}/")
    stack.drop(f"{FOLDER}/{name}", content)


def mended() -> bytes:
    """Return the list that has the wrong number, with that fixed."""
    [content] = [each for each in map(Path.read_bytes, FILES) if WRONG.encode() in each]
    return content.replace(WRONG.encode(), RIGHT.encode())


def watch(stack: Stack, gateway: Gateway, stop_requested: threading.Event, *, files: int) -> None:
    """Show the progress until the campaigns of so many files are closed."""
    columns = (TextColumn("texted"), BarColumn(), TextColumn("{task.fields[state]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("", total=None, state="")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            campaigns = [each for each in items(stack) if each["entry"]["S"] == "campaign"]
            texts = gateway.summary().texts
            total = sum(int(each.get("accepted", {"N": 0})["N"]) for each in campaigns)
            closed = sum(each["status"]["S"] in ("closed", "refused") for each in campaigns)
            state = f"{texts} of {total}, {closed} of {files} files closed"
            progress.update(task, completed=texts, total=total or None, state=state)
            still_open = any(each.get("open", {}).get("S") in NOT_DONE for each in campaigns)
            if closed == files and not still_open:
                return
            stack.invoke("CloseCampaigns")
            if stop_requested.wait(POLL_SECONDS):
                sys.exit("stopped")
    sys.exit("The campaigns did not close in time.")


def items(stack: Stack) -> list[Mapping[str, Any]]:
    """Return all entries of the ledger, in order."""
    pages = stack.clients.dynamodb.get_paginator("scan").paginate(TableName=stack.ledger_table)
    found = [item for page in pages for item in page["Items"]]
    return sorted(found, key=lambda item: (item["campaign_id"]["S"], item["entry"]["S"]))


def reports(stack: Stack, name: str) -> list[bytes]:
    """Return the file of this name from the report of each dropped file."""
    return [stack.read(key) for key in stack.keys("reports/") if key.endswith(name)]


def show(stack: Stack, gateway: Gateway, summaries: Sequence[Mapping[str, Any]]) -> None:
    console.print(batches_table(stack, list(gateway.journal())))
    results = reports(stack, "results.csv")
    for summary, rows in zip(summaries, results, strict=True):
        console.print(rows_table(summary, rows.decode("utf-8-sig")))
    console.print(books_table(summaries))


def books_table(summaries: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("", *(name_of(each) for each in summaries), title="The books")
    for name in BOOKS:
        table.add_row(name, *(str(each[name]) for each in summaries))
    return table


def name_of(summary: Mapping[str, Any]) -> str:
    return str(summary["file"]["key"]).rpartition("/")[2]


def batches_table(stack: Stack, journal: list[Message]) -> Table:
    """Show each batch as the ledger has it, beside the gateway's journal."""
    accepted = Counter(str(message.out_id).rpartition("-")[0] for message in journal)
    table = Table(title="What the ledger and the gateway's journal say of each batch")
    for column in ("batch", "state", "attempts", "texts", "BizId", "how"):
        right = column in ("attempts", "texts")
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    for item in items(stack):
        if item["entry"]["S"].startswith("batch#"):
            batch_id, biz_id = item["batch_id"]["S"], item.get("biz_id", {}).get("S", "")
            table.add_row(
                batch_id[-11:],
                item["state"]["S"],
                item["attempt"]["N"],
                str(accepted[batch_id]),
                biz_id or "–",
                "answered" if biz_id else "answer lost, then found by its OutId",
            )
    return table


def rows_table(summary: Mapping[str, Any], results: str) -> Table:
    """Show the first rows, and all rows with a rare status."""
    title = f"results.csv of {name_of(summary)} ({summary['encoding']}), in part"
    table = Table("row", "number", "name", "status", "reason", title=title)
    rows = list(csv.DictReader(io.StringIO(results)))
    phone = next(iter(rows[0]))
    times = Counter(row["smsdrop_status"] for row in rows)
    shown = ("smsdrop_row", phone, "name", "smsdrop_status", "smsdrop_reason")
    for number, row in enumerate(rows):
        if times[row["smsdrop_status"]] <= FEW or number < FIRST:
            table.add_row(*(row[each] for each in shown))
    return table


def verdict(summaries: Sequence[Mapping[str, Any]], texted: Counter[str]) -> None:
    """Exit with 0 only if each accepted recipient was texted once, and no other number was."""
    accepted, sent = (sum(each[name] for each in summaries) for name in ("accepted", "sent"))
    twice = sum(times > 1 for times in texted.values())
    if len(texted) == accepted == sent and not twice:
        console.print(
            f"[bold green]Each of {len(texted)} recipients was texted exactly once.[/bold green]"
        )
        return
    sys.exit(f"{accepted} recipients, {len(texted)} texted, {twice} of them twice.")

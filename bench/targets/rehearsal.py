"""
Target 9: a million rows, drop to closed report in the local AWS, ≤ 120 s on 2 cores.

`python -m bench.targets.rehearsal --rows N` runs a campaign of any size and shows its progress;
with `--faults P`, P calls of a hundred fail, each kind of failure as often as the others.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.harness.cores import all_cores
from bench.harness.result import Findings, Result, verdict
from bench.harness.run import Run
from bench.inputs.recipient_file import RecipientFile, write_recipient_file
from bench.system.deployment import Deployment, deployment
from bench.system.parsing import SIGN_NAME, TEMPLATE_CODE
from bench.system.progress import Progress
from bench.system.watching import CampaignWatch, WorkerMemory
from local.gateway.faults import FAULT_KINDS, Fault

KEY = f"incoming/{TEMPLATE_CODE}/{SIGN_NAME}/rehearsal.csv"
POLL_SECONDS = 0.25
MOST_SECONDS = 3600
SENDERS = "4"
"""Enough instances of SendBatch to keep the cores busy while some wait for an answer."""

ATTEMPTS = "10"
"""Enough that no batch is given up, however many calls fail."""

AT_MOST_SECONDS = 120


LOST_AFTER_SECONDS = 31
"""A call waits for its answer for half of `SendTimeoutSeconds`."""


class Unbalanced(Exception):
    """The rehearsal ended with books that do not balance, or did not end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Seconds since the drop, the summary that was written, and the most each function held."""

    parsed: float
    texted: float
    closed: float
    summary: dict[str, Any]
    peak_megabytes: dict[str, float]


def benchmark(run: Run) -> Findings:
    file = write_recipient_file(run.folder / "rehearsal.csv", rows=run.size.rehearsed_rows)
    rehearsal = rehearse(file, Console(stderr=True))
    memory = ", ".join(f"{name} {peak:.0f} MB" for name, peak in rehearsal.peak_megabytes.items())
    results = (
        Result(
            number=9,
            what=f"{file.rows:,} rows, drop to closed report, every signature verified",
            ours=f"{rehearsal.closed:.1f} s",
            target=f"≤ {AT_MOST_SECONDS} s on 2 cores",
            verdict=verdict(rehearsal.closed <= AT_MOST_SECONDS),
        ),
        Result(number=9, what="the same, peak memory by function", ours=memory),
    )
    closing = rehearsal.closed - rehearsal.texted
    return Findings(results=results, figures={"closing_seconds_a_row": closing / file.rows})


def rehearse(file: RecipientFile, console: Console, *, faults: float = 0) -> Rehearsal:
    """Run the campaign and return how it went, or raise `Unbalanced`."""
    console.print("Starting a local AWS and a stand-in SMS gateway on this machine …")
    with all_cores(), deployment(MaximumConcurrency=SENDERS, MaxAttempts=ATTEMPTS) as system:
        for fault in dealt(faults):
            system.gateway.add_fault(fault)
        parameters = (f"{name}={value}" for name, value in system.parameters.items())
        console.print(f"Deployed with {', '.join(parameters)}: our own rate holds nothing back")
        rehearsal = _watched(system, file, console)
        console.print("Comparing the books with the gateway's journal …")
        texted = Counter(message.phone_number for message in system.gateway.journal())
        check(rehearsal.summary, texted, file)
    return rehearsal


def dealt(percent: float) -> Iterator[Fault]:
    """Yield faults of every kind, which together hit this many calls of a hundred."""
    kinds = sorted(FAULT_KINDS.keys() - {"lag", "answer"})
    left = 1.0
    for seed, kind in enumerate(kinds):
        rate = percent / 100 / len(kinds)
        lag = LOST_AFTER_SECONDS if kind == "lose_answer" else None
        yield Fault(kind=kind, rate=rate / left, seed=seed, lag_after_seconds=lag)
        left -= rate


def _watched(system: Deployment, file: RecipientFile, console: Console) -> Rehearsal:
    stack, memory = system.stack, WorkerMemory(system.stack)
    began = time.monotonic()
    stack.drop(KEY, file.path.read_bytes())
    watch = CampaignWatch(stack)
    reached: dict[str, float] = {}
    with Progress(file.rows, console) as progress:
        while "closed" not in reached:
            now = time.monotonic() - began
            if now > MOST_SECONDS:
                raise Unbalanced("it did not end in time")
            standing = watch.look(texted=system.gateway.summary().texts)
            progress.show(standing)
            memory.look()
            for name in standing.reached:
                reached.setdefault(name, now)
            if "texted" in reached and stack.queue_counts().empty:
                stack.invoke("CloseCampaigns")  # the schedule would within a minute
            else:
                time.sleep(POLL_SECONDS)
    [key] = [key for key in stack.keys("reports/") if key.endswith("/summary.json")]
    return Rehearsal(
        parsed=reached["parsed"],
        texted=reached["texted"],
        closed=reached["closed"],
        summary=json.loads(stack.read(key)),
        peak_megabytes=memory.peak_megabytes,
    )


def check(summary: Mapping[str, Any], texted: Counter[str], file: RecipientFile) -> None:
    """Compare the summary with the file, and how often each number was texted with both."""
    ends = sum(summary[each] for each in ("sent", "refused", "unconfirmed", "cancelled"))
    judged = sum(summary[each] for each in ("accepted", "duplicates", "rejected"))
    if (summary["rows"], summary["accepted"]) != (file.rows, file.recipients):
        raise Unbalanced(f"{summary['rows']} rows, {summary['accepted']} accepted")
    if judged != file.rows or ends != file.recipients or summary["sent"] != file.recipients:
        raise Unbalanced(f"{judged} judged, {ends} ended, {summary['sent']} sent")
    twice = sum(times > 1 for times in texted.values())
    if twice or texted.keys() != set(file.numbers()):
        raise Unbalanced(f"{len(texted)} of {file.recipients} texted, {twice} of them twice")


@contextmanager
def made_file(rows: int) -> Iterator[RecipientFile]:
    with tempfile.TemporaryDirectory(prefix="smsdrop-rehearsal-") as folder:
        yield write_recipient_file(Path(folder) / "rehearsal.csv", rows=rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.targets.rehearsal")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--faults", type=float, default=0, help="calls that fail, in percent")
    arguments = parser.parse_args()
    rows = arguments.rows
    console = Console(highlight=False)
    with made_file(rows) as file:
        size = file.path.stat().st_size / 1e6
        console.print(f"A file of {rows:,} rows, {size:.1f} MB, {file.recipients:,} recipients")
        try:
            rehearsal = rehearse(file, console, faults=arguments.faults)
        except Unbalanced as error:
            sys.exit(f"not right: {error}")
    names = ("rows", "accepted", "duplicates", "rejected", "sent", "batches", "calls")
    console.print(", ".join(f"{name} {rehearsal.summary[name]:,}" for name in names))
    console.print(
        f"parsed after {rehearsal.parsed:.1f} s, texted after {rehearsal.texted:.1f} s, "
        f"closed after {rehearsal.closed:.1f} s: {rows / rehearsal.closed:,.0f} rows/s"
    )
    for name, peak in rehearsal.peak_megabytes.items():
        console.print(f"{name}: {peak:.0f} MB at the most")
    console.print("[bold green]The books balance, and each number is in the journal once.[/]")


if __name__ == "__main__":
    main()

"""Target 14: a million rows against a million messages of yesterday, ≤ 1.5 of target 1's CPU."""

import tempfile
from pathlib import Path
from typing import Any

from bench.harness.result import Findings, ratio
from bench.harness.rounds import measured
from bench.harness.run import Run
from bench.harness.stopwatch import Stopwatch
from bench.inputs.recipient_file import SEED, write_recipient_file
from bench.system.parsing import CountingQueue, FolderFiles, dropped, parse_recipients, plan_log
from smsdrop.ledger.campaign import Campaign
from tests.support.fakes import FakeLedger

NUMBER = 14

CONTENDERS = {
    "not compared": "bench.targets.repeats:not_compared",
    "as many before": "bench.targets.repeats:as_many_before",
}
AT_MOST = {"as many before": 1.5}


def benchmark(run: Run) -> Findings:
    """Yesterday's file has the same numbers, and other params."""
    today = write_recipient_file(run.folder / "today.csv", rows=run.size.rows)
    yesterday = write_recipient_file(
        run.folder / "yesterday.csv", rows=run.size.rows, seed=SEED + 1
    )
    taken = measured(
        CONTENDERS,
        rounds=run.size.rounds,
        core=run.core,
        today=str(today.path),
        yesterday=str(yesterday.path),
    )
    theirs = taken["not compared"].cpu_seconds
    results = [
        ratio(
            NUMBER,
            f"parse {taken[name].facts['rows']:,} rows with {name}, CPU",
            peer="not compared",
            theirs=theirs,
            ours=taken[name].cpu_seconds,
            unit="s",
            at_most=at_most,
        )
        for name, at_most in AT_MOST.items()
    ]
    return Findings(results=tuple(results))


# The contenders


def not_compared(watch: Stopwatch, *, today: str, yesterday: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        use_case = parse_recipients(
            FolderFiles(Path(today), Path(folder)), FakeLedger(), CountingQueue()
        )
        with watch:
            campaign = dropped(use_case)
    return facts(campaign)


def as_many_before(watch: Stopwatch, *, today: str, yesterday: str) -> dict[str, Any]:
    return compared(watch, today, yesterday)


def compared(watch: Stopwatch, today: str, *before: str) -> dict[str, Any]:
    ledger = FakeLedger()
    with tempfile.TemporaryDirectory() as folder:
        for path in before:
            files = FolderFiles(Path(path), Path(folder), again="")
            dropped(parse_recipients(files, ledger, CountingQueue(), plan_log(files, ledger)))
        files = FolderFiles(Path(today), Path(folder), again="")
        use_case = parse_recipients(files, ledger, CountingQueue(), plan_log(files, ledger))
        with watch:
            campaign = dropped(use_case)
    return facts(campaign)


def facts(campaign: Campaign) -> dict[str, Any]:
    return {"rows": campaign.counts.rows, "accepted": campaign.counts.accepted}

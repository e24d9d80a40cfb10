"""
Target 14: 1 against a million messages of yesterday, ≤ 1.5 of CPU; numbers listed, ≤ 1.3, ≤ 128 MB.

One in a hundred of the listed numbers is the file's.
"""

import tempfile
from pathlib import Path
from typing import Any

from bench.harness.result import Findings, limit, ratio
from bench.harness.rounds import measured
from bench.harness.run import Run
from bench.harness.stopwatch import Stopwatch
from bench.inputs.recipient_file import SEED, nth_number, write_recipient_file
from bench.system.parsing import CountingQueue, FolderFiles, dropped, parse_recipients, plan_log
from bench.targets.parse import AT_MOST_MEGABYTES
from smsdrop.ledger.campaign import Campaign
from smsdrop.parsing.suppression.lists import SuppressionLists
from tests.support.fakes import FakeLedger

NUMBER = 14

CONTENDERS = {
    "not compared": "bench.targets.repeats:not_compared",
    "as many before": "bench.targets.repeats:as_many_before",
    "as many listed": "bench.targets.repeats:as_many_listed",
}
AT_MOST = {"as many before": 1.5, "as many listed": 1.3}
SHARE_LISTED = 0.01


def benchmark(run: Run) -> Findings:
    """Yesterday's file has the same numbers, and other params."""
    today = write_recipient_file(run.folder / "today.csv", rows=run.size.rows)
    yesterday = write_recipient_file(
        run.folder / "yesterday.csv", rows=run.size.rows, seed=SEED + 1
    )
    listed = run.folder / "listed.txt"
    first = round(today.recipients * (1 - SHARE_LISTED))
    positions = range(first, first + run.size.rows)
    listed.write_text("".join(f"{nth_number(each)}\n" for each in positions), encoding="ascii")
    taken = measured(
        CONTENDERS,
        rounds=run.size.rounds,
        core=run.core,
        today=str(today.path),
        yesterday=str(yesterday.path),
        listed=str(listed),
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
    results.append(
        limit(
            NUMBER,
            "with as many listed, peak memory",
            ours=taken["as many listed"].peak_megabytes,
            unit="MB",
            at_most=AT_MOST_MEGABYTES,
        )
    )
    return Findings(results=tuple(results))


# The contenders


def not_compared(watch: Stopwatch, *, today: str, yesterday: str, listed: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        use_case = parse_recipients(
            FolderFiles(Path(today), Path(folder)), FakeLedger(), CountingQueue()
        )
        with watch:
            campaign = dropped(use_case)
    return facts(campaign)


def as_many_before(watch: Stopwatch, *, today: str, yesterday: str, listed: str) -> dict[str, Any]:
    return compared(watch, today, yesterday)


def as_many_listed(watch: Stopwatch, *, today: str, yesterday: str, listed: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        files = FolderFiles(Path(today), Path(folder), listed=Path(listed))
        lists = SuppressionLists(bucket=files)
        use_case = parse_recipients(files, FakeLedger(), CountingQueue(), lists=lists)
        with watch:
            campaign = dropped(use_case)
    return facts(campaign)


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
    counts = campaign.counts
    return {"rows": counts.rows, "accepted": counts.accepted, "suppressed": counts.suppressed}

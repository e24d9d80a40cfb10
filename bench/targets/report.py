"""
Target 10: last text → report, 1,000 rows ≤ 5 s; a million anew with receipts ≤ 256 MB.

Rewriting is measured without AWS, in a process of its own.
"""

import time
from collections.abc import Iterator

from bench.harness.result import Findings, Result, quantity, verdict
from bench.harness.rounds import one_round
from bench.harness.run import Run
from bench.inputs.recipient_file import write_recipient_file
from bench.system.closing import plan_into, receipts_into
from bench.system.deployment import Deployment, deployment
from bench.system.parsing import SIGN_NAME, TEMPLATE_CODE
from local.aws.waiting import wait_until

AT_MOST_SECONDS = 5
AT_MOST_MEGABYTES = 256
ROWS = (100, 1_000)
WARMING_UP = 10
"""Rows of a file before those that count: then every function has run once."""

MOST_SECONDS = 120
"""By then a report has come, or none will: here no tick closes what no wake-up has closed."""


def benchmark(run: Run) -> Findings:
    with deployment() as system:
        system.stack.stop_schedule()
        seconds_to_report(system, run, rows=WARMING_UP, number=0)
        slowest = {
            rows: max(
                seconds_to_report(system, run, rows=rows, number=number)
                for number in range(1, run.size.rounds + 1)
            )
            for rows in ROWS
        }
    soon = (
        Result(
            number=10,
            what=f"last text to report, {rows:,} rows, the slowest of {run.size.rounds}",
            ours=quantity(seconds, "s"),
            target=f"≤ {AT_MOST_SECONDS} s",
            verdict=verdict(seconds <= AT_MOST_SECONDS),
        )
        for rows, seconds in slowest.items()
    )
    return Findings(results=(*soon, *written_anew(run)))


def written_anew(run: Run) -> Iterator[Result]:
    """Yield what it takes to rewrite a large report, with everyone's receipt."""
    file = write_recipient_file(run.folder / "with-receipts.csv", rows=run.size.rows)
    folder = run.folder / "bucket with receipts"
    folder.mkdir()
    plan_into(folder, file.path)
    receipts_into(folder)
    taken = one_round("bench.system.closing:written_anew", core=run.core, folder=str(folder))
    what = f"the report of {file.rows:,} rows written anew with receipts"
    megabytes = taken["peak_megabytes"]
    yield Result(
        number=10,
        what=f"{what}, peak memory",
        ours=quantity(megabytes, "MB"),
        target=f"≤ {AT_MOST_MEGABYTES} MB",
        verdict=verdict(0 < megabytes <= AT_MOST_MEGABYTES and taken["facts"]["delivered"] > 0),
    )
    yield Result(number=10, what=f"{what}, CPU", ours=quantity(taken["cpu_seconds"], "s"))


def seconds_to_report(system: Deployment, run: Run, *, rows: int, number: int) -> float:
    """Drop a file whose rows are those of others, marked as intended; wait for its report."""
    file = write_recipient_file(run.folder / "small.csv", rows=rows, clean=True)
    name = f"{TEMPLATE_CODE}/{SIGN_NAME}/again={rows}-{number}/small.csv"
    system.stack.drop(f"incoming/{name}", file.path.read_bytes())
    wait_until(
        lambda: any(
            each.endswith("/summary.json") for each in system.stack.keys(f"reports/{name}")
        ),
        timeout=MOST_SECONDS,
        what="report",
    )
    there_at = time.time()
    return there_at - max(each.at for each in system.gateway.journal())

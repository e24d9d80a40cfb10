"""
Target 1: a file to queue messages, CPU ≤ 0.35 of straightforward, ≤ 1 of polars, in ≤ 128 MB.

Measured on a million rows. The peers write no plan, so the share of the plan is shown too.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.harness.result import Findings, Result, limit, ratio
from bench.harness.rounds import Measured, measured, one_round
from bench.harness.run import Run
from bench.harness.sampling import Sampling
from bench.harness.stopwatch import Stopwatch
from bench.inputs.recipient_file import write_recipient_file
from bench.references import straightforward_parse
from bench.system.parsing import (
    SIGN_NAME,
    TEMPLATE_CODE,
    CountingQueue,
    FolderFiles,
    dropped,
    parse_recipients,
)
from smsdrop.batches import plan, plan_writer
from tests.support.fakes import FakeLedger

CONTENDERS = {
    "straightforward": "bench.targets.parse:straightforward",
    "polars": "bench.targets.parse:vectorised",
    "ours": "bench.targets.parse:ours",
}
AT_MOST = {"straightforward": 0.35, "polars": 1.0}
AT_MOST_MEGABYTES = 128


def benchmark(run: Run) -> Findings:
    file = write_recipient_file(run.folder / "file.csv", rows=run.size.rows)
    settings: dict[str, Any] = {"core": run.core, "path": str(file.path)}
    taken = measured(CONTENDERS, rounds=run.size.rounds, **settings)
    shares = [
        one_round("bench.targets.parse:share_of_plan", **settings) for _ in range(run.size.rounds)
    ]
    share = median(each["facts"]["share"] for each in shares)
    return Findings(results=tuple(results(taken, share)))


def results(taken: dict[str, Measured], share: float) -> Iterator[Result]:
    ours = taken["ours"]
    without_plan = ours.cpu_seconds * (1 - share)
    yield from against_peers(f"parse {ours.facts['rows']:,} rows, CPU", taken, ours.cpu_seconds)
    yield Result(number=1, what="of it, plan written and read back", ours=f"{share:.0%}")
    yield from against_peers("the same without the plan, which peers lack", taken, without_plan)
    yield limit(
        1,
        "the same, peak memory",
        ours=ours.peak_megabytes,
        unit="MB",
        at_most=AT_MOST_MEGABYTES,
    )


def against_peers(what: str, taken: dict[str, Measured], ours: float) -> Iterator[Result]:
    for peer, at_most in AT_MOST.items():
        theirs = taken[peer].cpu_seconds
        yield ratio(1, what, peer=peer, theirs=theirs, ours=ours, unit="s", at_most=at_most)


# The contenders


def straightforward(watch: Stopwatch, *, path: str) -> dict[str, Any]:
    queue = CountingQueue()
    with watch:
        straightforward_parse.parse(
            Path(path), queue, template_code=TEMPLATE_CODE, sign_name=SIGN_NAME
        )
    return {"messages": queue.messages, "bytes": queue.bytes}


def vectorised(watch: Stopwatch, *, path: str) -> dict[str, Any]:
    from bench.references import polars_parse  # takes its memory when it is imported

    queue = CountingQueue()
    with watch:
        polars_parse.parse(Path(path), queue, template_code=TEMPLATE_CODE, sign_name=SIGN_NAME)
    return {"messages": queue.messages, "bytes": queue.bytes}


def ours(watch: Stopwatch, *, path: str) -> dict[str, Any]:
    return parsed(watch, path, CountingQueue())


def share_of_plan(watch: Stopwatch, *, path: str) -> dict[str, Any]:
    """Return also which share of the time the plan takes; sampling costs a little itself."""
    with Sampling(plan, plan_writer) as sampling:
        facts = parsed(watch, path, CountingQueue())
    return facts | {"share": sampling.share}


def parsed(watch: Stopwatch, path: str, queue: CountingQueue) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        files = FolderFiles(Path(path), Path(folder))
        use_case = parse_recipients(files, FakeLedger(), queue)
        with watch:
            campaign = dropped(use_case)
    return {
        "rows": campaign.counts.rows,
        "accepted": campaign.counts.accepted,
        "batches": campaign.counts.batches,
        "messages": queue.messages,
        "bytes": queue.bytes,
        "plan_bytes": files.written_bytes,
    }

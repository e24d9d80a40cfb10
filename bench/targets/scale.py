"""
Target 7: ten million rows in ≤ 256 MB, CPU a row as in 1, and all batches queued once.

Closing them is measured beside it, as far as it goes without AWS.

A million rows are measured right after the ten, because shared machines change their pace.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from bench.harness.result import Findings, Result, quantity, verdict
from bench.harness.rounds import Measured, measured, one_round
from bench.harness.run import Run
from bench.harness.stopwatch import Stopwatch
from bench.inputs.recipient_file import write_recipient_file
from bench.system.closing import close_in, plan_into
from bench.system.parsing import CountingQueue
from bench.targets import parse
from smsdrop.batches.batch import Batch, position_of

CONTENDERS = {name: parse.CONTENDERS[name] for name in ("straightforward", "ours")}
AT_MOST_MEGABYTES = 256
SAME_TIME_A_ROW = 1.15
"""Our choice: up to this factor, the time a row counts as the same as at a million rows."""


def benchmark(run: Run) -> Findings:
    size = run.size
    many = write_recipient_file(run.folder / "many.csv", rows=size.many_rows)
    fewer = write_recipient_file(run.folder / "fewer.csv", rows=size.rows)
    on_many: dict[str, Any] = {"core": run.core, "path": str(many.path)}
    taken = measured(CONTENDERS, rounds=1, **on_many)
    beside = measured(
        {"ours": CONTENDERS["ours"]}, rounds=size.rounds, core=run.core, path=str(fewer.path)
    )["ours"]
    queued = one_round("bench.targets.scale:batches_queued", **on_many)
    ours = taken["ours"]
    more_megabytes = max(0.0, ours.peak_megabytes - beside.peak_megabytes)
    growth = ours.cpu_seconds / beside.cpu_seconds / (many.rows / fewer.rows)
    closed_many, closed_fewer = (
        closed(run, file.path, name=file.path.stem) for file in (many, fewer)
    )
    closing_megabytes = max(0.0, closed_many["peak_megabytes"] - closed_fewer["peak_megabytes"])
    return Findings(
        results=(*results(taken, growth, queued["facts"]), *results_of_closing(closed_many)),
        figures={
            "parse_seconds_a_row": ours.cpu_seconds / many.rows,
            "parse_megabytes": beside.peak_megabytes,
            "parse_bytes_a_row": more_megabytes * 1e6 / (many.rows - fewer.rows),
            "plan_bytes_a_row": ours.facts["plan_bytes"] / many.rows,
            "close_megabytes": closed_fewer["peak_megabytes"],
            "close_bytes_a_row": closing_megabytes * 1e6 / (many.rows - fewer.rows),
        },
    )


def results(
    taken: Mapping[str, Measured], growth: float, queued: Mapping[str, int]
) -> Iterator[Result]:
    ours, peer = taken["ours"], taken["straightforward"]
    what = f"parse {ours.facts['rows']:,} rows"
    yield Result(
        number=7,
        what=f"{what}, peak memory",
        peer=f"straightforward: {quantity(peer.peak_megabytes, 'MB')}",
        ours=quantity(ours.peak_megabytes, "MB"),
        ratio=f"{ours.peak_megabytes / peer.peak_megabytes:.2f}",
        target=f"≤ {AT_MOST_MEGABYTES} MB",
        verdict=verdict(ours.peak_megabytes <= AT_MOST_MEGABYTES),
    )
    yield Result(
        number=7,
        what=f"{what}, CPU",
        ours=quantity(ours.cpu_seconds, "s"),
        ratio=f"{growth:.2f} a row",
        target="as in 1",
        verdict=verdict(growth <= SAME_TIME_A_ROW),
    )
    once, batches = queued["once"], queued["batches"]
    yield Result(
        number=7,
        what=f"{what}, batches queued once",
        ours=f"{once:,} of {batches:,}",
        target="all",
        verdict=verdict(once == batches > 0),
    )


def results_of_closing(taken: Mapping[str, Any]) -> Iterator[Result]:
    what = f"close {taken['facts']['rows']:,} rows"
    yield Result(
        number=7, what=f"{what}, peak memory", ours=quantity(taken["peak_megabytes"], "MB")
    )
    yield Result(number=7, what=f"{what}, CPU", ours=quantity(taken["cpu_seconds"], "s"))


def closed(run: Run, path: Path, *, name: str) -> dict[str, Any]:
    """Close a file in one process after it was parsed in another, and return what that took."""
    folder = run.folder / f"bucket of {name}"
    folder.mkdir()
    plan_into(folder, path)
    return one_round("bench.targets.scale:closing", core=run.core, folder=str(folder))


def closing(watch: Stopwatch, *, folder: str) -> dict[str, Any]:
    with watch:
        campaign = close_in(Path(folder))
    return {"rows": campaign.counts.rows}


def batches_queued(watch: Stopwatch, *, path: str) -> dict[str, Any]:
    """Count the batches, and those that are found exactly once in what was queued."""
    with tempfile.TemporaryFile() as spool:
        facts = parse.parsed(watch, path, CountingQueue(spool))
        return {"batches": facts["batches"], "once": found_once(spool)}


def found_once(spool: IO[bytes]) -> int:
    spool.seek(0)
    times = Counter(position_of(Batch.from_json(line).batch_id) for line in spool)
    return sum(each == 1 for each in times.values())

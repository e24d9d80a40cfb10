"""The command line of `python -m bench`."""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import (
    calling,
    cold_start,
    costing,
    delivering,
    forming,
    page,
    parsing,
    queueing,
    rehearsing,
)
from bench.contest import QUICK, WHOLE, Contest
from bench.cores import serving_elsewhere
from bench.result import Findings

BENCHMARKS = {
    "parse": parsing.benchmark,
    "queue": queueing.benchmark,
    "form": forming.benchmark,
    "call": calling.benchmark,
    "deliver": delivering.benchmark,
    "start": cold_start.benchmark,
    "cost": costing.benchmark,
    "rehearse": rehearsing.benchmark,
}


LEAST_WIDTH = 170


def main() -> None:
    arguments = parse_arguments()
    names = arguments.only or list(BENCHMARKS)
    progress = Console(stderr=True, highlight=False)
    findings: list[Findings] = []
    with (
        tempfile.TemporaryDirectory(prefix="smsdrop-bench-") as folder,
        serving_elsewhere() as core,
    ):
        size = QUICK if arguments.quick else WHOLE
        contest = Contest(size=size, folder=Path(folder), core=core)
        for name in names:
            progress.print(f"measuring: {name} …")
            findings.append(BENCHMARKS[name](contest))
    show(findings, is_quick=arguments.quick)
    if not arguments.quick and names == list(BENCHMARKS):
        page.write(findings)
        progress.print(f"written: {page.PAGE.name}")


def show(findings: list[Findings], *, is_quick: bool) -> None:
    title = "quick: shows that it runs; the figures mean nothing" if is_quick else None
    table = Table(*page.COLUMNS, title=title)
    for cells in page.cells_of(findings):
        table.add_row(*cells)
    width = max(Console().width, LEAST_WIDTH)  # in a log there is none, and no limit either
    console = Console(highlight=False, width=width)
    console.print(table)
    for details in filter(None, (each.details for each in findings)):
        console.print(f"\n{details}", markup=False)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    option = parser.add_argument
    option("--quick", action="store_true", help="only show that everything runs")
    option("--only", nargs="+", choices=BENCHMARKS, help="these alone; writes no page")
    return parser.parse_args()

"""The command line, `python -m bench`: measure, show the results, write docs/performance.md."""

import argparse
import tempfile
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

from bench.harness.cores import serving_elsewhere
from bench.harness.result import Findings
from bench.harness.run import QUICK, WHOLE, Run
from bench.page import performance_md
from bench.targets import (
    call,
    cost,
    deliver,
    form,
    parse,
    queue,
    receipts,
    rehearsal,
    repeats,
    report,
    scale,
    seen,
    start,
)

TARGETS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        parse,
        queue,
        form,
        call,
        deliver,
        start,
        scale,
        cost,
        rehearsal,
        report,
        repeats,
        seen,
        receipts,
    )
}
"""In the order of their numbers."""

LEAST_WIDTH = 170


def main() -> None:
    arguments = parse_arguments()
    names = arguments.only or list(TARGETS)
    progress = Console(stderr=True, highlight=False)
    findings: list[Findings] = []
    with (
        tempfile.TemporaryDirectory(prefix="smsdrop-bench-") as folder,
        serving_elsewhere() as core,
    ):
        size = QUICK if arguments.quick else WHOLE
        run = Run(size=size, folder=Path(folder), core=core)
        for name in names:
            progress.print(f"measuring: {name} …")
            findings.append(TARGETS[name].benchmark(run))
    show(findings, is_quick=arguments.quick)
    if not arguments.quick and names == list(TARGETS):
        performance_md.write(findings)
        progress.print(f"written: {performance_md.PAGE.name}")


def show(findings: list[Findings], *, is_quick: bool) -> None:
    title = "quick: shows that it runs; the figures mean nothing" if is_quick else None
    table = Table(*performance_md.COLUMNS, title=title)
    for cells in performance_md.cells_of(findings):
        table.add_row(*cells)
    width = max(Console().width, LEAST_WIDTH)  # a log has none, and no limit either
    console = Console(highlight=False, width=width)
    console.print(table)
    for details in filter(None, (each.details for each in findings)):
        console.print(f"\n{details}", markup=False)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        epilog="\n".join(f"  {name:<10} {headline(module)}" for name, module in TARGETS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    option = parser.add_argument
    option("--quick", action="store_true", help="only show that everything runs")
    option("--only", nargs="+", choices=TARGETS, metavar="NAME", help="only these; writes no page")
    return parser.parse_args()


def headline(module: ModuleType) -> str:
    """Return the first line of a target's module: its number, and the bar."""
    return str(module.__doc__).strip().partition("\n")[0]


if __name__ == "__main__":
    main()

"""`docs/performance.md`: written by the benchmarks, except the part between the marks."""

import platform
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.harness.cores import measuring_core
from bench.harness.result import Findings
from bench.page import at_scale
from local import ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN = "<!-- written by hand from here -->"
END = "<!-- to here; all else is written by `make bench` -->"
COLUMNS = ("#", "what", "peer", "ours", "ratio", "target", "met")
PACKAGES = (
    "requests",
    "boto3",
    "aws-lambda-powertools",
    "polars",
    "alibabacloud-dysmsapi20170525",
    "alibabacloud-tea-openapi",
    "ministack",
)
GIGABYTE = 1e9


def write(findings: Iterable[Findings]) -> None:
    PAGE.write_text(page(list(findings), by_hand=written_by_hand(PAGE)), encoding="utf-8")


def written_by_hand(path: Path) -> str:
    """Return what a person wrote into the page, without the marks."""
    if not path.exists():
        return ""
    _, begun, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    return rest.partition(END)[0].strip() if begun else ""


def page(findings: list[Findings], *, by_hand: str) -> str:
    figures = {name: value for each in findings for name, value in each.figures.items()}
    lines = [
        "# How fast and how cheap",
        "",
        "Written by `make bench`. smsdrop, `ours` below, and its peers ran in turns, each round in",
        "a fresh process on one core, servers on the other; figures are medians. Ratios count:",
        "times on another machine differ, and on a busy one they drift.",
        "",
        *machine(),
        "",
        *table(findings),
        "",
        *(line for each in findings if each.details for line in (each.details, "")),
        *at_scale.report(figures),
        "",
        BEGIN,
        "",
        by_hand,
        "",
        END,
        "",
    ]
    return "\n".join(lines)


def machine() -> Iterator[str]:
    packages = ", ".join(f"{each} {version(each)}" for each in PACKAGES)
    pinned = "not pinned" if measuring_core() is None else "pinned"
    yield f"- {datetime.now(UTC):%Y-%m-%d}"
    yield f"- {processor()}, {platform.system()} on {platform.machine()}, {pinned}"
    yield f"- Python {platform.python_version()}, {packages}"


def processor() -> str:
    fields = dict(_fields(Path("/proc/cpuinfo")))
    memory = dict(_fields(Path("/proc/meminfo"))).get("MemTotal", "0").split()[0]
    cores = int(fields.get("processor", 0)) + 1  # the last one's number is left
    gigabytes = int(memory) * 1024 / GIGABYTE
    return f"{fields.get('model name', 'unknown')}, {cores} cores, {gigabytes:.0f} GB"


def _fields(path: Path) -> Iterator[tuple[str, str]]:
    if path.exists():
        for line in path.read_text().splitlines():
            name, _, value = line.partition(":")
            yield name.strip(), value.strip()


def table(findings: Iterable[Findings]) -> Iterator[str]:
    yield f"| {' | '.join(COLUMNS)} |"
    yield "| --: | --- | --- | --: | --: | --- | --- |"
    for cells in cells_of(findings):
        yield f"| {' | '.join(cells)} |"


def cells_of(findings: Iterable[Findings]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the table, in the order of the targets."""
    results = [result for each in findings for result in each.results]
    for each in sorted(results, key=lambda result: result.number):
        yield (
            str(each.number),
            each.what,
            each.peer,
            each.ours,
            each.ratio,
            each.target,
            str(each.verdict),
        )

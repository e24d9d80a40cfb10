"""Many seeds at once, on every processor there is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context

from tests.simulation.canaries import FIRST_GO_AHEAD
from tests.simulation.faults import FAULTS, RECEIPT_FAULTS, TELLING_FAULTS
from tests.simulation.lists import LIST_DEEDS
from tests.simulation.run import run

SEEDS_PER_TASK = 50

KINDS = (*FAULTS, *TELLING_FAULTS, *RECEIPT_FAULTS, *LIST_DEEDS, FIRST_GO_AHEAD)


@dataclass(slots=True)
class Findings:
    """What many seeds came to: `struck` counts the seeds in which each fault struck."""

    seeds: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    violations: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def shares(self) -> dict[str, float]:
        return {fault: self.struck[fault] / self.seeds for fault in KINDS}

    def add(self, other: "Findings") -> None:
        self.seeds += other.seeds
        self.struck += other.struck
        self.violations |= other.violations


def run_few(seeds: Sequence[int]) -> Findings:
    findings = Findings()
    for seed in seeds:
        outcome = run(seed)
        findings.seeds += 1
        findings.struck.update(set(outcome.fired))
        if outcome.violations:
            findings.violations[seed] = outcome.violations
    return findings


def run_seeds(seeds: Sequence[int], *, processes: int) -> Findings:
    findings = Findings()
    with get_context("spawn").Pool(processes) as pool:
        for few in pool.imap_unordered(run_few, _tasks(seeds)):
            findings.add(few)
    return findings


def _tasks(seeds: Sequence[int]) -> Iterator[tuple[int, ...]]:
    rest = iter(seeds)
    while few := tuple(islice(rest, SEEDS_PER_TASK)):
        yield few

"""python -m tests.simulation --seeds 10000: look for faults where no test has looked yet."""

import argparse
import os
import sys
import time

from tests.simulation.run import run
from tests.simulation.seeds import Findings, run_seeds


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="the first of them")
    parser.add_argument("--trace", action="store_true", help="run one seed, and show what happens")
    arguments = parser.parse_args()
    if arguments.trace:
        return traced(arguments.seed)
    started = time.monotonic()
    seeds = range(arguments.seed, arguments.seed + arguments.seeds)
    findings = run_seeds(seeds, processes=os.cpu_count() or 1)
    show(findings, seconds=time.monotonic() - started)
    return bool(findings.violations)


def traced(seed: int) -> int:
    outcome = run(seed, tracing=True)
    write(*outcome.trace, *(f"{times:5}  {fault}" for fault, times in outcome.fired.items()))
    return bool(outcome.violations)


def show(findings: Findings, *, seconds: float) -> None:
    write(*(f"{share:7.1%}  {fault}" for fault, share in findings.shares().items()))
    for seed, violations in sorted(findings.violations.items()):
        write(f"seed {seed}:", *violations)
    broken = len(findings.violations)
    write(f"{findings.seeds} seeds in {seconds:.0f} s, {broken} of them broke the promise")


def write(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())

"""python -m tests.simulation --seeds 10000: look for faults where no test has looked yet."""

import argparse
import os
import sys
import time

from tests.simulation.run import run
from tests.simulation.seeds import run_seeds


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="the first of them")
    parser.add_argument("--trace", action="store_true", help="run one seed, and show what happens")
    arguments = parser.parse_args()
    if arguments.trace:
        outcome = run(arguments.seed, tracing=True)
        print(*outcome.trace, sep="\n")
        print("faults:", dict(sorted(outcome.fired.items())))
        return bool(outcome.violations)
    started = time.monotonic()
    seeds = range(arguments.seed, arguments.seed + arguments.seeds)
    findings = run_seeds(seeds, processes=os.cpu_count() or 1)
    seconds = time.monotonic() - started
    for seed, violations in findings.violations.items():
        print(f"seed {seed}: {'; '.join(violations)}")
    for fault, share in sorted(findings.shares().items(), key=lambda each: each[1]):
        print(f"{share:7.1%}  {fault}")
    print(f"{findings.seeds} seeds in {seconds:.0f} s, {len(findings.violations)} with violations")
    return bool(findings.violations)


if __name__ == "__main__":
    sys.exit(main())

"""
Mutate the modules that keep the promise, one thing at a time, and print what nothing notices.

What went unnoticed once comes first, then as many others as the time allows, drawn by lot.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from local import ROOT
from tests.mutation.known import KNOWN
from tests.mutation.mutations import Mutation, found, mutations
from tests.mutation.trial import PACKAGE, Copy

PROMISE = ("sending", "ledger", "closing", "operations", "parsing", "batches", "aws")
"""The packages that are mutated."""


def source_of(module: str) -> bytes:
    return (ROOT / PACKAGE / module).read_bytes()


def known() -> Iterator[Mutation]:
    for module, old, new in KNOWN:
        yield found(module, source_of(module), old, new)


def drawn(packages: Sequence[str], *, draw: int) -> list[Mutation]:
    """Return all mutations of the packages, in an order drawn by lot."""
    root = ROOT / PACKAGE
    modules = sorted(path for each in packages for path in (root / each).rglob("*.py"))
    names = [path.relative_to(root).as_posix() for path in modules]
    all_of_them = [each for name in names for each in mutations(name, source_of(name))]
    Random(draw).shuffle(all_of_them)
    return all_of_them


def shown(mutation: Mutation) -> str:
    line = source_of(mutation.module)[: mutation.start].count(b"\n") + 1
    return f"{mutation.module}:{line}: {mutation.old!r} -> {mutation.new!r}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600, help="begin none after this time")
    parser.add_argument("--draw", type=int, default=1, help="another number, another order")
    parser.add_argument("--packages", nargs="+", default=PROMISE, choices=PROMISE)
    parser.add_argument("--only-known", action="store_true", help="those alone that come first")
    chosen = parser.parse_args()
    others = [] if chosen.only_known else drawn(chosen.packages, draw=chosen.draw)
    tried, survivors = 0, []
    with TemporaryDirectory() as folder:
        copy = Copy.made_in(Path(folder))
        failing = copy.noticed_by("sending/send_batch.py")
        if failing:
            raise SystemExit(f"the {failing} fails without any mutation")
        deadline = time.monotonic() + chosen.seconds
        for mutation in chain(known(), others):
            if time.monotonic() > deadline:
                break
            tried += 1
            noticed_by = copy.notices(mutation)
            if not noticed_by:
                survivors.append(mutation)
            print(f"{noticed_by or 'NOTHING':24} {shown(mutation)}", flush=True)
    print(f"{len(survivors)} of {tried} mutations went unnoticed:")
    for mutation in survivors:
        print(f"  {shown(mutation)}")


if __name__ == "__main__":
    main()

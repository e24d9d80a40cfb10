"""Which processor core measures, and which ones serve."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

CAN_PIN = hasattr(os, "sched_setaffinity")
"""Linux can; elsewhere nothing is pinned, and the page says so."""


def measuring_core() -> int | None:
    """Return the core that contenders run on, or None where none can be chosen."""
    return max(os.sched_getaffinity(0)) if CAN_PIN else None


def pin_to(core: int | None) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})


@contextmanager
def serving_elsewhere() -> Iterator[int | None]:
    """Keep this process and what it starts off the measuring core, which is what the block gets."""
    core = measuring_core()
    if core is None or os.cpu_count() == 1:
        yield core
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, before - {core} or before)
    try:
        yield core
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def all_cores() -> Iterator[None]:
    """Let this process, and what it starts, run on every core until the block ends."""
    if not CAN_PIN:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)

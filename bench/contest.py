"""How large a run is, and what a benchmark is given to run with."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything; times are medians of so many `rounds`."""

    rounds: int
    rows: int
    """Of the test file that is parsed."""
    queued_rows: int
    """Of the one that is parsed and queued at ten milliseconds a call."""
    many_rows: int
    calls: int
    events: int
    starts: int
    metered_rows: tuple[int, int]
    """Two sizes, that tell what a campaign costs from what a row does."""
    rehearsed_rows: int


WHOLE = Size(
    rounds=5,
    rows=1_000_000,
    queued_rows=200_000,
    many_rows=10_000_000,
    calls=300,
    events=20,
    starts=15,
    metered_rows=(20_000, 60_000),
    rehearsed_rows=1_000_000,
)

QUICK = Size(
    rounds=1,
    rows=3_000,
    queued_rows=3_000,
    many_rows=10_000,
    calls=3,
    events=1,
    starts=1,
    metered_rows=(1_000, 2_000),
    rehearsed_rows=1_000,
)
"""Shows that everything runs; its figures mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What a benchmark is given: its size, a folder for files, and the core that measures."""

    size: Size
    folder: Path
    core: int | None

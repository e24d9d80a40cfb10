"""How much of everything a run measures, and what it passes to each target."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything; times are medians of so many `rounds`."""

    rounds: int
    rows: int
    """Rows of the file that `parse` reads."""
    queued_rows: int
    """Rows of the file that `queue` reads."""
    many_rows: int
    """Rows of the file that `scale` reads."""
    calls: int
    events: int
    starts: int
    metered_rows: tuple[int, int]
    """Two sizes: their difference separates what a row costs from what a campaign costs."""
    looked_at_rows: tuple[int, int]
    """The same for receipts, which are looked up at a rate."""
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
    looked_at_rows=(5_000, 15_000),
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
    looked_at_rows=(300, 600),
    rehearsed_rows=1_000,
)
"""Shows that everything runs; its figures mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a target is measured with: a size, a folder for its files, and the measuring core."""

    size: Size
    folder: Path
    core: int | None

"""What a benchmark found: lines of the table, and the figures behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    MET = "yes"
    MISSED = "no"
    UNJUDGED = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`number` is the target's; texts are shown as they are."""

    number: int
    what: str
    peer: str = ""
    ours: str
    ratio: str = ""
    target: str = ""
    verdict: Verdict = Verdict.UNJUDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """`figures` are what the page computes with; `details` go into it as they are, in Markdown."""

    results: tuple[Result, ...]
    figures: Mapping[str, float] = field(default_factory=dict)
    details: str = ""


def verdict(met: bool) -> Verdict:  # noqa: FBT001 - a translation, not a switch
    return Verdict.MET if met else Verdict.MISSED


def ratio(
    number: int, what: str, *, peer: str, theirs: float, ours: float, unit: str, at_most: float
) -> Result:
    """Return the line of a target that is a ratio to a peer."""
    value = ours / theirs
    return Result(
        number=number,
        what=what,
        peer=f"{peer}: {quantity(theirs, unit)}",
        ours=quantity(ours, unit),
        ratio=f"{value:.2f}",
        target=f"≤ {at_most:g}",
        verdict=verdict(value <= at_most),
    )


def limit(number: int, what: str, *, ours: float, unit: str, at_most: float) -> Result:
    """Return the line of a target that is a plain number, not a ratio."""
    return Result(
        number=number,
        what=what,
        ours=quantity(ours, unit),
        target=f"≤ {quantity(at_most, unit)}",
        verdict=verdict(ours <= at_most),
    )


def skipped(number: int, what: str, why: str) -> Findings:
    """Return the line of a target that cannot be measured here."""
    return Findings(results=(Result(number=number, what=what, ours=f"not measured: {why}"),))


def quantity(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    number = f"{value:,.{digits}f}"
    return f"${value:.4f}" if unit == "$" else f"{number} {unit}"

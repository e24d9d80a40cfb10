"""How a batch is split: which of its recipients each part holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

DOUBTFUL = 1
"""The part of a split by doubt that holds those in doubt, and nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Into halves; or those at the places in doubt apart from the others; or each by itself."""

    in_doubt: tuple[int, ...] = ()
    into_singles: bool = False

    def parts(self, recipients: int) -> tuple[Sequence[int], ...]:
        """Return for each part the places that its recipients have in the batch, in order."""
        return _parts(self, recipients)


HALVES = Split()


@lru_cache
def _parts(split: Split, recipients: int) -> tuple[Sequence[int], ...]:
    places = range(recipients)
    if split.in_doubt:
        return tuple(each for each in places if each not in split.in_doubt), split.in_doubt
    if split.into_singles:
        return tuple(places[each : each + 1] for each in places)
    middle = recipients // 2
    return places[:middle], places[middle:]

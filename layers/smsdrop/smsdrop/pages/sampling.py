"""
Which batches of a campaign are looked at to say how far it has come.

Messages go out nearly in the order of the plan, so short ranges that are spread evenly over it show
where sending has arrived; were the order wholly random, they would be a random sample.
"""

from collections.abc import Sequence
from typing import TypeAlias

Range: TypeAlias = tuple[int, int]
"""The positions of the first batch and the last, counted from 1."""

LONGEST_RANGE = 140
"""Our choice: where all batches are looked at, so many are read at once."""

RANGE_BATCHES = 14
"""So many entries of some 550 bytes are one read unit, if they may be a second behind."""

LEAST_READ = RANGE_BATCHES // 2
"""A read costs half a read unit at least, as so many entries do."""

MOST_ENTRIES = 96 * RANGE_BATCHES
"""Our choice: with all else that is read for pages, no more than 100 read units a minute."""


def ranges(batches: int, *, most: int) -> list[Range]:
    """
    Return ranges with at most so many of the batches; all, if that is enough.

    Each lies in the middle of the equal part of the plan that it stands for.
    """
    if batches <= most:
        firsts = range(1, batches + 1, LONGEST_RANGE)
        return [(first, min(batches, first + LONGEST_RANGE - 1)) for first in firsts]
    count = max(1, most // RANGE_BATCHES)
    size = min(RANGE_BATCHES, most)
    step = batches / count
    begins = [1 + round((number + 0.5) * step - size / 2) for number in range(count)]
    return [(begin, begin + size - 1) for begin in begins]


def in_even_order(of: Sequence[Range]) -> list[Range]:
    """
    Return them so that any first few of them are spread over the whole, too.

    What was split has more entries than batches, so that not all of the ranges may be read.
    """
    width = len(of).bit_length()
    order = sorted(range(2**width), key=lambda number: f"{number:0{width}b}"[::-1])
    return [of[number] for number in order if number < len(of)]

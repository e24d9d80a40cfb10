"""
Which batches of a campaign are looked at to tell its progress.

Messages go out nearly in plan order, so short ranges spread evenly over the plan show how far
sending has come; if the order were fully random, they would be a random sample.
"""

from collections.abc import Sequence
from typing import TypeAlias

Range: TypeAlias = tuple[int, int]
"""The positions of the first batch and the last, counted from 1."""

LONGEST_RANGE = 140
"""Our choice: how many are read at once if all batches are looked at."""

RANGE_BATCHES = 14
"""So many entries of some 550 bytes take one read unit, in reads that may be a second behind."""

LEAST_READ = RANGE_BATCHES // 2
"""A read costs at least half a read unit, as much as so many entries."""

MOST_ENTRIES = 96 * RANGE_BATCHES
"""Our choice: with all else that is read for pages, no more than 100 read units a minute."""


def ranges(batches: int, *, most: int) -> list[Range]:
    """
    Return ranges with at most `most` of the batches, or with all if there are no more.

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
    Order the ranges so that any first few of them are spread over the whole, too.

    Split batches have more than one entry each, so not all of the ranges may be read.
    """
    width = len(of).bit_length()
    order = sorted(range(2**width), key=lambda number: f"{number:0{width}b}"[::-1])
    return [of[number] for number in order if number < len(of)]

"""Which batches are looked at: all, or short ranges that are spread evenly."""

from itertools import pairwise

import pytest

from smsdrop.pages.sampling import MOST_ENTRIES, RANGE_BATCHES, in_even_order, ranges


@pytest.mark.parametrize("batches", [1, 2, 139, 140, 141, MOST_ENTRIES])
def test_of_few_batches_each_is_looked_at_once(batches: int) -> None:
    positions = [
        each
        for first, last in ranges(batches, most=MOST_ENTRIES)
        for each in range(first, last + 1)
    ]

    assert positions == list(range(1, batches + 1))


def test_where_there_is_no_batch_nothing_is_looked_at() -> None:
    assert ranges(0, most=MOST_ENTRIES) == []


@pytest.mark.parametrize("most", [1, RANGE_BATCHES - 1, RANGE_BATCHES, 200, MOST_ENTRIES])
@pytest.mark.parametrize("batches", [MOST_ENTRIES + 1, 10_000, 100_000])
def test_of_many_batches_as_many_are_looked_at_as_may_be(batches: int, most: int) -> None:
    found = ranges(batches, most=most)

    assert most - RANGE_BATCHES < sum(last - first + 1 for first, last in found) <= most
    assert all(1 <= first <= last <= batches for first, last in found)
    assert all(one[1] < two[0] for one, two in pairwise(found))


@pytest.mark.parametrize("batches", [MOST_ENTRIES + 1, 9_999, 10_000, 100_000])
def test_each_range_lies_in_the_middle_of_what_it_stands_for(batches: int) -> None:
    found = ranges(batches, most=MOST_ENTRIES)

    part = batches / len(found)
    for number, (first, last) in enumerate(found):
        middle = (first + last) / 2
        assert abs(middle - (number + 0.5) * part) <= 1


@pytest.mark.parametrize("count", [0, 1, 2, 5, 64, 100])
def test_the_ranges_come_in_another_order_and_none_is_left_out(count: int) -> None:
    whole = [(each, each) for each in range(count)]

    assert sorted(in_even_order(whole)) == whole


def test_the_first_few_ranges_are_spread_over_the_whole() -> None:
    firsts = [first for first, _ in in_even_order([(each, each) for each in range(64)])]

    assert firsts[:4] == [0, 32, 16, 48]
    assert sorted(firsts[:16]) == list(range(0, 64, 4))

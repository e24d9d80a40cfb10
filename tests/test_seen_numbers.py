"""Which row had a number first."""

from random import Random

import pytest

from smsdrop.seen_numbers import FEWEST_SLOTS, SeenNumbers


@pytest.mark.parametrize("expected", [0, 3 * FEWEST_SLOTS])
def test_each_number_keeps_the_row_it_came_with_however_many_there_are(expected: int) -> None:
    random = Random(1)
    numbers = list(map(str, random.sample(range(13_000_000_000, 20_000_000_000), 5 * FEWEST_SLOTS)))
    rows = range(2, len(numbers) + 2)
    seen = SeenNumbers(expected)

    for start in range(0, len(numbers), 1000):
        assert seen.add_all(numbers[start : start + 1000], rows[start : start + 1000]) == {}

    assert [seen.first_row(number) for number in numbers] == [*rows]


def test_a_number_that_is_here_keeps_its_first_row() -> None:
    seen = SeenNumbers()

    assert seen.add_all(["13800138000", "13900139000", "13800138000"], [2, 3, 5]) == {5: 2}
    assert seen.add_all(["13900139000", "13700137000"], [8, 9]) == {8: 3}
    assert seen.first_row("13900139000") == 3


def test_numbers_that_follow_one_another_are_told_apart() -> None:
    seen = SeenNumbers()
    numbers = [str(13_800_000_000 + each) for each in range(2 * FEWEST_SLOTS)]

    assert [seen.first_row(number) for number in numbers] == [None] * len(numbers)
    rows = range(2, len(numbers) + 2)
    assert seen.add_all(numbers, rows) == {}
    assert [seen.first_row(number) for number in numbers] == [*rows]


def test_the_largest_number_fits_and_rows_may_be_left_out() -> None:
    seen = SeenNumbers()

    assert seen.add_all([], []) == {}
    assert seen.add_all(["19999999999"], [100_000]) == {}
    assert seen.first_row("19999999999") == 100_000
    assert seen.first_row("19999999998") is None

"""Which row had a number first."""

from random import Random

from smsdrop.seen_numbers import FEWEST_SLOTS, SeenNumbers


def test_each_number_keeps_the_row_it_came_with_however_many_there_are() -> None:
    random = Random(1)
    numbers = random.sample(range(13_000_000_000, 20_000_000_000), 5 * FEWEST_SLOTS)
    seen = SeenNumbers()

    for row, number in enumerate(numbers, start=2):
        seen.add(str(number), row)

    rows = [seen.first_row(str(number)) for number in numbers]
    assert rows == list(range(2, len(numbers) + 2))


def test_numbers_that_follow_one_another_are_told_apart() -> None:
    seen = SeenNumbers()
    numbers = range(13_800_000_000, 13_800_000_000 + 2 * FEWEST_SLOTS)

    for number in numbers:
        assert seen.first_row(str(number)) is None
        seen.add(str(number), number - 13_799_999_000)

    assert [seen.first_row(str(number)) for number in numbers] == [
        number - 13_799_999_000 for number in numbers
    ]


def test_the_largest_number_and_row_fit() -> None:
    seen = SeenNumbers()

    seen.add("19999999999", 2**28 - 1)

    assert seen.first_row("19999999999") == 2**28 - 1
    assert seen.first_row("19999999998") is None

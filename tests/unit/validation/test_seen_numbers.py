"""Which row had a number first."""

from random import Random

import pytest

from smsdrop.validation.seen_numbers import FEWEST_SLOTS, FILL, NO_NUMBER, SeenNumbers, prime_from


def several(numbers: range | list[int]) -> list[bytes]:
    return [str(number).encode() for number in numbers]


@pytest.mark.parametrize("expected", [0, 3 * FEWEST_SLOTS])
def test_each_number_keeps_the_row_it_came_with_however_many_there_are(expected: int) -> None:
    random = Random(1)
    numbers = several(random.sample(range(13_000_000_000, 20_000_000_000), 5 * FEWEST_SLOTS))
    seen = SeenNumbers(expected)

    for start in range(0, len(numbers), 1000):
        assert seen.add_all(numbers[start : start + 1000], start + 2) == {}

    assert [seen.first_row(number) for number in numbers] == [*range(2, len(numbers) + 2)]


def test_a_number_that_is_here_keeps_its_first_row() -> None:
    seen = SeenNumbers()

    assert seen.add_all([b"13800138000", b"13900139000", NO_NUMBER, b"13800138000"], 2) == {5: 2}
    assert seen.add_all([NO_NUMBER, b"13900139000", NO_NUMBER, b"13700137000"], 8) == {9: 3}
    assert seen.first_row(b"13900139000") == 3
    assert seen.first_row(b"13700137000") == 11


def test_a_number_keeps_its_first_row_when_the_table_grows() -> None:
    seen = SeenNumbers()
    numbers = several(range(13_800_000_000, 13_800_000_000 + FEWEST_SLOTS))

    assert seen.add_all([numbers[0]] * 1000, 2) == dict.fromkeys(range(3, 1002), 2)
    room = seen.slots
    assert seen.add_all(numbers, 1002) == {1002: 2}

    assert seen.first_row(numbers[0]) == 2
    assert room < seen.slots < 3 * room


def test_consecutive_numbers_are_told_apart() -> None:
    seen = SeenNumbers()
    numbers = several(range(13_800_000_000, 13_800_000_000 + 2 * FEWEST_SLOTS))

    assert [seen.first_row(number) for number in numbers] == [None] * len(numbers)
    assert seen.add_all(numbers, 2) == {}
    assert [seen.first_row(number) for number in numbers] == [*range(2, len(numbers) + 2)]


def test_the_largest_number_fits_and_rows_may_be_left_out() -> None:
    seen = SeenNumbers()

    assert seen.add_all([], 1) == {}
    assert seen.add_all([b"19999999999"], 100_000) == {}
    assert seen.first_row(b"19999999999") == 100_000
    assert seen.first_row(b"19999999998") is None


def test_rows_without_a_number_take_no_room() -> None:
    seen = SeenNumbers()
    room = seen.slots

    for start in range(1, 10 * FEWEST_SLOTS, 2000):
        assert seen.add_all([NO_NUMBER] * 999 + [b"13800138000"] * (start == 1), start) == {}
        assert seen.add_all([NO_NUMBER, b"13800138000"], start + 1000) == {start + 1001: 1000}

    assert seen.slots == room


@pytest.mark.parametrize(
    ("expected", "slots_for_each"), [(100_000, 4), (1_000_000, 4), (10_000_000, 2.5)]
)
def test_the_table_is_roomy_as_long_as_it_is_not_large(
    expected: int, slots_for_each: float
) -> None:
    assert SeenNumbers(expected).slots == pytest.approx(slots_for_each * expected, rel=0.001)


def test_a_table_for_so_many_need_not_grow() -> None:
    assert SeenNumbers(20_000_000).slots * FILL >= 20_000_000


@pytest.mark.parametrize(("number", "prime"), [(1, 1), (4, 5), (7, 7), (8, 11), (4096, 4099)])
def test_the_next_odd_prime_is_found(number: int, prime: int) -> None:
    assert prime_from(number) == prime

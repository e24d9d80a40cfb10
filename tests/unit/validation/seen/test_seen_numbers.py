"""Which row had a number first."""

from random import Random

import pytest

from smsdrop.validation.seen.key_table import FEWEST_SLOTS
from smsdrop.validation.seen.seen_numbers import NO_NUMBER, SeenNumbers


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


def test_a_number_on_a_list_came_before_all_rows_and_tells_its_list() -> None:
    seen = SeenNumbers()
    seen.add_list("empty.csv")
    seen.add_list("a.csv")
    seen.add_listed(b"13800138000\n13900139000\n13800138000\n", ["85251234567"])
    seen.add_list("b.csv")
    seen.add_listed(b"13700137000\n13900139000\n")

    rows = [b"13600136000", b"13700137000", b"13900139000", b"13600136000", b"13700137000"]
    firsts = seen.add_all(rows, 2)

    assert firsts.pop(5) == 2
    assert {row: seen.list_of(first) for row, first in firsts.items()} == {
        3: "b.csv",
        4: "a.csv",
        6: "b.csv",
    }
    abroad = seen.listed_abroad("85251234567")
    assert abroad is not None
    assert seen.list_of(abroad) == "a.csv"
    assert seen.listed_abroad("85251234568") is None
    assert seen.first_row(b"13600136000") == 2
    assert seen.listed == 6


def test_a_number_abroad_is_none_of_mainland_china_that_looks_like_it() -> None:
    seen = SeenNumbers()
    seen.add_list("a.csv")
    seen.add_listed(b"13800138000\n", ["14155550100"])

    assert seen.listed_abroad("13800138000") is None
    assert seen.add_all([b"14155550100"], 2) == {}


@pytest.mark.parametrize("expected", [0, 3 * FEWEST_SLOTS])
def test_each_listed_number_is_known_however_many_there_are(expected: int) -> None:
    numbers = several(range(13_800_000_000, 13_800_000_000 + 5 * FEWEST_SLOTS))
    seen = SeenNumbers(expected)
    seen.add_list("a.csv")
    for start in range(0, len(numbers), 1000):
        seen.add_listed(b"\n".join([*numbers[start : start + 1000], b""]))

    firsts = seen.add_all(numbers, 2)

    assert [*firsts] == [*range(2, len(numbers) + 2)]
    assert max(firsts.values()) == 0


def test_a_number_keeps_its_first_row_when_the_table_grows() -> None:
    seen = SeenNumbers()
    numbers = several(range(13_800_000_000, 13_800_000_000 + FEWEST_SLOTS))

    assert seen.add_all([numbers[0]] * 1000, 2) == dict.fromkeys(range(3, 1002), 2)
    assert seen.add_all(numbers, 1002) == {1002: 2}

    assert seen.first_row(numbers[0]) == 2


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

"""Which place a key came with first."""

from array import array
from random import Random

import pytest

from smsdrop.validation.seen.key_table import (
    FETCHED_TOGETHER,
    FEWEST_SLOTS,
    FILL,
    KeyTable,
    prime_from,
)

SEVERAL = (1, FETCHED_TOGETHER - 1, FETCHED_TOGETHER, FETCHED_TOGETHER + 1, 3 * FETCHED_TOGETHER)


def keys(count: int, *, seed: int = 1) -> "array[int]":
    random = Random(seed)
    return array("Q", [random.getrandbits(64) or 1 for _ in range(count)])


@pytest.mark.parametrize("count", SEVERAL)
def test_each_key_is_found_at_its_first_place_and_no_other_is(count: int) -> None:
    table = KeyTable()
    known, others = keys(count), keys(count, seed=2)

    assert table.add_all(known, 1) == {}
    assert table.add_all(known, count + 1) == {count + each: each for each in range(1, count + 1)}

    assert dict(table.find_all(known)) == dict(enumerate(range(1, count + 1)))
    assert list(table.find_all(others)) == []
    mixed = array("Q", [each for pair in zip(others, known, strict=True) for each in pair])
    assert list(table.find_all(mixed)) == [(2 * each - 1, each) for each in range(1, count + 1)]


def test_keys_are_found_after_the_table_has_grown() -> None:
    table = KeyTable()
    known = keys(5 * FEWEST_SLOTS)
    room = table.slots

    for start in range(0, len(known), 1000):
        assert table.add_all(known[start : start + 1000], start + 1) == {}

    assert table.slots > 2 * room
    assert dict(table.find_all(known)) == dict(enumerate(range(1, len(known) + 1)))


def test_a_table_doubles() -> None:
    table = KeyTable()
    room = table.slots

    table.add_all(keys(FEWEST_SLOTS), 1)

    assert room < table.slots < 3 * room


def test_no_key_takes_no_room_and_is_not_found() -> None:
    table = KeyTable()
    room = table.slots

    for start in range(1, 10 * FEWEST_SLOTS, 1000):
        assert table.add_all(array("Q", [0] * 999 + [7]), start) == (
            {start + 999: 1000} if start > 1 else {}
        )

    assert table.slots == room
    assert list(table.find_all(array("Q", [0, 7, 0]))) == [(1, 1000)]
    assert list(table.find_all(array("Q"))) == []


@pytest.mark.parametrize(
    ("expected", "slots_for_each"), [(100_000, 4), (1_000_000, 4), (10_000_000, 2.5)]
)
def test_the_table_is_roomy_as_long_as_it_is_not_large(
    expected: int, slots_for_each: float
) -> None:
    assert KeyTable(expected).slots == pytest.approx(slots_for_each * expected, rel=0.001)


def test_a_table_for_so_many_need_not_grow() -> None:
    assert KeyTable(20_000_000).slots * FILL >= 20_000_000


@pytest.mark.parametrize(("number", "prime"), [(1, 1), (4, 5), (7, 7), (8, 11), (4096, 4099)])
def test_the_next_odd_prime_is_found(number: int, prime: int) -> None:
    assert prime_from(number) == prime

"""Calls that mostly wait are made several at a time, and no more."""

import threading
import time
from collections.abc import Iterator
from itertools import count, islice

import pytest

from smsdrop.wiring.side_by_side import SideBySide


def test_results_come_in_the_order_of_the_items() -> None:
    def slow_first(item: int) -> int:
        time.sleep(0.02 if item == 0 else 0)
        return item * item

    assert list(SideBySide(4)(slow_first, range(20))) == [each * each for each in range(20)]


def test_no_items_give_no_results() -> None:
    assert list(SideBySide(4)(str, ())) == []


def test_as_many_calls_are_under_way_as_there_are_threads() -> None:
    all_there = threading.Barrier(5)

    def meet(_item: int) -> int:
        return all_there.wait(timeout=5)

    assert sorted(SideBySide(5)(meet, range(5))) == list(range(5))


def test_items_are_taken_only_as_they_are_needed() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for each in count():
            taken.append(each)
            yield each

    results = SideBySide(3)(str, items())

    assert list(islice(results, 2)) == ["0", "1"]
    assert len(taken) < 2 + 3


def test_what_a_call_raises_is_raised() -> None:
    def fail(_item: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(SideBySide(2)(fail, range(3)))

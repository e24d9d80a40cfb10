"""A split says which recipients each part holds; each recipient is in exactly one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.batches.batch import MAX_RECIPIENTS
from smsdrop.batches.split import DOUBTFUL, HALVES, Split

APART = st.sets(st.integers(0, MAX_RECIPIENTS - 1), max_size=5).map(
    lambda all_: tuple(sorted(all_))
)


@given(
    recipients=st.integers(2, MAX_RECIPIENTS),
    in_doubt=APART,
    into_singles=st.booleans(),
)
def test_each_recipient_is_in_exactly_one_part(
    recipients: int, in_doubt: tuple[int, ...], into_singles: bool
) -> None:
    doubtful = tuple(each for each in in_doubt if each < recipients)
    split = Split(in_doubt=doubtful, into_singles=into_singles)

    parts = split.parts(recipients)

    assert sorted(place for part in parts for place in part) == list(range(recipients))
    assert all(list(part) == sorted(part) for part in parts)


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        pytest.param(HALVES, [[0, 1], [2, 3, 4]], id="halves"),
        pytest.param(Split(into_singles=True), [[0], [1], [2], [3], [4]], id="each by itself"),
        pytest.param(Split(in_doubt=(1, 4)), [[0, 2, 3], [1, 4]], id="those in doubt apart"),
        pytest.param(
            Split(in_doubt=(1, 4), into_singles=True),
            [[0, 2, 3], [1, 4]],
            id="apart, whatever else is said",
        ),
    ],
)
def test_five_are_split(split: Split, expected: list[list[int]]) -> None:
    assert [list(part) for part in split.parts(5)] == expected


def test_those_in_doubt_are_in_the_part_of_their_name() -> None:
    assert Split(in_doubt=(1, 4)).parts(5)[DOUBTFUL] == (1, 4)

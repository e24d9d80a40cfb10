"""A batch and what it was split into: its end, what is left of it, and its evidence."""

from collections.abc import Mapping
from typing import Any

import pytest

from smsdrop.batches.batch import nth_batch_id
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.splits import (
    have_ended,
    is_final,
    open_leaves,
    part_of,
    planned_with_entries,
    sent_leaves,
    split_trees,
    with_parents_evidence,
)
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of

FIRST = nth_batch_id(CAMPAIGN_ID, 1)


def entry(part: str, state: State, **fields: Any) -> BatchEntry:
    """Return the entry of a part of the first batch, or of itself if that is empty."""
    return BatchEntry(batch_id=FIRST + part, state=state, **fields)


def tree_of(states: Mapping[str, State]) -> dict[str, BatchEntry]:
    return {FIRST + part: entry(part, state) for part, state in states.items()}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param({1: State.SENT, 2: State.REFUSED}, True, id="all at their end"),
        pytest.param({1: State.SENT}, False, id="the last was not tried"),
        pytest.param({2: State.SENT}, False, id="the first was not tried"),
        pytest.param({1: State.SENT, 2: State.WAITING}, False, id="one waits"),
        pytest.param({1: State.SPLIT, 2: State.SENT}, False, id="parts of one were not tried"),
    ],
)
def test_a_plan_is_at_its_end_when_all_its_batches_are(
    states: Mapping[int, State], expected: bool
) -> None:
    entries = [
        BatchEntry(batch_id=nth_batch_id(CAMPAIGN_ID, position), state=state, recipients=2)
        for position, state in states.items()
    ]

    assert have_ended(entries, CAMPAIGN_ID, batches=2) is expected


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param({}, False, id="nobody tried it"),
        pytest.param({"": State.WAITING}, False, id="it waits"),
        pytest.param({"": State.SENDING}, False, id="it is being sent"),
        pytest.param({"": State.UNKNOWN}, False, id="a later release knows"),
        pytest.param({"": State.SENT}, True, id="sent"),
        pytest.param({"": State.SPLIT}, False, id="its halves are unknown"),
        pytest.param({"": State.SPLIT, ".0": State.SENT}, False, id="only the first half is"),
        pytest.param({"": State.SPLIT, ".1": State.SENT}, False, id="only the second half is"),
        pytest.param(
            {"": State.SPLIT, ".0": State.SENT, ".1": State.REFUSED}, True, id="both halves are"
        ),
        pytest.param(
            {"": State.SPLIT, ".0": State.SENT, ".1": State.SPLIT, ".1.0": State.SENT},
            False,
            id="a quarter is not",
        ),
    ],
)
def test_a_batch_is_at_its_end_when_all_its_parts_are(
    states: dict[str, State], expected: bool
) -> None:
    assert is_final(tree_of(states), FIRST) == expected


@pytest.mark.parametrize(
    ("states", "left"),
    [
        pytest.param({}, [""], id="nobody tried it"),
        pytest.param({"": State.WAITING}, [""], id="it waits"),
        pytest.param({"": State.SENT}, [], id="sent"),
        pytest.param({"": State.SPLIT}, [".0", ".1"], id="its halves are unknown"),
        pytest.param({"": State.SPLIT, ".0": State.SENT}, [".1"], id="one half was sent"),
        pytest.param({"": State.SPLIT, ".0": State.UNKNOWN}, [".1"], id="one half is unknown"),
        pytest.param(
            {"": State.SPLIT, ".0": State.SPLIT, ".0.1": State.SENT, ".1": State.SENDING},
            [".0.0", ".1"],
            id="a quarter and a half",
        ),
    ],
)
def test_what_is_left_of_a_batch_are_the_parts_that_are_not_at_their_end(
    states: dict[str, State], left: list[str]
) -> None:
    batch, tree = batch_of(8), tree_of(states)

    leaves = list(open_leaves(tree, batch))

    assert [part.batch_id for part, _ in leaves] == [FIRST + each for each in left]
    assert [entry for _, entry in leaves] == [tree.get(FIRST + each) for each in left]


def test_the_parts_that_are_left_hold_their_own_recipients() -> None:
    batch = batch_of(5)

    parts = [part for part, _ in open_leaves(tree_of({"": State.SPLIT}), batch)]

    assert [len(each) for each in parts] == [2, 3]
    assert sum((each.phone_numbers for each in parts), ()) == batch.phone_numbers


@pytest.mark.parametrize(
    ("accepted", "shown"),
    [
        pytest.param([(), (), (), ()], [(), (), (), ()], id="no evidence"),
        pytest.param([(1,), (), (), ()], [(1,), (0,), (0,), (0,)], id="of the whole"),
        pytest.param([(), (1,), (), ()], [(), (1,), (), ()], id="of the half without quarters"),
        pytest.param([(), (), (1,), ()], [(), (), (1,), (0,)], id="of the half with a quarter"),
        pytest.param([(1,), (), (), (2,)], [(1,), (0,), (0,), (0, 2)], id="of a quarter too"),
    ],
)
def test_what_a_batch_turned_out_to_have_sent_counts_for_its_parts(
    accepted: list[tuple[int, ...]], shown: list[tuple[int, ...]]
) -> None:
    own = zip(("", ".0", ".1", ".1.0"), accepted, strict=True)
    entries = [entry(part, State.SPLIT, accepted=attempts) for part, attempts in own]

    assert [each.accepted for each in with_parents_evidence(entries)] == shown


def test_evidence_of_one_batch_is_none_for_the_next() -> None:
    sent = entry("", State.SPLIT, accepted=(1,))
    other = BatchEntry(batch_id=nth_batch_id(CAMPAIGN_ID, 2), state=State.REFUSED)

    assert list(with_parents_evidence([sent, other])) == [sent, other]


def test_entries_are_gathered_by_the_batch_of_the_plan_that_they_come_from() -> None:
    first, second = nth_batch_id(CAMPAIGN_ID, 1), nth_batch_id(CAMPAIGN_ID, 12)
    ids = [first, f"{first}.0", f"{first}.1", second]

    trees = list(split_trees(BatchEntry(batch_id=each, state=State.SENT) for each in ids))

    assert [(position, list(tree)) for position, tree in trees] == [(1, ids[:3]), (12, ids[3:])]


@pytest.mark.parametrize(
    "positions",
    [
        pytest.param([], id="no entries at all"),
        pytest.param([1, 2, 3], id="an entry for each"),
        pytest.param([2], id="only the middle one"),
        pytest.param([1, 3], id="not the middle one"),
        pytest.param([3], id="only the last"),
    ],
)
def test_each_batch_of_the_plan_comes_with_its_entries(positions: list[int]) -> None:
    planned = [batch_of(1, position=each) for each in (1, 2, 3)]
    ids = {each: nth_batch_id(CAMPAIGN_ID, each) for each in positions}
    entries = [BatchEntry(batch_id=each, state=State.SENT) for each in ids.values()]

    pairs = list(planned_with_entries(planned, entries))

    assert [batch for batch, _ in pairs] == planned
    assert [list(tree) for _, tree in pairs] == [
        [ids[each]] if each in ids else [] for each in (1, 2, 3)
    ]


def test_entries_of_batches_that_are_not_asked_about_are_passed_over() -> None:
    planned = batch_of(1, position=3)
    ids = [nth_batch_id(CAMPAIGN_ID, each) for each in (1, 2, 3)]
    entries = [BatchEntry(batch_id=each, state=State.SENT) for each in ids]

    [(_, tree)] = planned_with_entries([planned], entries)

    assert list(tree) == [planned.batch_id]


@pytest.mark.parametrize(
    ("name", "recipients"),
    [
        pytest.param("", slice(0, 8), id="the batch itself"),
        pytest.param(".0", slice(0, 4), id="its first half"),
        pytest.param(".1", slice(4, 8), id="its second half"),
        pytest.param(".1.0", slice(4, 6), id="a quarter"),
        pytest.param(".1.0.1", slice(5, 6), id="a single one"),
    ],
)
def test_an_id_means_one_part_of_a_batch(name: str, recipients: slice) -> None:
    part = part_of(batch_of(8), f"{FIRST}{name}", {})

    assert part.batch_id == f"{FIRST}{name}"
    assert part.phone_numbers == batch_of(8).phone_numbers[recipients]


@pytest.mark.parametrize(
    ("whole", "accepted", "awaits"),
    [
        pytest.param({}, (), False, id="nothing"),
        pytest.param({"accepted": (1,)}, (0,), False, id="it was accepted after all"),
        pytest.param({"absent": 1}, (), True, id="it is to be looked up once more"),
        pytest.param({"absent": 1, "verified_at": NOW}, (), False, id="it was looked up"),
    ],
)
def test_a_part_has_what_is_known_of_its_whole(
    whole: dict[str, Any], accepted: tuple[int, ...], awaits: bool
) -> None:
    entries = [entry("", State.SPLIT, **whole), entry(".0", State.CANCELLED)]

    _, part = with_parents_evidence(entries)

    assert (part.accepted, part.awaits_verification) == (accepted, awaits)


def test_a_part_that_was_looked_up_waits_for_its_whole_all_the_same() -> None:
    entries = [
        entry("", State.SPLIT, absent=1),
        entry(".0", State.CANCELLED, absent=1, verified_at=NOW),
    ]

    _, part = with_parents_evidence(entries)

    assert part.awaits_verification


APART = (1, 4)
"""The places of those about whom the provider's lists said nothing certain."""


@pytest.mark.parametrize(
    ("name", "places"),
    [pytest.param(".0", (0, 2, 3, 5, 6, 7), id="the others"), pytest.param(".1", APART, id="they")],
)
def test_a_batch_that_was_split_by_doubt_has_the_doubtful_in_its_second_part(
    name: str, places: tuple[int, ...]
) -> None:
    tree = {FIRST: entry("", State.SPLIT, in_doubt=APART)}
    numbers = tuple(batch_of(8).phone_numbers[each] for each in places)

    part = part_of(batch_of(8), f"{FIRST}{name}", tree)
    left = {each.batch_id: each for each, _ in open_leaves(tree, batch_of(8))}

    assert part == left[f"{FIRST}{name}"]
    assert (part.phone_numbers, part.in_doubt) == (numbers, places == APART)


@pytest.mark.parametrize(
    ("accepted", "state"),
    [
        pytest.param((), State.UNCONFIRMED, id="nothing is known"),
        pytest.param((1,), State.SENT, id="their whole was accepted after all"),
    ],
)
def test_those_in_doubt_were_sent_if_their_whole_turns_out_accepted(
    accepted: tuple[int, ...], state: State
) -> None:
    whole = entry("", State.SPLIT, in_doubt=APART, accepted=accepted)

    _, part = with_parents_evidence([whole, entry(".1", State.UNCONFIRMED)])

    assert part.state is state


def test_a_batch_that_was_split_into_single_recipients_has_a_part_for_each() -> None:
    batch = batch_of(3)
    whole = entry("", State.SPLIT, recipients=3, into_singles=True)
    tree = {FIRST: whole} | {
        f"{FIRST}.{number}": entry(f".{number}", State.REFUSED) for number in (0, 1)
    }

    [(left, standing)] = open_leaves(tree, batch)

    assert (left.batch_id, left.rows, standing) == (f"{FIRST}.2", batch.rows[2:], None)
    assert part_of(batch, left.batch_id, tree) == left
    assert not is_final(tree, FIRST)
    assert is_final(tree | {left.batch_id: entry(".2", State.SENT)}, FIRST)


@pytest.mark.parametrize(
    ("states", "sent"),
    [
        pytest.param({"": State.SENT}, [[0, 1, 2, 3]], id="sent as a whole"),
        pytest.param({"": State.REFUSED}, [], id="refused as a whole"),
        pytest.param({}, [], id="nobody tried it"),
        pytest.param(
            {"": State.SPLIT, ".0": State.REFUSED, ".1": State.SENT}, [[2, 3]], id="one half"
        ),
        pytest.param(
            {"": State.SPLIT, ".0": State.SPLIT, ".0.1": State.SENT, ".1": State.UNCONFIRMED},
            [[1]],
            id="a half of a half",
        ),
    ],
)
def test_who_was_sent_to_keeps_their_place_in_the_whole(
    states: Mapping[str, State], sent: list[list[int]]
) -> None:
    found = list(sent_leaves(tree_of(states), FIRST, 4))

    assert [list(places) for places, _ in found] == sent


def test_a_part_was_sent_to_if_the_whole_turned_out_accepted() -> None:
    tree = tree_of({".0": State.UNCONFIRMED, ".1": State.REFUSED})
    tree[FIRST] = entry("", State.SPLIT, accepted=(1,))

    [(places, chain)] = sent_leaves(tree, FIRST, 4)

    assert list(places) == [0, 1]
    assert [each.batch_id for each in chain] == [f"{FIRST}.0", FIRST]


def test_as_many_were_sent_to_as_the_report_says() -> None:
    tree = tree_of({".0": State.UNCONFIRMED, ".1": State.SENT})
    tree[FIRST] = entry("", State.SPLIT, accepted=(1,))

    reported = [each for each in with_parents_evidence(tree.values()) if each.state is State.SENT]

    assert len(list(sent_leaves(tree, FIRST, 4))) == len(reported) == 2

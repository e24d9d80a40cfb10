"""Batches and their parts, read side by side with the plan."""

from dataclasses import replace

from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.splits import open_leaves, planned_with_entries, with_parents_evidence
from tests.support.samples import NOW, batch_of

WHOLE = batch_of(4)
FIRST, SECOND = WHOLE.parts()


def entries(**states: State) -> list[BatchEntry]:
    """Return entries of the split batch and its parts."""
    named = {"whole": WHOLE, "first": FIRST, "second": SECOND}
    return [replace(untouched(named[name], at=NOW), state=each) for name, each in states.items()]


def test_each_batch_of_the_plan_comes_with_its_own_entries_whatever_others_there_are() -> None:
    batches = [batch_of(1, position=each) for each in range(1, 6)]
    standing = [untouched(each, at=NOW) for each in batches if each is not batches[3]]

    found = list(planned_with_entries(batches[2:], standing))

    assert [(batch, list(tree)) for batch, tree in found] == [
        (batches[2], [batches[2].batch_id]),
        (batches[3], []),
        (batches[4], [batches[4].batch_id]),
    ]


def test_what_is_not_at_its_end_is_found_below_a_split() -> None:
    standing = entries(whole=State.SPLIT, first=State.SENT)
    tree = {each.batch_id: each for each in standing}

    assert list(open_leaves(tree, WHOLE)) == [(SECOND, None)]


def test_a_part_in_a_state_of_a_later_release_is_left_alone() -> None:
    standing = entries(whole=State.SPLIT, first=State.UNKNOWN, second=State.WAITING)
    tree = {each.batch_id: each for each in standing}

    assert [part for part, _ in open_leaves(tree, WHOLE)] == [SECOND]


def test_late_evidence_of_a_batch_that_was_split_counts_for_its_parts() -> None:
    whole, *parts = entries(whole=State.SPLIT, first=State.UNCONFIRMED, second=State.SENT)
    texted = replace(whole, accepted=(1,))
    sent = replace(parts[1], accepted=(1,))

    _, first, second = with_parents_evidence([texted, parts[0], sent])

    assert (first.state, first.accepted, first.sent_twice) == (State.SENT, (0,), False)
    assert (second.state, second.accepted, second.sent_twice) == (State.SENT, (0, 1), True)

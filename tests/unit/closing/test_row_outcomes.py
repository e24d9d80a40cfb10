"""Each row finds the entry that it ended up in, though its batch may be far behind the others."""

from dataclasses import replace

from smsdrop.batches.batcher import MAX_OPEN_BATCHES
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of


def entries(count: int) -> list[BatchEntry]:
    batches = [batch_of(2, position=each) for each in range(1, count + 1)]
    return [replace(untouched(each, at=NOW), state=State.SENT) for each in batches]


def test_a_batch_is_still_known_when_as_many_others_have_passed_as_may_wait_for_it() -> None:
    others = range(2, 2 * MAX_OPEN_BATCHES + 2)
    outcomes = RowOutcomes(CAMPAIGN_ID, iter(entries(len(others) + 1)))
    first = outcomes.next_of(1)

    for position in others:
        outcomes.next_of(position)
        outcomes.next_of(position)

    assert outcomes.next_of(1) == first


def test_the_rows_of_a_split_find_the_parts_that_they_are_in() -> None:
    whole = batch_of(5)
    first, second = whole.parts(in_doubt=(1, 3))
    split = replace(untouched(whole, at=NOW), state=State.SPLIT, in_doubt=(1, 3))
    parts = [
        replace(untouched(first, at=NOW), state=State.SENT),
        replace(untouched(second, at=NOW), state=State.UNCONFIRMED),
    ]
    outcomes = RowOutcomes(CAMPAIGN_ID, iter([split, *parts]))

    found = [outcomes.next_of(1).batch_id for _ in range(5)]

    a, b = first.batch_id, second.batch_id
    assert found == [a, b, a, b, a]

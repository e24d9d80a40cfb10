"""Each row of the plan finds the entry that it ended up in, through every split."""

from collections.abc import Iterator

import pytest

from smsdrop.batches.batch import Batch, nth_batch_id, position_of
from smsdrop.batches.batcher import MAX_OPEN_BATCHES
from smsdrop.batches.plan import PlanDamaged
from smsdrop.batches.split import Split
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.ledger.batch_entry import BatchEntry, State
from tests.support.samples import CAMPAIGN_ID, batch_of

REACH = 4 * MAX_OPEN_BATCHES
"""So many batches are kept, the latest ones."""


def outcomes(*entries: BatchEntry) -> RowOutcomes:
    return RowOutcomes(CAMPAIGN_ID, entries)


def sent(position: int) -> BatchEntry:
    batch_id = nth_batch_id(CAMPAIGN_ID, position)
    return BatchEntry(batch_id=batch_id, state=State.SENT, recipients=2)


def split(batch: Batch, *, bad: str) -> Iterator[tuple[Batch, State]]:
    """Split a batch with one bad number as far as it takes to isolate that, in order of ids."""
    if bad not in batch.phone_numbers or len(batch) == 1:
        yield batch, State.REFUSED if bad in batch.phone_numbers else State.SENT
        return
    yield batch, State.SPLIT
    for half in batch.parts():
        yield from split(half, bad=bad)


def test_recipients_of_several_batches_at_once_find_their_own() -> None:
    found = outcomes(sent(1), sent(2), sent(3))

    rows = [found.next_of(position) for position in (1, 3, 2, 1, 3, 2)]

    assert [position_of(entry.batch_id) for entry, _ in rows] == [1, 3, 2, 1, 3, 2]
    assert [place for _, place in rows] == [(1, 0), (3, 0), (2, 0), (1, 1), (3, 1), (2, 1)]


@pytest.mark.parametrize("size", [2, 3, 5, 100])
def test_each_recipient_is_found_in_the_part_that_it_was_sent_with(size: int) -> None:
    batch = batch_of(size)
    for bad in (batch.phone_numbers[0], batch.phone_numbers[size // 2], batch.phone_numbers[-1]):
        parts = list(split(batch, bad=bad))
        entries = [
            BatchEntry(batch_id=part.batch_id, state=state, recipients=len(part))
            for part, state in parts
        ]
        leaves = {
            number: part.batch_id
            for part, state in parts
            if state is not State.SPLIT
            for number in part.phone_numbers
        }

        found = outcomes(*entries)

        for number in batch.phone_numbers:
            assert found.next_of(1)[0].batch_id == leaves[number]


def test_each_recipient_is_found_by_itself_where_halving_stopped() -> None:
    batch = batch_of(51)
    half, refused = batch.parts()
    singles = refused.parts(Split(into_singles=True))
    parts = [
        BatchEntry(batch_id=batch.batch_id, state=State.SPLIT, recipients=51),
        BatchEntry(batch_id=half.batch_id, state=State.SENT, recipients=25),
        BatchEntry(batch_id=refused.batch_id, state=State.SPLIT, recipients=26, into_singles=True),
        *(BatchEntry(batch_id=each.batch_id, state=State.REFUSED) for each in singles),
    ]
    found = outcomes(*sorted(parts, key=lambda each: each.batch_id))

    rows = [found.next_of(1)[0].batch_id for _ in range(51)]

    assert rows == [half.batch_id] * 25 + [f"{refused.batch_id}.{each}" for each in range(26)]


def test_recipients_that_were_split_off_in_doubt_are_found_apart_from_the_others() -> None:
    batch = batch_of(5)
    others, in_doubt = batch.parts(Split(in_doubt=(1, 3)))
    found = outcomes(
        BatchEntry(batch_id=batch.batch_id, state=State.SPLIT, recipients=5, in_doubt=(1, 3)),
        BatchEntry(batch_id=others.batch_id, state=State.SENT, recipients=3),
        BatchEntry(batch_id=in_doubt.batch_id, state=State.UNCONFIRMED, recipients=2),
    )

    states = [found.next_of(1)[0].state for _ in range(5)]

    sent, unconfirmed = State.SENT, State.UNCONFIRMED
    assert states == [sent, unconfirmed, sent, unconfirmed, sent]


def test_a_split_in_doubt_may_have_been_split_again() -> None:
    batch = batch_of(5)
    others, in_doubt = batch.parts(Split(in_doubt=(0, 1)))
    first, second = others.parts()
    found = outcomes(
        BatchEntry(batch_id=batch.batch_id, state=State.SPLIT, recipients=5, in_doubt=(0, 1)),
        BatchEntry(batch_id=others.batch_id, state=State.SPLIT, recipients=3),
        BatchEntry(batch_id=first.batch_id, state=State.SENT, recipients=1),
        BatchEntry(batch_id=second.batch_id, state=State.REFUSED, recipients=2),
        BatchEntry(batch_id=in_doubt.batch_id, state=State.UNCONFIRMED, recipients=2),
    )

    states = [found.next_of(1)[0].state for _ in range(5)]

    assert states == [State.UNCONFIRMED] * 2 + [State.SENT] + [State.REFUSED] * 2


def test_no_more_of_the_ledger_is_read_than_it_takes() -> None:
    entries = iter([sent(1), sent(2), sent(3), sent(4)])
    found = RowOutcomes(CAMPAIGN_ID, entries)

    found.next_of(2)

    assert [position_of(each.batch_id) for each in entries] == [4]  # 3 showed where 2 ends


def test_a_batch_that_is_filled_slowly_is_found_from_far_ahead() -> None:
    found = outcomes(*map(sent, range(1, REACH + 1)))
    first, _ = found.next_of(1)

    found.next_of(REACH)

    assert found.next_of(1)[0] == first


def test_batches_that_were_passed_long_ago_are_not_kept() -> None:
    found = outcomes(*map(sent, range(1, REACH + 2)))
    found.next_of(1)

    found.next_of(REACH + 1)

    assert found.next_of(2)[0] == sent(2)
    with pytest.raises(PlanDamaged):
        found.next_of(1)


def test_a_row_more_than_a_batch_that_was_split_has_recipients_damages_the_plan() -> None:
    found = outcomes(
        BatchEntry(batch_id=nth_batch_id(CAMPAIGN_ID, 1), state=State.SPLIT, recipients=2),
        *(
            BatchEntry(batch_id=part.batch_id, state=State.SENT, recipients=1)
            for part in batch_of(2).parts()
        ),
    )
    found.next_of(1)
    found.next_of(1)

    with pytest.raises(PlanDamaged):
        found.next_of(1)

"""Which batch entry a row ended up in, however its batch was split."""

from dataclasses import replace

from smsdrop.batches.batch import Batch
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.splits import open_leaves, planned_with_entries
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of


def entry(batch: Batch, state: State, *, into_singles: bool = False) -> BatchEntry:
    return replace(untouched(batch, at=NOW), state=state, into_singles=into_singles)


def entries_of_a_split(batch: Batch) -> list[BatchEntry]:
    """Half of the batch is sent; the other is split into single recipients, all refused."""
    sent, refused = batch.parts(2)
    return sorted(
        [
            entry(batch, State.SPLIT),
            entry(sent, State.SENT),
            entry(refused, State.SPLIT, into_singles=True),
            *(entry(each, State.REFUSED) for each in refused.parts(len(refused))),
        ],
        key=lambda each: each.batch_id,
    )


def test_each_row_finds_its_entry_among_halves_and_single_recipients() -> None:
    batch = batch_of(51)
    outcomes = RowOutcomes(CAMPAIGN_ID, entries_of_a_split(batch))

    found = [outcomes.next_of(1).batch_id for _ in range(len(batch))]

    singles = [f"{batch.batch_id}.1.{number}" for number in range(26)]
    assert found == [f"{batch.batch_id}.0"] * 25 + singles


def test_the_leaves_of_a_split_are_open_until_the_last_of_its_single_recipients_ended() -> None:
    batch = batch_of(51)
    entries = entries_of_a_split(batch)
    last = f"{batch.batch_id}.1.25"

    [(_, whole)] = planned_with_entries([batch], entries)
    [(_, cut)] = planned_with_entries([batch], [e for e in entries if e.batch_id != last])

    assert list(open_leaves(whole, batch)) == []
    [(part, standing)] = open_leaves(cut, batch)
    assert (part.batch_id, part.rows, standing) == (last, batch.rows[50:], None)

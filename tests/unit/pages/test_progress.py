"""Progress is exact where it can be, and else within two points of the truth."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from bench.metering.meter import item_bytes, read_units
from smsdrop.aws.ledger_items import item_of
from smsdrop.batches.batch import nth_batch_id
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Counts
from smsdrop.pages.progress import Progress, Tally, progress_of
from smsdrop.pages.sampling import LEAST_READ, MOST_ENTRIES, RANGE_BATCHES
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

BATCHES = 10_000
"""Of a campaign of a million."""

POINTS = 2


class Books:
    """The entries of one campaign in the order of their ids; counts those that are read."""

    def __init__(self, entries: dict[int, list[BatchEntry]]) -> None:
        self.entries = entries
        self.read = 0
        self.queries = 0

    def entries_between(
        self, campaign_id: str, first: int, last: int, *, most: int
    ) -> list[BatchEntry]:
        assert campaign_id == CAMPAIGN_ID
        positions = range(first, last + 1)
        found = [each for position in positions for each in self.entries.get(position, ())][:most]
        self.read += max(LEAST_READ, len(found))
        self.queries += 1
        return found


def ended(position: int, state: State = State.SENT, *, at: float = NOW) -> list[BatchEntry]:
    batch_id = nth_batch_id(CAMPAIGN_ID, position)
    code = "" if state is State.SENT else "isv.MOBILE_NUMBER_ILLEGAL"
    return [BatchEntry(batch_id=batch_id, state=state, recipients=100, ended_at=at, code=code)]


ENDED = {each: ended(each) for each in range(1, BATCHES + 1)}


def split_into_singles(position: int) -> list[BatchEntry]:
    """One of a hundred was refused; each was sent to alone."""
    [whole] = ended(position, State.SPLIT)
    states = [State.REFUSED, *[State.SENT] * 99]
    return [
        whole,
        *(
            replace(whole, batch_id=f"{whole.batch_id}.{each:02d}", state=state, recipients=1)
            for each, state in enumerate(states)
        ),
    ]


def in_order(random: Random) -> list[int]:
    return list(range(1, BATCHES + 1))


def nearly_in_order(random: Random) -> list[int]:
    """Each may be overtaken by thousands, as SQS does at worst while many are queued."""
    return sorted(range(1, BATCHES + 1), key=lambda each: each + random.uniform(0, 3_000))


def backwards(random: Random) -> list[int]:
    return list(range(BATCHES, 0, -1))


def in_two_runs(random: Random) -> list[int]:
    """Those of the second half are queued again after those of the first."""
    return [*range(BATCHES // 2, BATCHES + 1), *range(1, BATCHES // 2)]


@pytest.mark.parametrize("order", [in_order, nearly_in_order, backwards, in_two_runs])
@pytest.mark.parametrize("share", [0.0, 0.03, 0.27, 0.5, 0.81, 0.99, 1.0])
def test_of_a_million_it_is_within_two_points_whatever_the_order(
    order: Callable[[Random], list[int]], share: float
) -> None:
    for seed in range(2):
        random = Random(seed)
        done = order(random)[: round(share * BATCHES)]
        books = Books({each: ENDED[each] for each in done})
        sent = campaign(released=BATCHES, counts=Counts(accepted=100 * BATCHES, batches=BATCHES))

        progress, read = progress_of(sent, books, most=MOST_ENTRIES)

        points = 100 * progress.ended / (100 * BATCHES)
        assert abs(points - 100 * len(done) / BATCHES) <= POINTS
        assert read == books.read <= MOST_ENTRIES
        assert progress.is_estimate


def test_of_a_wholly_random_order_the_error_is_that_of_a_random_sample() -> None:
    errors = []
    for seed in range(40):
        done = Random(seed).sample(range(1, BATCHES + 1), BATCHES // 2)
        books = Books({each: ENDED[each] for each in done})
        sent = campaign(released=BATCHES, counts=Counts(accepted=100 * BATCHES, batches=BATCHES))
        progress, _ = progress_of(sent, books, most=MOST_ENTRIES)
        errors.append(abs(progress.ended / BATCHES - 50))

    assert sum(each <= POINTS for each in errors) >= 34
    assert max(errors) < 2 * POINTS


@pytest.mark.parametrize("batches", [1, 200, MOST_ENTRIES])
def test_of_few_batches_it_is_exact(batches: int) -> None:
    random = Random(batches)
    done = random.sample(range(1, batches + 1), batches // 3)
    books = Books({each: ended(each) for each in done})
    sent = campaign(released=batches, counts=Counts(accepted=100 * batches, batches=batches))

    progress, _ = progress_of(sent, books, most=MOST_ENTRIES)

    assert progress.ended == 100 * len(done)
    assert not progress.is_estimate


def test_parts_count_by_their_recipients_and_what_was_split_does_not_count() -> None:
    books = Books({1: split_into_singles(1), 2: ended(2)})
    sent = campaign(released=3, counts=Counts(accepted=300, batches=3))

    progress, _ = progress_of(sent, books, most=MOST_ENTRIES)

    assert progress.ends == {"refused": 1, "sent": 199}
    assert progress.codes == {"isv.MOBILE_NUMBER_ILLEGAL": 1}


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("every", [1, 9, 100])
def test_however_many_were_split_little_more_is_read(every: int, share: float) -> None:
    done = round(share * BATCHES)
    splits = {
        each: split_into_singles(each) if each % every == 0 else ENDED[each]
        for each in range(1, done + 1)
    }
    books = Books(splits)
    sent = campaign(released=BATCHES, counts=Counts(accepted=100 * BATCHES, batches=BATCHES))

    progress, read = progress_of(sent, books, most=MOST_ENTRIES)

    assert abs(progress.ended / BATCHES - 100 * share) <= POINTS
    assert read == books.read <= MOST_ENTRIES + books.queries


def test_what_was_not_released_is_not_looked_at_until_all_is_being_ended() -> None:
    counts = Counts(accepted=400, batches=4)
    books = Books({1: ended(1), 3: ended(3, State.CANCELLED)})

    progress, _ = progress_of(campaign(released=2, counts=counts), books, most=MOST_ENTRIES)
    ending = campaign(released=2, counts=counts, halt_code="isv.AMOUNT_NOT_ENOUGH")
    of_all, _ = progress_of(ending, books, most=MOST_ENTRIES)

    assert progress.ends == {"sent": 100}
    assert of_all.ends == {"cancelled": 100, "sent": 100}


def test_texts_are_counted_by_the_minute() -> None:
    tally = Tally()

    tally.add_range([*ended(1, at=NOW), *ended(2, at=NOW + 1)], 1, 2, most=2)
    tally.add_range(ended(3, at=NOW + 61), 3, 3, most=1)

    minute = int(NOW // 60)
    progress = tally.of(3, accepted=300)
    assert progress.minutes == {minute: 200, minute + 1: 100}
    assert progress.first_at == NOW


def test_more_than_was_accepted_is_never_shown() -> None:
    tally = Tally()
    tally.add_range(ended(1), 1, 1, most=1)

    progress = tally.of(10, accepted=730)

    assert progress.ends == {"sent": 730}


def test_where_nothing_was_looked_at_nothing_has_ended() -> None:
    assert Tally().of(0, accepted=0) == Progress()
    assert Tally().of(3, accepted=300).ended == 0


def test_a_range_of_usual_entries_is_a_read_unit() -> None:
    entry = BatchEntry(
        batch_id=nth_batch_id(CAMPAIGN_ID, 1),
        state=State.SENT,
        attempt=1,
        token="a" * 32,
        access_key_id="LTAI5tAbCdEfGhIjKlMnOpQr",
        first_claimed_at=NOW,
        filed_on=("20260102",),
        call_before=NOW + 3,
        settle_after=NOW + 900,
        recipients=100,
        accepted=(1,),
        biz_id="900619746936498440^0",
        request_id="F655A8D5-B967-440B-8683-DAD6FF8DE990",
        code="OK",
        ended_at=NOW + 1,
        revision=2,
        expires_at=int(NOW),
    )

    size = RANGE_BATCHES * item_bytes(item_of(entry))

    assert read_units(size, consistent=False) == 1

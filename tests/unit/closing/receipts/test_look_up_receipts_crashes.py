"""Looks that are cut short before or after each call, or doubled, end with the same result."""

from itertools import count
from typing import Any

import pytest

from smsdrop.alibaba.send_details import DELIVERED, FAILED
from smsdrop.aws.ledger_items import key_of
from smsdrop.batches.batch import nth_batch_id
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Status
from smsdrop.ledger.entries import Lease
from smsdrop.receipts.looks import LOOKS
from smsdrop.receipts.part import BATCHES_A_PART
from tests.support.lives import Killed, Life
from tests.support.receipts_scene import Site
from tests.support.samples import CAMPAIGN_ID, NOW

BATCHES = BATCHES_A_PART + 3
LATE = (1, BATCHES)
"""Batches with an attempt that was believed absent until a receipt shows it."""


def site_with_receipts() -> Site:
    site = Site()
    site.closed(batches=BATCHES, is_sent=False)
    for position in range(1, BATCHES + 1):
        if position in LATE:
            site.stands(position, attempt=2, absent=1, accepted=(2,))
        else:
            site.stands(position)
        site.carrier.says(position, 0, DELIVERED, "DELIVERED")
    site.carrier.says(2, 1, FAILED, "NO_ROUTE")
    site.clock.now = NOW + LOOKS[0]
    return site


def books(site: Site) -> tuple[Any, ...]:
    """Return all that a look leaves behind, without times and revisions."""
    campaign = site.campaign()
    looks = campaign.looks
    receipts = {key: each for key, each in site.files.objects.items() if "receipts/" in key}
    accepted = {
        each.batch_id: (each.state, each.accepted) for each in site.ledger.all_of(BatchEntry)
    }
    counted = (looks.receipts_looked, looks.receipts_at, looks.delivered, looks.undelivered)
    return receipts, accepted, campaign.status, counted


def calls_of_a_look() -> int:
    life = Life(ends_at=0, ends_after=False)
    site_with_receipts().run(through=life.through)
    return life.calls


UNDISTURBED = site_with_receipts()
UNDISTURBED.run()
CALLS = calls_of_a_look()


def test_undisturbed_the_look_finds_everything() -> None:
    _, accepted, status, counted = books(UNDISTURBED)

    late = [accepted[nth_batch_id(CAMPAIGN_ID, each)][1] for each in LATE]
    assert late == [(1, 2), (1, 2)]
    assert status is Status.CLOSING
    assert counted == (1, NOW + LOOKS[1], BATCHES, 1)
    assert CALLS > 2 * BATCHES


@pytest.mark.parametrize("ends_after", [False, True], ids=["before the call", "after it"])
def test_wherever_a_look_is_cut_short_the_next_run_comes_to_the_same(ends_after: bool) -> None:
    for ends_at in range(1, CALLS + 1):
        site = site_with_receipts()
        with pytest.raises(Killed):
            site.run(through=Life(ends_at=ends_at, ends_after=ends_after).through)
        site.clock.now += 600

        site.run()

        assert books(site) == books(UNDISTURBED), ends_at
        assert max(site.carrier.times_asked().values()) <= 2


@pytest.mark.parametrize("nth", [1, 2, 50, 2 * BATCHES_A_PART, 2 * BATCHES_A_PART + 1])
def test_two_that_look_at_one_time_come_to_the_same(nth: int) -> None:
    site = site_with_receipts()
    asked = count(1)

    def another(_: str) -> None:
        if next(asked) == nth:
            for lease in site.ledger.all_of(Lease):  # as if it had run out
                del site.ledger.stored[key_of(lease)]
            site.run()

    site.carrier.during_lookup = another

    site.run()

    assert books(site) == books(UNDISTURBED)
    assert max(site.carrier.times_asked().values()) <= 2

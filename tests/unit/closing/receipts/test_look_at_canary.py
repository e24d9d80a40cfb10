"""Those who went ahead are looked up while their campaign is open, until they can be judged."""

from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from smsdrop.alibaba.send_details import (
    DELIVERED,
    FAILED,
    WAITS,
    LookupFailed,
    LookupForbidden,
    LookupRefused,
)
from smsdrop.batches.batch import part_id
from smsdrop.batches.plan import BATCHES
from smsdrop.closing.verify import TRIES
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, SUPPRESSED
from smsdrop.ledger.gate import CANARY
from smsdrop.ledger.terms import Terms
from smsdrop.receipts.canary import (
    BAD,
    FIRST_LOOK_SECONDS,
    GOOD,
    NO_CANARY,
    PATIENCE_SECONDS,
    Canary,
)
from smsdrop.receipts.looks import LOOKS, NO_LOOKS
from smsdrop.receipts.part import part_key
from smsdrop.receipts.receipt import Delivery
from tests.support.lives import Killed, Life
from tests.support.receipts_scene import SIZE, Site, number
from tests.support.samples import CAMPAIGN_ID, NOW

FIVE_MINUTES = 300


@pytest.fixture
def site() -> Site:
    return Site()


def ahead(site: Site, batches: int, *, of: int = 9, **changes: Any) -> Campaign:
    """Let so many batches have gone ahead of a campaign's others, all of them sent."""
    site.closed(batches=batches)
    fields: dict[str, Any] = {
        "status": Status.HELD,
        "is_open": True,
        "held_for": CANARY,
        "released": batches,
        "queued": batches,
        "looks": NO_LOOKS,
        "counts": Counts(batches=of, accepted=of * SIZE),
        "terms": Terms(canary_recipients=1, canary_batches=batches, canary_percent=90),
        "canary": NO_CANARY.ended(at=NOW),
    }
    before = site.campaign()
    after = replace(before, revision=before.revision + 1, **fields | changes)
    return site.ledger.write(before, after)


def minutes_later(site: Site, minutes: float = 5) -> Canary:
    site.clock.now += 60 * minutes
    site.run()
    return site.campaign().canary


def all_delivered(site: Site, batches: int) -> None:
    for position in range(1, batches + 1):
        for index in range(SIZE):
            site.carrier.says(position, index, DELIVERED, "DELIVERED")


def test_nobody_is_asked_before_some_minutes_have_passed(site: Site) -> None:
    ahead(site, 1)
    site.clock.now = NOW + FIRST_LOOK_SECONDS - 1

    assert site.run() == []
    assert site.carrier.asked == []


def test_good_receipts_let_the_others_follow(site: Site) -> None:
    ahead(site, 2)
    all_delivered(site, 2)

    canary = minutes_later(site)

    assert (canary.canary_tried, canary.canary_delivered, canary.canary_undelivered) == (4, 4, 0)
    assert (canary.canary_word, canary.canary_as_of) == (GOOD, site.clock.now)
    assert set(site.carrier.times_asked()) == {
        number(1, 0),
        number(1, 1),
        number(2, 0),
        number(2, 1),
    }


def test_bad_receipts_do_not(site: Site) -> None:
    ahead(site, 1)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.carrier.says(1, 1, FAILED, "NO_ROUTE")

    canary = minutes_later(site)

    assert (canary.canary_delivered, canary.canary_undelivered) == (1, 1)
    assert canary.canary_word == BAD
    assert minutes_later(site) == canary
    assert site.carrier.times_asked().total() == SIZE


def test_only_who_is_pending_is_asked_about_again_until_it_can_be_judged(site: Site) -> None:
    ahead(site, 1)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.carrier.says(1, 1, WAITS)

    assert minutes_later(site).canary_word == ""
    assert minutes_later(site).unanswered == 1
    site.carrier.says(1, 1, DELIVERED, "DELIVERED")

    assert minutes_later(site).canary_word == GOOD
    assert site.carrier.times_asked() == {number(1, 0): 1, number(1, 1): 3}


def test_nobody_is_asked_any_more_once_the_hour_is_over(site: Site) -> None:
    ahead(site, 1)

    minutes_later(site, PATIENCE_SECONDS / 60)

    assert site.carrier.asked == []


def test_what_was_found_ahead_is_not_asked_for_after_the_close(site: Site) -> None:
    before = ahead(site, 1)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    minutes_later(site)
    stands = site.campaign()
    closed = replace(
        stands,
        status=Status.CLOSED,
        is_open=False,
        counts=replace(before.counts, batches=1, sent=SIZE),
        looks=NO_LOOKS.begun(at=site.clock.now),
        revision=stands.revision + 1,
    )
    site.ledger.write(stands, closed)
    site.clock.now += LOOKS[0]

    site.run()

    assert site.carrier.times_asked() == {number(1, 0): 1, number(1, 1): 2}
    assert (site.campaign().looks.delivered, site.campaign().looks.receipts_looked) == (1, 1)


def test_who_was_refused_in_a_split_batch_counts_as_undelivered(site: Site) -> None:
    ahead(site, 1)
    whole = site.ledger.batch(f"{CAMPAIGN_ID}-000001")
    assert whole is not None
    split = replace(
        whole, state=State.SPLIT, accepted=(), into_singles=True, revision=whole.revision + 1
    )
    site.ledger.write(whole, split)
    for each, state in enumerate((State.REFUSED, State.SENT)):
        part = replace(split, batch_id=part_id(split.batch_id, each), recipients=1, state=state)
        accepted = (1,) if state is State.SENT else ()
        site.ledger.write(None, replace(part, accepted=accepted, revision=1))
    site.carrier.says(1, 1, DELIVERED, "DELIVERED", out_id=f"{part_id(split.batch_id, 1)}-1")

    canary = minutes_later(site)

    assert (canary.canary_tried, canary.canary_delivered, canary.canary_undelivered) == (2, 1, 1)
    assert canary.canary_word == BAD
    assert set(site.carrier.times_asked()) == {number(1, 1)}


@pytest.mark.parametrize(
    ("state", "code", "figures"),
    [
        pytest.param(State.UNCONFIRMED, "", (2, 0, 0, ""), id="nobody knows: unanswered"),
        pytest.param(State.REFUSED, "", (2, 0, 2, BAD), id="refused: undelivered"),
        pytest.param(State.REFUSED, SUPPRESSED, (0, 0, 0, ""), id="kept by a list: nothing"),
        pytest.param(State.CANCELLED, "", (0, 0, 0, ""), id="never tried: nothing"),
    ],
)
def test_a_batch_that_went_ahead_and_was_not_sent_is_never_good(
    site: Site, state: State, code: str, figures: tuple[int, int, int, str]
) -> None:
    ahead(site, 1)
    entry = site.ledger.batch(f"{CAMPAIGN_ID}-000001")
    assert entry is not None
    after = replace(entry, state=state, code=code, accepted=(), revision=entry.revision + 1)
    site.ledger.write(entry, after)

    canary = minutes_later(site)

    assert site.carrier.asked == []
    shown = (canary.canary_tried, canary.canary_delivered, canary.canary_undelivered)
    assert (*shown, canary.canary_word) == figures


def test_a_key_pair_that_may_not_ask_leaves_it_to_a_person(site: Site) -> None:
    ahead(site, 1)
    site.carrier.failures[number(1, 0)] = [LookupForbidden("isp.RAM_PERMISSION_DENY")]

    canary = minutes_later(site)

    assert (canary.canary_word, canary.canary_problem) == (BAD, "isp.RAM_PERMISSION_DENY")
    assert canary.has_failed(site.clock.now)


def test_a_provider_that_answers_nobody_is_asked_again_and_judges_nothing(site: Site) -> None:
    ahead(site, 1)
    all_delivered(site, 1)
    for index in range(SIZE):
        site.carrier.failures[number(1, index)] = [LookupFailed()] * TRIES

    assert minutes_later(site) == NO_CANARY.ended(at=NOW)
    assert minutes_later(site).canary_word == GOOD


def test_a_question_that_is_refused_leaves_its_recipient_unanswered(site: Site) -> None:
    ahead(site, 1)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.carrier.failures[number(1, 1)] = [LookupRefused()] * 9

    canary = minutes_later(site)

    assert (canary.canary_word, canary.unanswered) == ("", 1)


def test_where_the_time_runs_out_what_was_found_is_kept_and_counts(site: Site) -> None:
    ahead(site, 1)
    all_delivered(site, 1)
    site.clock.now += FIVE_MINUTES
    site.carrier.during_lookup = lambda _: setattr(site.clock, "now", site.clock.now + 60)

    site.run(seconds=30)

    canary = site.campaign().canary
    assert (canary.canary_word, canary.canary_delivered, canary.unanswered) == ("", 1, 1)
    assert site.deliveries((1, 0), (1, 1)) == [Delivery.DELIVERED, Delivery.PENDING]


def test_a_campaign_that_was_cancelled_is_asked_about_only_after_its_close(site: Site) -> None:
    ahead(site, 1, halt_code=CANCELLED_BY_HAND)

    minutes_later(site)

    assert site.carrier.asked == []


def test_a_campaign_that_was_cancelled_meanwhile_stays_as_it_is(site: Site) -> None:
    ahead(site, 1)
    all_delivered(site, 1)

    def cancel(_: str) -> None:
        stands = site.campaign()
        site.ledger.write(stands, stands.halted(CANCELLED_BY_HAND))

    site.carrier.during_lookup = cancel

    assert minutes_later(site) == NO_CANARY.ended(at=NOW)


def test_a_campaign_that_ended_while_others_waited_is_looked_up_as_any_other(site: Site) -> None:
    looks = NO_LOOKS.begun(at=NOW)
    ahead(site, 1, status=Status.CLOSED, is_open=False, looks=looks)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.clock.now = NOW + FIRST_LOOK_SECONDS

    assert site.run() == []
    site.clock.now = NOW + LOOKS[0]
    site.run()
    assert site.campaign().looks.receipts_looked == 1


def test_those_whose_others_wait_are_looked_up_first(site: Site) -> None:
    waiting = ahead(site, 1)
    closed_id = waiting.campaign_id[:-1] + "0"
    looks = NO_LOOKS.begun(at=NOW - LOOKS[0])
    closed = replace(waiting, campaign_id=closed_id, status=Status.CLOSED, looks=looks)
    site.ledger.write(None, closed)
    site.clock.now += FIVE_MINUTES

    turns = site.run()

    assert [each.campaign.campaign_id for each in turns] == [CAMPAIGN_ID, closed_id]


def test_a_look_that_fails_is_told_and_holds_up_no_other(site: Site) -> None:
    first = ahead(site, 1)
    other_id = first.campaign_id[:-1] + "e"
    other = replace(
        first,
        campaign_id=other_id,
        status=Status.CLOSED,
        looks=NO_LOOKS.begun(at=NOW),
        counts=Counts(),
    )
    site.ledger.write(None, other)
    site.files.objects[part_key(CAMPAIGN_ID, 0)] = b"not gzipped"
    site.clock.now += FIVE_MINUTES

    turns = site.run()

    assert [each.campaign.campaign_id for each in turns if each.error] == [CAMPAIGN_ID]
    looked = site.ledger.campaign(other_id)
    assert looked is not None
    assert looked.looks.receipts_looked == 1


def test_a_plan_that_is_gone_judges_by_what_is_known(site: Site) -> None:
    ahead(site, 1)
    del site.files.objects[f"{site.campaign().plan}{BATCHES}"]

    canary = minutes_later(site)

    assert (canary.canary_word, canary.unanswered) == ("", SIZE)


def test_evidence_that_is_found_ahead_is_noted_while_the_campaign_waits(site: Site) -> None:
    ahead(site, 1)
    entry = site.ledger.batch(f"{CAMPAIGN_ID}-000001")
    assert entry is not None
    twice = replace(entry, attempt=2, accepted=(2,), absent=1, revision=entry.revision + 1)
    site.ledger.write(entry, twice)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")  # by the first attempt

    minutes_later(site)

    after = site.ledger.batch(entry.batch_id)
    assert after is not None
    assert after.accepted == (1, 2)
    assert (site.campaign().status, site.campaign().is_open) == (Status.HELD, True)


@pytest.mark.parametrize("ends_after", [False, True], ids=["before", "after"])
def test_wherever_a_look_dies_the_next_one_comes_to_the_same(*, ends_after: bool) -> None:
    whole = Site()
    ahead(whole, 2)
    all_delivered(whole, 2)
    expected = replace(minutes_later(whole), canary_as_of=0)
    for ends_at in count(1):
        site = Site()
        ahead(site, 2)
        all_delivered(site, 2)
        site.clock.now += FIVE_MINUTES
        life = Life(ends_at=ends_at, ends_after=ends_after)
        with suppress(Killed):
            site.run(through=life.through)
        minutes_later(site, 6)
        assert replace(site.campaign().canary, canary_as_of=0) == expected
        assert max(site.carrier.times_asked().values()) <= 2
        if not life.is_over:
            break
    assert ends_at > 10

"""Receipts are looked up after the close: only for the pending, once a look, despite crashes."""

from dataclasses import replace
from itertools import count

import pytest

from smsdrop.alibaba.send_details import (
    DELIVERED,
    FAILED,
    WAITS,
    LookupFailed,
    LookupForbidden,
    LookupRefused,
    LookupThrottled,
    beijing_date,
)
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.batches.batch import part_id
from smsdrop.batches.plan import BATCHES
from smsdrop.closing.verify import LOOKUPS, TRIES
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.entries import Lease
from smsdrop.receipts.looks import AGAIN_SECONDS, LOOKS
from smsdrop.receipts.part import BATCHES_A_PART, part_key
from smsdrop.receipts.receipt import Delivery, Receipt
from tests.support.fakes import FakeKeys
from tests.support.receipts_scene import PLAN, RATE, SENT_AT, SIZE, Site, number
from tests.support.samples import CAMPAIGN_ID, KEY, NOW


@pytest.fixture
def site() -> Site:
    return Site()


def test_nothing_is_looked_up_before_its_time(site: Site) -> None:
    site.closed()
    site.clock.now = NOW + LOOKS[0] - 1

    assert site.run() == []
    assert site.carrier.asked == []


def test_every_recipient_is_asked_about_by_number_date_and_call(site: Site) -> None:
    site.closed()

    site.look(0)

    today = (beijing_date(SENT_AT),)
    assert site.carrier.asked == [(number(1, 0), today, "1^0"), (number(1, 1), today, "1^0")]


def test_who_has_an_answer_is_never_asked_about_again(site: Site) -> None:
    site.closed()
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.carrier.says(1, 1, WAITS)
    for look in range(len(LOOKS)):
        site.look(look)

    assert site.carrier.times_asked() == {number(1, 0): 1, number(1, 1): 4}
    assert site.campaign().looks.is_final
    assert site.run() == []


def test_the_counts_of_a_look_add_up_to_all_that_were_sent_to(site: Site) -> None:
    site.closed(batches=2)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.carrier.says(2, 1, FAILED, "NO_ROUTE")

    site.look(0)

    looks, sent = site.campaign().looks, site.campaign().counts.sent
    counts = looks.counts(sent=sent)
    assert (counts.delivered, counts.undelivered, counts.pending, counts.final) == (1, 1, 2, False)
    for look in range(1, len(LOOKS)):
        site.look(look)
    counts = site.campaign().looks.counts(sent=sent)
    assert (counts.pending, counts.no_receipt, counts.final) == (0, 2, True)
    assert counts.as_of == site.clock.now


def test_a_look_that_finds_something_has_the_campaign_reported_again(site: Site) -> None:
    site.closed()
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")

    site.look(0)

    assert (site.campaign().status, site.campaign().is_open) == (Status.CLOSING, True)


def test_a_look_that_finds_nothing_has_no_campaign_reported_before_the_last(site: Site) -> None:
    site.closed()
    for look in range(len(LOOKS) - 1):
        site.look(look)
        assert site.campaign().status is Status.CLOSED

    site.look(len(LOOKS) - 1)

    assert site.campaign().status is Status.CLOSING


def test_each_cause_is_told_once_however_often_it_is_found(site: Site) -> None:
    site.closed(batches=2)
    site.carrier.says(1, 0, FAILED, "NO_ROUTE")
    site.carrier.says(1, 1, FAILED, "")
    site.carrier.failures[number(2, 0)] = [LookupThrottled()] * TRIES

    [first] = site.look(0)
    site.carrier.says(2, 0, FAILED, "NO_ROUTE")
    site.clock.now += AGAIN_SECONDS
    [second] = site.run()

    assert first.causes == {"NO_ROUTE": 1, "smsdrop.NoCause": 1}
    assert second.causes == {"NO_ROUTE": 1}


def test_failed_gives_way_to_delivered_whatever_came_last(site: Site) -> None:
    site.closed()
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.carrier.says(1, 0, FAILED, "EXPIRED", received_at=SENT_AT + 999)
    site.carrier.says(1, 1, FAILED, "EXPIRED")

    site.look(0)

    assert site.deliveries((1, 0), (1, 1)) == [Delivery.DELIVERED, Delivery.FAILED]
    assert (site.known(1, 1).code, site.known(1, 1).received_at) == ("EXPIRED", int(SENT_AT + 7))


def test_what_settling_was_told_of_deliveries_the_first_look_is_told_again(site: Site) -> None:
    """A batch that was settled has no BizId: so everything is asked for, and its OutId counts."""
    site.closed(is_sent=False)
    site.stands(1, biz_id="", code="OK")
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.carrier.says(1, 1, FAILED, "NO_ROUTE")

    site.look(0)

    assert [biz_id for *_, biz_id in site.carrier.asked] == ["", ""]
    assert site.deliveries((1, 0), (1, 1)) == [Delivery.DELIVERED, Delivery.FAILED]


def test_rows_of_other_texts_to_the_same_number_say_nothing(site: Site) -> None:
    site.closed()
    site.carrier.says(1, 0, DELIVERED, "DELIVERED", out_id="another-1")
    site.carrier.says(1, 1, DELIVERED, "DELIVERED", out_id="")

    site.look(0)

    assert site.deliveries((1, 0), (1, 1)) == [Delivery.PENDING] * 2


@pytest.mark.parametrize("state", [State.REFUSED, State.CANCELLED, State.UNCONFIRMED])
def test_nobody_is_asked_about_who_was_not_sent_to(site: Site, state: State) -> None:
    site.closed(is_sent=False)
    site.stands(1, state=state, accepted=())

    site.look(0)

    assert site.carrier.asked == []
    assert site.campaign().looks.receipts_looked == 1


def test_parts_of_a_split_batch_keep_their_places_in_it(site: Site) -> None:
    site.closed(is_sent=False)
    whole = site.stands(1, state=State.SPLIT, accepted=(), into_singles=True)
    for each, state in enumerate((State.REFUSED, State.SENT)):
        part = replace(whole, batch_id=part_id(whole.batch_id, each), recipients=1, state=state)
        site.ledger.write(None, replace(part, accepted=(1,) if state is State.SENT else ()))
    site.carrier.says(1, 1, DELIVERED, "DELIVERED", out_id=f"{part_id(whole.batch_id, 1)}-1")

    site.look(0)

    assert set(site.carrier.times_asked()) == {number(1, 1)}
    assert site.deliveries((1, 0), (1, 1)) == [Delivery.PENDING, Delivery.DELIVERED]


def test_where_an_attempt_was_believed_absent_all_texts_are_asked_for(site: Site) -> None:
    site.closed(is_sent=False)
    site.stands(1, attempt=2, accepted=(2,), absent=1)

    site.look(0)

    assert {biz_id for *_, biz_id in site.carrier.asked} == {""}


def test_a_receipt_for_an_attempt_believed_absent_is_late_evidence(site: Site) -> None:
    site.closed(is_sent=False)
    entry = site.stands(1, attempt=2, accepted=(2,), absent=1)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")

    site.look(0)

    stands = site.ledger.batch(entry.batch_id)
    assert stands is not None
    assert (stands.accepted, stands.sent_twice) == ((1, 2), True)
    after = site.campaign()
    assert (after.status, after.is_open, after.reopened_at > NOW) == (Status.CLOSING, True, True)
    assert after.looks.delivered == 1


def test_a_campaign_is_opened_again_before_the_evidence_stands(site: Site) -> None:
    site.closed(is_sent=False)
    site.stands(1, attempt=2, accepted=(2,), absent=1)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    written: list[object] = []
    site.ledger.before_write = written.append

    site.look(0)

    kinds = [
        "evidence" if isinstance(each, BatchEntry) else "opened"
        for each in written
        if isinstance(each, BatchEntry) or (isinstance(each, Campaign) and each.reopened_at)
    ]
    assert kinds[:2] == ["opened", "evidence"]


def test_nothing_is_concluded_from_receipts_that_are_missing(site: Site) -> None:
    site.closed(is_sent=False)
    entry = site.stands(1, attempt=2, accepted=(2,), absent=1)
    for look in range(len(LOOKS)):
        site.look(look)

    assert site.ledger.batch(entry.batch_id) == entry
    assert site.campaign().reopened_at == 0  # by no evidence


def test_a_lookup_that_fails_is_tried_again_at_once_and_then_minutes_later(site: Site) -> None:
    site.closed()
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.carrier.failures[number(1, 0)] = [LookupFailed()] * TRIES

    site.look(0)

    looks = site.campaign().looks
    assert (looks.receipts_looked, looks.receipts_at) == (0, site.clock.now + AGAIN_SECONDS)
    site.clock.now = looks.receipts_at
    site.run()
    assert site.campaign().looks.delivered == 1
    assert site.carrier.times_asked() == {number(1, 0): TRIES + 1, number(1, 1): 1}


def test_a_provider_that_answers_nobody_is_left_in_peace(site: Site) -> None:
    site.closed(batches=2 * BATCHES_A_PART)
    for position in range(1, 2 * BATCHES_A_PART + 1):
        for index in range(SIZE):
            site.carrier.failures[number(position, index)] = [LookupFailed()] * 99

    site.look(0)

    assert len(site.carrier.times_asked()) == BATCHES_A_PART * SIZE
    assert site.campaign().looks.receipts_looked == 0


def test_a_part_behind_one_that_fails_is_looked_up_all_the_same(site: Site) -> None:
    site.closed(batches=BATCHES_A_PART + 1)
    site.carrier.failures[number(1, 0)] = [LookupFailed()] * 99
    site.carrier.says(BATCHES_A_PART + 1, 0, DELIVERED, "DELIVERED")

    site.look(0)

    assert site.deliveries((BATCHES_A_PART + 1, 0)) == [Delivery.DELIVERED]
    assert site.campaign().looks.receipts_part == 0
    site.clock.now += AGAIN_SECONDS
    site.carrier.failures.clear()
    site.run()
    assert site.campaign().looks.delivered == 1
    assert set(site.carrier.times_asked().values()) == {1, TRIES + 1}


def test_whom_a_look_could_not_ask_about_is_left_to_the_next(site: Site) -> None:
    site.closed()
    site.carrier.failures[number(1, 0)] = [LookupFailed()] * TRIES
    site.look(0)

    site.look(1)

    assert site.campaign().looks.receipts_looked == 1
    assert site.campaign().looks.receipts_at == NOW + LOOKS[1]
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.run()
    assert site.campaign().looks.delivered == 1
    assert site.campaign().looks.receipts_looked == 2


def test_a_question_that_is_refused_counts_as_asked(site: Site) -> None:
    site.closed()
    site.carrier.failures[number(1, 0)] = [LookupRefused()]

    site.look(0)

    assert site.campaign().looks.receipts_looked == 1
    assert site.known(1, 0) == Receipt(looks=1)


def test_a_throttled_lookup_slows_the_next_ones_down(site: Site) -> None:
    site.closed()
    site.carrier.failures[number(1, 0)] = [LookupThrottled()]
    began = site.clock.now = NOW + LOOKS[0]

    site.run()

    assert site.clock.now - began > 3.5 / RATE


def test_a_key_pair_that_may_not_ask_ends_the_look_and_the_campaign_says_so(site: Site) -> None:
    site.closed(batches=2)
    for each in range(SIZE):
        site.carrier.failures[number(1, each)] = [LookupForbidden("NoPermission")] * 9

    site.look(0)

    looks = site.campaign().looks
    assert len(site.carrier.asked) == 1
    assert (looks.receipts_problem, looks.receipts_looked) == ("NoPermission", 1)
    assert looks.receipts_at == NOW + LOOKS[1]


def test_the_rate_holds_for_lookups(site: Site) -> None:
    site.closed(batches=10)
    began = site.clock.now = NOW + LOOKS[0]

    site.run()

    assert site.clock.now - began > (10 * SIZE - 0.5) / RATE


def test_a_run_whose_time_is_over_keeps_what_it_has_and_the_next_goes_on(site: Site) -> None:
    site.closed(batches=BATCHES_A_PART + 10)
    site.clock.now = NOW + LOOKS[0]
    for position in range(1, BATCHES_A_PART + 11):
        site.carrier.says(position, 0, DELIVERED, "DELIVERED")

    runs = 0
    while not site.campaign().looks.receipts_looked:
        site.run(seconds=0.015)
        runs += 1

    assert runs > 5
    assert set(site.carrier.times_asked().values()) == {1}
    assert site.campaign().looks.delivered == BATCHES_A_PART + 10


class Killed(BaseException):
    """The function was killed, whatever it was doing."""


def test_whoever_is_killed_costs_nobody_their_receipt(site: Site) -> None:
    site.closed(batches=2 * BATCHES_A_PART)
    for position in range(1, 2 * BATCHES_A_PART + 1):
        site.carrier.says(position, 0, DELIVERED, "DELIVERED")
    site.clock.now = NOW + LOOKS[0]
    calls = count()

    def kill(_: object) -> None:
        if next(calls) == 150:
            raise Killed

    site.carrier.during_lookup = kill
    with pytest.raises(Killed):
        site.run()
    site.clock.now += 600

    site.run()

    assert site.campaign().looks.delivered == 2 * BATCHES_A_PART
    assert max(site.carrier.times_asked().values()) <= 2


def test_who_else_looks_up_is_waited_for(site: Site) -> None:
    site.closed()
    site.ledger.write(None, Lease(name=LOOKUPS, holder="another", until=NOW + 10**6))

    site.look(0)

    assert site.carrier.asked == []


def test_the_lease_is_given_back(site: Site) -> None:
    site.closed()
    site.look(0)

    assert [each.until for each in site.ledger.all_of(Lease)] == [0]


def test_a_plan_that_is_gone_leaves_what_is_known(site: Site) -> None:
    site.closed()
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.look(0)
    del site.files.objects[PLAN + BATCHES]

    [turn] = site.look(1)

    assert turn.error is None
    assert site.campaign().looks.receipts_looked == 2
    assert site.campaign().looks.delivered == 1


def test_one_campaign_that_fails_takes_no_other_with_it(site: Site) -> None:
    first = site.closed()
    other_id = first.campaign_id[:-1] + "e"
    site.ledger.write(None, replace(first, campaign_id=other_id, counts=Counts()))
    site.files.objects[part_key(CAMPAIGN_ID, 0)] = b"not gzipped"

    turns = site.look(0)

    assert [each.campaign.campaign_id for each in turns if each.error] == [CAMPAIGN_ID]
    assert site.campaign().looks.receipts_at == site.clock.now + AGAIN_SECONDS
    other = site.ledger.campaign(other_id)
    assert other is not None
    assert other.looks.receipts_looked == 1


def test_without_a_key_pair_nothing_is_looked_up_yet(site: Site) -> None:
    site.closed()

    def no_key() -> AccessKey:
        raise NoAccessKey("no key")

    site.keys = FakeKeys(KEY)
    site.keys.refresh = no_key  # type: ignore[method-assign] # a secret that is empty

    assert site.look(0) == []
    assert site.campaign().looks.receipts_look == 0


def test_receipts_are_looked_up_though_the_campaign_is_open_again(site: Site) -> None:
    site.closed(status=Status.CLOSING, is_open=True)
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")

    site.look(0)

    assert site.campaign().looks.delivered == 1


def test_no_object_says_a_number(site: Site) -> None:
    site.closed()
    site.carrier.says(1, 0, DELIVERED, "DELIVERED")
    site.look(0)

    [key] = [each for each in site.files.objects if each.startswith("receipts/")]
    assert key == part_key(CAMPAIGN_ID, 0)

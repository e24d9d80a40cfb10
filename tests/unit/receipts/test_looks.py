"""When receipts are looked up, even if looks are late, killed or not allowed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from smsdrop.receipts.looks import AGAIN_SECONDS, LOOKS, NO_LOOKS, Looks

CLOSED_AT = 1_000_000.0
BEGUN = NO_LOOKS.begun(at=CLOSED_AT)


def done(looks: Looks, *, at: float, delivered: int = 0, undelivered: int = 0) -> Looks:
    look = looks.under_way(at=at)
    number = look.receipts_look
    went_on = look.went_on(
        look=number, part=0, byte=700, delivered=delivered, undelivered=undelivered
    )
    return went_on.ended(look=number, at=at)


def test_a_campaign_has_four_looks_after_its_close() -> None:
    looks, times = BEGUN, []
    while looks.receipts_at:
        times.append(looks.receipts_at - CLOSED_AT)
        looks = done(looks, at=looks.receipts_at)

    assert times == [300, 3600, 86400, 259200]
    assert looks.is_final


def test_before_the_close_nothing_is_due() -> None:
    assert not NO_LOOKS.is_due(CLOSED_AT)
    assert not NO_LOOKS.is_final
    assert not BEGUN.is_due(CLOSED_AT + 299)
    assert BEGUN.is_due(CLOSED_AT + 300)


def test_a_second_close_begins_no_looks_anew() -> None:
    assert BEGUN.begun(at=CLOSED_AT + 1000) == BEGUN
    final = done(BEGUN, at=CLOSED_AT + LOOKS[-1])
    assert final.begun(at=CLOSED_AT + 10**6) == final


def test_who_comes_days_late_looks_once_for_all_that_was_due() -> None:
    late = done(BEGUN, at=CLOSED_AT + LOOKS[2] + 1)

    assert (late.receipts_looked, late.receipts_at) == (3, CLOSED_AT + LOOKS[3])
    assert done(BEGUN, at=CLOSED_AT + LOOKS[3]).is_final


def went_on(looks: Looks, part: int) -> Looks:
    return looks.went_on(look=1, part=part, byte=100 * (part + 1), delivered=3, undelivered=1)


def test_a_look_goes_on_where_it_was_left_though_the_next_is_due_by_now() -> None:
    left = went_on(went_on(BEGUN.under_way(at=CLOSED_AT + 300), 0), 1)
    left = left.put_off(look=1, at=CLOSED_AT + 3000)

    again = left.under_way(at=CLOSED_AT + LOOKS[1] + 1)

    assert (again.receipts_look, again.receipts_part, again.receipts_byte) == (1, 2, 200)
    assert again.receipts_at == CLOSED_AT + 3000 + AGAIN_SECONDS


def test_each_part_of_a_look_counts_once_whoever_else_is_at_it() -> None:
    first = went_on(BEGUN.under_way(at=CLOSED_AT + 300), 0)

    assert went_on(first, 0) == first
    assert went_on(first, 2) == first
    after = went_on(first, 1).ended(look=1, at=CLOSED_AT + 400)
    assert (after.delivered, after.undelivered) == (6, 2)
    assert (after.receipts_part, after.receipts_byte, after.receipts_delivered) == (0, 0, 0)


@pytest.mark.parametrize(
    "late",
    [
        pytest.param(lambda looks: went_on(looks, 0), id="went on"),
        pytest.param(lambda looks: looks.put_off(look=1, at=CLOSED_AT), id="put off"),
        pytest.param(lambda looks: looks.ended(look=1, at=CLOSED_AT), id="ended"),
        pytest.param(lambda looks: looks.forbidden(code="NoPermission", look=1), id="forbidden"),
    ],
)
def test_what_comes_of_a_look_that_is_over_changes_nothing(late: Callable[[Looks], Looks]) -> None:
    second = done(BEGUN, at=CLOSED_AT + 300).under_way(at=CLOSED_AT + LOOKS[1])

    assert late(second) == second


def test_the_counts_add_up_to_all_that_were_sent_to() -> None:
    looks = done(BEGUN, at=CLOSED_AT + 300, delivered=6, undelivered=1)

    counts = looks.counts(sent=10)

    assert (counts.delivered, counts.undelivered, counts.pending, counts.no_receipt) == (6, 1, 3, 0)
    assert (counts.as_of, counts.final) == (CLOSED_AT + 300, False)


def test_who_has_no_receipt_by_the_last_look_has_none() -> None:
    looks = done(BEGUN, at=CLOSED_AT + LOOKS[-1], delivered=6, undelivered=1)

    counts = looks.counts(sent=10)

    assert (counts.pending, counts.no_receipt, counts.final) == (0, 3, True)


def test_a_look_that_is_not_allowed_says_so_and_keeps_what_is_known() -> None:
    known = done(BEGUN, at=CLOSED_AT + 300, delivered=6)
    look = known.under_way(at=CLOSED_AT + LOOKS[1])

    after = look.forbidden(code="NoPermission", look=look.receipts_look)

    assert after == replace(
        known,
        receipts_problem="NoPermission",
        receipts_looked=2,
        receipts_at=CLOSED_AT + LOOKS[2],
    )
    assert done(after, at=after.receipts_at).receipts_problem == ""


def test_a_look_is_over_once_the_next_is_due_and_the_last_a_day_later() -> None:
    times = (*LOOKS, 96 * 3600)
    looks = [replace(BEGUN, receipts_look=look) for look in (1, 2, 3, 4)]

    over = [min(at for at in times if look.is_over(now=CLOSED_AT + at)) for look in looks]

    assert over == [3600, 24 * 3600, 72 * 3600, 96 * 3600]
    assert not looks[-1].is_over(now=CLOSED_AT + 96 * 3600 - 1)


def test_whoever_comes_many_days_late_still_asks() -> None:
    late = BEGUN.under_way(at=CLOSED_AT + 240 * 3600)

    assert late.receipts_look == len(LOOKS)
    assert not late.is_over(now=CLOSED_AT + 240 * 3600 + 60)
    assert late.is_over(now=CLOSED_AT + (240 + 24) * 3600)

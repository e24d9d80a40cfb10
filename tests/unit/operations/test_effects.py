"""What each order does to a campaign in any state, and how it is answered."""

from dataclasses import replace
from typing import Any

import pytest

from smsdrop.ledger.campaign import Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, PAST_UNTIL
from smsdrop.ledger.entries import Pause
from smsdrop.ledger.gate import APPROVAL, CANARY, CANARY_FAILED, PAUSED, START
from smsdrop.ledger.terms import Terms
from smsdrop.operations.effects import FOLLOWED, STILL_HELD, effect, over, said_of_stack, still_held
from smsdrop.operations.orders import APPROVE, CANCEL, ORDERS, PAUSE, RESUME, Order
from smsdrop.reason_texts import TEXTS
from smsdrop.receipts.canary import Canary
from tests.support.samples import NOW, campaign

ALICE, BOB = "AWS:AIDAALICE", "AWS:AIDABOB"
TO_APPROVE = Terms(needs_approval=True)
RUNNING = (Status.PARSING, Status.PLANNED, Status.HELD, Status.SENDING)
ENDED = (Status.CLOSING, Status.CLOSED, Status.REFUSED, Status.UNKNOWN)


def order(name: str, *, principal: str = ALICE, at: float = NOW) -> Order:
    return Order(name=name, what="july.csv", mark="m", principal=principal, at=at)


def sending(**changes: Any) -> Any:
    return campaign(counts=Counts(batches=7), released=7, queued=7, **changes)


def held(reason: str, **changes: Any) -> Any:
    return sending(status=Status.HELD, held_for=reason, **changes)


@pytest.mark.parametrize("status", RUNNING)
def test_a_campaign_is_paused_wherever_it_is(status: Status) -> None:
    after, said = effect(order(PAUSE), sending(status=status, held_for=""), NOW)

    assert said.code == "order_paused"
    assert (after.paused_by, after.ordered_at, after.revision) == (ALICE, NOW, 2)
    assert after.status is (Status.PARSING if status is Status.PARSING else Status.HELD)
    assert not after.may_be_called(1, NOW)


def test_a_payload_pauses_by_hand_and_is_never_late() -> None:
    by_payload = order(PAUSE, principal="", at=0)

    after, said = effect(by_payload, sending(ordered_at=NOW + 60), NOW)

    assert (said.code, after.paused_by, after.ordered_at) == ("order_paused", "by hand", NOW + 60)


def test_a_resumed_campaign_may_be_called_at_once() -> None:
    paused, _ = effect(order(PAUSE), sending(), NOW)

    after, said = effect(order(RESUME, at=NOW + 1), paused, NOW + 1)

    assert (said.code, after.paused_by, after.status) == ("order_resumed", "", Status.SENDING)
    assert after.may_be_called(7, NOW + 1)
    assert after.revision == paused.revision + 1
    assert still_held(order(RESUME), after, NOW + 1) is None


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (TO_APPROVE, "order_held_approval"),
        (Terms(start_at=NOW + 60), "order_held_start"),
        (Terms(windows=("1200-1300",)), "order_held_window"),
    ],
)
def test_a_resumed_campaign_that_waits_for_something_else_says_so(terms: Terms, code: str) -> None:
    paused = held(PAUSED, paused_by=BOB, terms=terms)

    after, said = effect(order(RESUME), paused, NOW)

    also = still_held(order(RESUME), after, NOW)
    assert (said.code, after.status, also and also.code) == ("order_resumed", Status.HELD, code)


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("status", ENDED)
def test_nothing_about_a_campaign_that_has_ended_is_changed(name: str, status: Status) -> None:
    ended = campaign(status=status, outcome="completed", terms=TO_APPROVE, paused_by=BOB)

    after, said = effect(order(name), ended, NOW)

    assert after == ended
    assert said.code in ("order_ended", "order_closing", "order_left")
    assert said.code not in FOLLOWED


def test_of_a_campaign_that_has_ended_it_is_said_how() -> None:
    ended = campaign(status=Status.CLOSED, outcome="halted")

    said = over(ended)

    assert said is not None
    assert "(halted)" in said.text()


@pytest.mark.parametrize("status", RUNNING)
def test_nothing_more_of_a_cancelled_campaign_is_to_be_sent(status: Status) -> None:
    after, said = effect(order(CANCEL), sending(status=status), NOW)

    assert (said.code, after.status, after.halt_code) == (
        "order_cancelled",
        status,
        CANCELLED_BY_HAND,
    )


@pytest.mark.parametrize(
    ("halt_code", "name", "code"),
    [
        pytest.param(CANCELLED_BY_HAND, CANCEL, "order_cancelled_already", id="cancelled again"),
        pytest.param(CANCELLED_BY_HAND, RESUME, "order_halted", id="resumed after a cancel"),
        pytest.param("isv.SMS_TEMPLATE_ILLEGAL", CANCEL, "order_halted", id="halted before"),
    ],
)
def test_what_stopped_a_campaign_first_stays_its_reason(
    halt_code: str, name: str, code: str
) -> None:
    halted = sending(halt_code=halt_code, paused_by=BOB)

    assert effect(order(name), halted, NOW)[0] == halted
    assert effect(order(name), halted, NOW)[1].code == code


def test_a_campaign_that_is_resumed_past_its_end_is_halted() -> None:
    paused = held(PAUSED, paused_by=BOB, terms=Terms(until_at=NOW - 1))

    after, _ = effect(order(RESUME), paused, NOW)

    also = still_held(order(RESUME), after, NOW)
    assert (after.halt_code, also and also.code) == (PAST_UNTIL, "order_past_until")


@pytest.mark.parametrize(
    ("name", "stands", "code"),
    [
        pytest.param(PAUSE, held(PAUSED, paused_by=BOB), "order_paused_already", id="paused"),
        pytest.param(RESUME, sending(), "order_not_paused", id="not paused"),
        pytest.param(
            PAUSE,
            campaign(status=Status.HELD, held_for=PAUSED, paused_by=BOB),
            "order_paused_already",
            id="paused before it began",
        ),
    ],
)
def test_a_senseless_order_changes_nothing_but_that_it_was_given(
    name: str, stands: Any, code: str
) -> None:
    after, said = effect(order(name), stands, NOW)

    assert said.code == code
    assert (after.status, after.paused_by, after.held_for, after.ordered_at) == (
        stands.status,
        stands.paused_by,
        stands.held_for,
        NOW,
    )
    assert after.revision == stands.revision + 1
    assert effect(order(name), after, NOW) == (after, said)


@pytest.mark.parametrize(
    ("names", "is_paused"), [((PAUSE, RESUME), False), ((RESUME, PAUSE), True)]
)
def test_orders_that_come_in_another_order_and_again_end_as_they_were_given(
    names: tuple[str, str], is_paused: bool
) -> None:
    given = [order(name, at=NOW + second) for second, name in enumerate(names)]
    stands = sending()

    for each in (*reversed(given), *given, *reversed(given)):
        stands, said = effect(each, stands, NOW + 9)

    assert bool(stands.paused_by) is is_paused
    assert said.code in ("order_late", "order_paused_already", "order_not_paused")


@pytest.mark.parametrize(
    ("dropped_by", "principal", "code"),
    [
        pytest.param(ALICE, BOB, "order_approved", id="somebody else"),
        pytest.param(ALICE, ALICE, "order_approval_by_dropper", id="the dropper"),
        pytest.param("", BOB, "order_approved", id="nobody knows who dropped it"),
        pytest.param(ALICE, "", "order_approval_by_nobody", id="nobody knows who approves"),
        pytest.param("", "", "order_approval_by_nobody", id="neither is known"),
    ],
)
def test_an_approval_is_taken_from_another_than_the_dropper(
    dropped_by: str, principal: str, code: str
) -> None:
    waiting = held(APPROVAL, terms=TO_APPROVE, dropped_by=dropped_by)

    after, said = effect(order(APPROVE, principal=principal), waiting, NOW)

    is_approved = code == "order_approved"
    assert said.code == code
    assert after.approved_by == (principal if is_approved else "")
    assert after.status is (Status.SENDING if is_approved else Status.HELD)


@pytest.mark.parametrize(
    ("stands", "code"),
    [
        pytest.param(sending(), "order_approval_not_needed", id="waits for none"),
        pytest.param(campaign(status=Status.PARSING), "order_approval_too_early", id="too early"),
        pytest.param(
            sending(terms=TO_APPROVE, approved_by=BOB), "order_approved_already", id="again"
        ),
    ],
)
def test_an_approval_that_nothing_waits_for_changes_nothing(stands: Any, code: str) -> None:
    after, said = effect(order(APPROVE), stands, NOW)

    assert (after, said.code) == (stands, code)


def test_an_approved_campaign_that_is_paused_says_so() -> None:
    waiting = held(PAUSED, terms=TO_APPROVE, paused_by=BOB, dropped_by=BOB)

    after, _ = effect(order(APPROVE), waiting, NOW)

    also = still_held(order(APPROVE), after, NOW)
    assert (after.approved_by, also and also.code) == (ALICE, "order_held_paused")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (RESUME, {"held_for": PAUSED, "paused_by": BOB}),
        (APPROVE, {"held_for": APPROVAL, "terms": TO_APPROVE}),
    ],
)
def test_a_campaign_that_has_not_begun_is_left_to_the_tick(
    name: str, changes: dict[str, Any]
) -> None:
    unbegun = campaign(status=Status.HELD, counts=Counts(batches=7), **changes)

    after, _ = effect(order(name), unbegun, NOW)

    also = still_held(order(name), after, NOW)
    assert (after.status, also and also.code) == (Status.HELD, "order_begins_soon")
    assert after.revision == unbegun.revision + 1


AHEAD = Terms(canary_recipients=100, canary_batches=2, canary_percent=90)
FAILED = Canary(canary_ended_at=NOW - 60, canary_word="bad")


def waiting_for_others(held_for: str, **changes: Any) -> Any:
    fields = {"released": 2, "queued": 2, "terms": AHEAD, "canary": FAILED, **changes}
    return replace(held(held_for), **fields)


@pytest.mark.parametrize(
    ("held_for", "canary"),
    [(CANARY, Canary(canary_ended_at=NOW - 60)), (CANARY_FAILED, FAILED)],
)
def test_a_person_lets_the_others_follow_those_who_went_ahead(
    held_for: str, canary: Canary
) -> None:
    waiting = waiting_for_others(held_for, canary=canary)

    after, said = effect(order(RESUME), waiting, NOW)

    assert said.code in FOLLOWED
    assert (said.code, after.canary.canary_resumed_by) == ("order_others_follow", ALICE)
    assert (after.status, after.released) == (Status.SENDING, 7)
    assert effect(order(RESUME), after, NOW)[0] == after


def test_an_order_from_before_those_ahead_had_come_to_their_end_lets_nobody_follow() -> None:
    waiting = waiting_for_others(CANARY_FAILED)

    early, said = effect(order(RESUME, at=NOW - 60), waiting, NOW)

    assert (early, said.code) == (waiting, "order_late")


def test_a_resume_that_comes_twice_ends_a_pause_and_lets_nobody_follow() -> None:
    waiting = waiting_for_others(PAUSED, paused_by=BOB)

    resumed, said = effect(order(RESUME), waiting, NOW)
    again, said_again = effect(order(RESUME), resumed, NOW + 1)

    also = still_held(order(RESUME), resumed, NOW)
    assert (said.code, also and also.code) == ("order_resumed", "order_held_canary_failed")
    assert (again, said_again.code) == (resumed, "order_late")
    assert (resumed.status, resumed.held_for) == (Status.HELD, CANARY_FAILED)
    later, _ = effect(order(RESUME, at=NOW + 2), resumed, NOW + 2)
    assert later.status is Status.SENDING


def test_a_campaign_whose_others_wait_can_be_cancelled() -> None:
    after, said = effect(order(CANCEL), waiting_for_others(CANARY_FAILED), NOW)

    assert (said.code, after.halt_code) == ("order_cancelled", CANCELLED_BY_HAND)


def test_what_holds_a_campaign_is_said_of_those_that_are_to_go_on() -> None:
    waiting = held(START)

    assert still_held(order(PAUSE), waiting, NOW) is None
    assert still_held(order(CANCEL), waiting, NOW) is None


@pytest.mark.parametrize(
    ("name", "before", "after", "code"),
    [
        (PAUSE, False, True, "order_stack_paused"),
        (PAUSE, True, True, "order_stack_paused_already"),
        (PAUSE, False, False, "order_late_for_stack"),
        (RESUME, True, False, "order_stack_resumed"),
        (RESUME, False, False, "order_stack_not_paused"),
        (RESUME, True, True, "order_late_for_stack"),
    ],
)
def test_of_the_whole_stack_it_is_said_what_became_of_it(
    name: str, before: bool, after: bool, code: str
) -> None:
    assert said_of_stack(order(name), Pause(paused=before), Pause(paused=after)).code == code


def test_whatever_is_said_of_an_order_has_its_sentence() -> None:
    assert set(TEXTS) >= {*FOLLOWED, *STILL_HELD.values()}

"""One question: up to which batch may a campaign be called now, and until when."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from smsdrop.drops import BEIJING
from smsdrop.ledger.campaign import LONGEST_INVOCATION_SECONDS, Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, PAST_UNTIL
from smsdrop.ledger.gate import (
    APPROVAL,
    CANARY,
    CANARY_FAILED,
    LISTS,
    MARGIN_SECONDS,
    PAUSED,
    START,
    WINDOW,
    gate_of,
    gated,
)
from smsdrop.ledger.terms import Gate, Terms
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import BAD, GOOD, NO_CANARY, PATIENCE_SECONDS, Canary
from tests.support.samples import NOW, campaign


def at(text: str) -> float:
    return datetime.fromisoformat(f"2026-12-01 {text}").replace(tzinfo=BEIJING).timestamp()


NOON = at("12:00")


def one(terms: Terms | None = None, **changes: Any) -> Campaign:
    counts = Counts(accepted=700, batches=7)
    return campaign(status=Status.PLANNED, counts=counts, terms=terms or Terms(), **changes)


DAYTIME, AFTERNOON = "0900-2000", "1300-1800"


@pytest.mark.parametrize(
    ("terms", "changes", "gate"),
    [
        pytest.param(Terms(), {}, Gate(upto=7), id="nothing holds it"),
        pytest.param(Terms(), {"paused_by": "me"}, Gate(held_for=PAUSED), id="paused"),
        pytest.param(Terms(needs_approval=True), {}, Gate(held_for=APPROVAL), id="not approved of"),
        pytest.param(
            Terms(needs_approval=True), {"approved_by": "me"}, Gate(upto=7), id="approved of"
        ),
        pytest.param(
            Terms(start_at=NOON + 1),
            {},
            Gate(held_for=START),
            id="before its start",
        ),
        pytest.param(Terms(start_at=NOON), {}, Gate(upto=7), id="at its start"),
        pytest.param(
            Terms(until_at=NOON + 60),
            {},
            Gate(upto=7, closes_at=NOON + 60 - MARGIN_SECONDS),
            id="before its end",
        ),
        pytest.param(
            Terms(windows=(DAYTIME,)),
            {},
            Gate(upto=7, closes_at=at("20:00") - MARGIN_SECONDS),
            id="in its window",
        ),
        pytest.param(
            Terms(windows=(DAYTIME, AFTERNOON)),
            {},
            Gate(held_for=WINDOW),
            id="not in all its windows",
        ),
        pytest.param(
            Terms(start_at=NOON + 1),
            {"paused_by": "me"},
            Gate(held_for=PAUSED),
            id="paused before its start",
        ),
        pytest.param(
            Terms(windows=(DAYTIME,)),
            {"unusable_lists": (Reason("list_unusable", ("vip.csv",)),)},
            Gate(held_for=LISTS),
            id="lists cannot be used",
        ),
    ],
)
def test_the_gate_follows_from_the_campaign_and_the_time(
    terms: Terms, changes: dict[str, Any], gate: Gate
) -> None:
    assert gate_of(one(terms, **changes), NOON) == gate


TWO_AHEAD = Terms(canary_recipients=200, canary_batches=2, canary_percent=90)
ENDED = Canary(canary_ended_at=NOON - 60)


@pytest.mark.parametrize(
    ("canary", "gate"),
    [
        pytest.param(NO_CANARY, Gate(upto=2), id="two go ahead"),
        pytest.param(ENDED, Gate(held_for=CANARY), id="their receipts are waited for"),
        pytest.param(replace(ENDED, canary_word=GOOD), Gate(upto=7), id="good ones"),
        pytest.param(replace(ENDED, canary_word=BAD), Gate(held_for=CANARY_FAILED), id="bad ones"),
        pytest.param(
            Canary(canary_ended_at=NOON - PATIENCE_SECONDS + 1),
            Gate(held_for=CANARY),
            id="for almost an hour",
        ),
        pytest.param(
            Canary(canary_ended_at=NOON - PATIENCE_SECONDS),
            Gate(held_for=CANARY_FAILED),
            id="for an hour",
        ),
        pytest.param(
            replace(ENDED, canary_word=BAD, canary_resumed_by="me"),
            Gate(upto=7),
            id="bad ones, and a person lets the others follow",
        ),
    ],
)
def test_the_others_follow_those_who_went_ahead_by_what_their_receipts_say(
    canary: Canary, gate: Gate
) -> None:
    assert gate_of(one(TWO_AHEAD, canary=canary), NOON) == gate


def test_who_waits_for_receipts_waits_for_that_whatever_the_hour_and_is_paused_all_the_same() -> (
    None
):
    terms = replace(TWO_AHEAD, windows=(AFTERNOON,))

    assert gate_of(one(terms, canary=ENDED), NOON).held_for == CANARY
    assert gate_of(one(terms, canary=NO_CANARY), NOON).held_for == WINDOW
    assert gate_of(one(terms, canary=ENDED, paused_by="me"), NOON).held_for == PAUSED


def test_only_what_goes_ahead_is_released_until_the_others_may_follow() -> None:
    ahead = gated(one(TWO_AHEAD), NOW)
    assert (ahead.status, ahead.released) == (Status.SENDING, 2)
    waiting = gated(replace(ahead, queued=2, canary=NO_CANARY.ended(at=NOW)), NOW)
    assert (waiting.status, waiting.held_for, waiting.released) == (Status.HELD, CANARY, 2)
    assert not waiting.may_be_called(3, NOW)

    followed = gated(replace(waiting, canary=replace(waiting.canary, canary_word=GOOD)), NOW + 300)

    assert (followed.status, followed.held_for, followed.released) == (Status.SENDING, "", 7)


def test_a_campaign_that_waits_for_a_person_is_cancelled_at_its_end() -> None:
    terms = replace(TWO_AHEAD, until_at=NOON + 60)
    failed = replace(ENDED, canary_word=BAD)
    waiting = one(terms, canary=failed, released=2)

    assert gated(waiting, NOON).held_for == CANARY_FAILED
    assert gated(waiting, NOON + 60).halt_code == PAST_UNTIL


@pytest.mark.parametrize(
    ("clock", "is_open"),
    [
        ("08:59:59", False),
        ("09:00:00", True),
        ("19:59:57", True),
        ("19:59:58", False),
        ("20:00:00", False),
    ],
)
def test_no_call_begins_outside_of_the_window_or_in_its_last_seconds(
    clock: str, *, is_open: bool
) -> None:
    gate = gate_of(one(Terms(windows=(DAYTIME,))), at(clock))

    assert (gate.held_for == "") == is_open
    assert gate.held_for or at(clock) < gate.closes_at


def test_a_campaign_that_nothing_holds_is_released_whole() -> None:
    sending = gated(one(), NOW)

    assert (sending.status, sending.released, sending.closes_at) == (Status.SENDING, 7, 0)
    assert gated(sending, NOW + 60) == sending
    assert not sending.has_forgotten(NOW)


def test_a_campaign_is_held_until_its_start_and_then_sent() -> None:
    held = gated(one(Terms(start_at=NOW + 60)), NOW)

    assert (held.status, held.held_for, held.released) == (Status.HELD, START, 0)
    assert gated(held, NOW + 59) == held
    sending = gated(held, NOW + 60)
    assert (sending.status, sending.held_for, sending.released) == (Status.SENDING, "", 7)
    assert sending.opened_at == NOW + 60
    assert not sending.has_forgotten(NOW + 60)


def test_what_is_held_after_it_was_queued_is_queued_again_once_it_opens_and_once_more() -> None:
    """A sender that looked while it was held may still forget a message after that."""
    paused = gated(one(), NOW).queued_to(7, next_byte=0, at=NOW).paused("me", reason=PAUSED)
    assert (paused.status, paused.held_for) == (Status.HELD, PAUSED)
    assert gated(paused, NOW + 5) == paused

    resumed = gated(paused.resumed(), NOW + 10)

    assert (resumed.status, resumed.released, resumed.opened_at) == (Status.SENDING, 7, NOW + 10)
    assert resumed.has_forgotten(NOW + 10)
    looked = resumed.queued_again(at=NOW + 10)
    assert not looked.has_forgotten(NOW + 10)
    assert not looked.has_forgotten(NOW + 9 + LONGEST_INVOCATION_SECONDS)
    assert looked.has_forgotten(NOW + 10 + LONGEST_INVOCATION_SECONDS)
    last = looked.queued_again(at=NOW + 10 + LONGEST_INVOCATION_SECONDS)
    assert not last.has_forgotten(NOW + 10**6)


def test_a_window_that_has_closed_and_opened_unseen_has_made_senders_forget() -> None:
    sending = gated(one(Terms(windows=(DAYTIME,))), NOON).queued_to(7, next_byte=0, at=NOON)
    tomorrow = NOON + 24 * 3600

    reopened = gated(sending, tomorrow)

    assert reopened.closes_at == sending.closes_at + 24 * 3600
    assert reopened.has_forgotten(tomorrow)


def test_what_is_past_its_end_is_cancelled() -> None:
    terms = Terms(until_at=NOW + 60)
    sending = gated(one(terms), NOW)

    assert gated(sending, NOW + 59).held_for == WINDOW
    assert gated(sending, NOW + 60).halt_code == PAST_UNTIL
    assert gated(gated(one(Terms(start_at=NOW + 50, until_at=NOW + 60)), NOW), NOW + 60).halt_code


@pytest.mark.parametrize("status", [Status.PARSING, Status.REFUSED, Status.CLOSING, Status.CLOSED])
def test_a_campaign_without_open_batches_has_no_gate(status: Status) -> None:
    before = campaign(status=status, paused_by="me")

    assert gated(before, NOW) == before


def test_a_campaign_that_was_stopped_is_not_held() -> None:
    stopped = gated(one(), NOW).halted(CANCELLED_BY_HAND)

    assert gated(stopped, NOW) == stopped

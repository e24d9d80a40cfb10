"""The states of a batch, the moves between them, and what a claim and a record write down."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from smsdrop.alibaba.answers import NO_ANSWER, Answer
from smsdrop.ledger.batch_entry import (
    MOVES,
    BatchEntry,
    IllegalMove,
    State,
    Timing,
    cancelled,
    claimed,
    confirmed,
    listed_late,
    proven_absent,
    recorded,
    unconfirmed,
    untouched,
    verified,
)
from smsdrop.ledger.codes import GAVE_UP, KEPT_SECONDS
from tests.support.samples import NOW, batch_of

TIMING = Timing(claim_seconds=3, call_seconds=16, settle_after_seconds=900)
BATCH = batch_of(100)
LEGAL = {
    State.WAITING: "sending cancelled sent unconfirmed refused split",
    State.SENDING: "sent refused split waiting sending unconfirmed cancelled",
    State.SENT: "",
    State.REFUSED: "",
    State.SPLIT: "",
    State.CANCELLED: "",
    State.UNCONFIRMED: "",
    State.UNKNOWN: "",
}
"""The table of the design, row by row."""

OK = Answer(code="OK", biz_id="9^0", request_id="R9")


def entry(state: State, **fields: Any) -> BatchEntry:
    return replace(untouched(BATCH, at=NOW), state=state, **{"revision": 5, **fields})


def claim(before: BatchEntry | None = None, *, at: float = NOW) -> BatchEntry:
    token = "t2" if before else "t1"
    return claimed(BATCH, before, token=token, access_key_id="LTAI", looked_at=at, timing=TIMING)


def test_a_batch_nobody_tried_may_be_tried_or_ended_untried() -> None:
    assert MOVES[None] == MOVES[State.WAITING] - {State.SENT}


def test_exactly_the_states_without_a_way_out_are_final_but_for_that_of_a_later_release() -> None:
    final = {each for each in State if entry(each).is_final}

    assert final == {each for each, ways in LEGAL.items() if not ways} - {State.UNKNOWN}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(a, b, id=f"{a} to {b}")
        for a, b in product(State, State)
        if b in LEGAL[a].split()
    ],
)
def test_a_move_of_the_table_is_made(before: State, after: State) -> None:
    moved = entry(before).moved(after, at=NOW + 1, code="C")

    assert (moved.state, moved.code, moved.revision) == (after, "C", 6)
    assert moved.ended_at == (NOW + 1 if moved.is_final else 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(a, b, id=f"{a} to {b}")
        for a, b in product(State, State)
        if b not in LEGAL[a].split()
    ],
)
def test_any_other_move_is_a_program_error(before: State, after: State) -> None:
    with pytest.raises(IllegalMove, match=f"{before} does not lead to {after}"):
        entry(before).moved(after, at=NOW)


def test_a_claim_begins_without_what_was_found_out_about_the_attempts_before() -> None:
    before = entry(State.WAITING, looked_up=40, in_doubt=(7,), code="Throttling.User")

    after = claim(before)

    assert (after.looked_up, after.in_doubt, after.code) == (0, (), "")


def test_entries_outlive_the_messages_and_what_the_provider_lists() -> None:
    messages_days, listed_days = 14, 30

    assert (messages_days + listed_days) * 24 * 3600 < KEPT_SECONDS


def test_a_first_claim_says_all_that_settling_will_need() -> None:
    first = claim()

    assert first == BatchEntry(
        batch_id=BATCH.batch_id,
        state=State.SENDING,
        attempt=1,
        token="t1",
        access_key_id="LTAI",
        first_claimed_at=NOW,
        filed_on=("20260102",),
        call_before=NOW + 3,
        settle_after=NOW + 3 + 16 + 900,
        recipients=100,
        revision=1,
        expires_at=int(NOW) + KEPT_SECONDS,
    )
    assert first.out_id == f"{BATCH.batch_id}-1"


def test_a_later_claim_counts_on_and_remembers_the_first() -> None:
    waiting = replace(claim().moved(State.WAITING, at=NOW, code="Throttling.User"), absent=1)

    second = claim(waiting, at=NOW + 1000)

    assert (second.attempt, second.token, second.absent) == (2, "t2", 1)
    assert second.first_claimed_at == NOW
    assert second.settle_after == NOW + 1000 + 3 + 16 + 900
    assert (second.code, second.ended_at) == ("", 0)
    assert second.revision == waiting.revision + 1
    assert second.out_ids == {f"{BATCH.batch_id}-1": 1, f"{BATCH.batch_id}-2": 2}


def test_a_batch_that_came_to_its_end_is_never_claimed_again() -> None:
    with pytest.raises(IllegalMove):
        claim(entry(State.SENT))


@pytest.mark.parametrize("before", [None, entry(State.WAITING), entry(State.SENDING)])
def test_what_is_not_sent_any_more_is_cancelled_with_its_reason(before: BatchEntry | None) -> None:
    after = cancelled(BATCH, before, code="smsdrop.TooOld", at=NOW)

    assert (after.state, after.code, after.recipients) == (State.CANCELLED, "smsdrop.TooOld", 100)
    assert after.ended_at == NOW
    assert after.revision == (before.revision + 1 if before else 1)
    assert after.expires_at > NOW


def test_an_acceptance_is_recorded_with_its_evidence() -> None:
    mine = claim()

    after = recorded(mine, mine, OK, State.SENT, at=NOW + 1)

    assert (after.state, after.accepted, after.sent_twice) == (State.SENT, (1,), False)
    assert (after.biz_id, after.request_id, after.code) == ("9^0", "R9", "OK")
    assert (after.ended_at, after.revision) == (NOW + 1, mine.revision + 1)


def test_an_answer_that_leaves_doubt_keeps_the_claim() -> None:
    mine = claim()

    after = recorded(mine, mine, Answer(code=NO_ANSWER), State.SENDING, at=NOW + 1)

    assert after == replace(mine, code=NO_ANSWER, revision=mine.revision + 1)


def test_a_refusal_keeps_the_request_id_that_support_will_ask_for() -> None:
    mine = claim()
    refusal = Answer(code="isv.AMOUNT_NOT_ENOUGH", request_id="R1")

    after = recorded(mine, mine, refusal, State.WAITING, at=NOW + 1)

    assert (after.state, after.request_id, after.accepted) == (State.WAITING, "R1", ())


@pytest.mark.parametrize(
    "standing",
    [
        pytest.param(entry(State.SENDING, attempt=2, token="t2"), id="a later attempt calls"),
        pytest.param(entry(State.SENDING, attempt=1, token="t0"), id="somebody else's first"),
        pytest.param(entry(State.CANCELLED, attempt=1, token="t1"), id="cancelled"),
        pytest.param(entry(State.UNCONFIRMED, attempt=1, token="t1"), id="given up as unknown"),
        pytest.param(entry(State.SENT, attempt=1, token="t1"), id="settled as sent"),
    ],
)
class TestWhereSomebodyElseStands:
    """A late answer finds that the batch has moved on."""

    def test_an_acceptance_adds_its_evidence_and_nothing_else(self, standing: BatchEntry) -> None:
        after = recorded(standing, claim(), OK, State.SENT, at=NOW)

        assert after == replace(
            standing, accepted=(1,), biz_id="9^0", request_id="R9", revision=standing.revision + 1
        )

    @pytest.mark.parametrize(
        ("code", "state"),
        [
            pytest.param("isv.AMOUNT_NOT_ENOUGH", State.WAITING, id="refused"),
            pytest.param(NO_ANSWER, State.SENDING, id="in doubt"),
            pytest.param("isv.MOBILE_NUMBER_ILLEGAL", State.SPLIT, id="to be split"),
        ],
    )
    def test_any_other_answer_changes_nothing(
        self, standing: BatchEntry, code: str, state: State
    ) -> None:
        assert recorded(standing, claim(), Answer(code=code), state, at=NOW) == standing


def test_a_late_acceptance_ends_a_batch_that_waits_to_be_sent_again() -> None:
    settled_as_absent = entry(State.WAITING, attempt=1, token="t1", absent=1)

    after = recorded(settled_as_absent, claim(), OK, State.SENT, at=NOW)

    assert (after.state, after.accepted, after.biz_id) == (State.SENT, (1,), "9^0")


@pytest.mark.parametrize("state", [State.WAITING, State.SPLIT, State.REFUSED, State.SENDING])
def test_what_an_earlier_attempt_has_sent_stays_sent_whatever_a_later_one_is_told(
    state: State,
) -> None:
    second = claim(entry(State.WAITING, attempt=1))
    with_late_evidence = recorded(second, claim(), OK, State.SENT, at=NOW)

    after = recorded(
        with_late_evidence, second, Answer(code="isv.MOBILE_NUMBER_ILLEGAL"), state, at=NOW
    )

    assert (after.state, after.accepted) == (State.SENT, (1,))


@pytest.mark.parametrize(
    ("accepted", "state"), [((), State.UNCONFIRMED), ((1,), State.SENT)], ids=["none", "evidence"]
)
def test_when_no_more_can_be_learnt_what_is_known_decides(
    accepted: tuple[int, ...], state: State
) -> None:
    doubtful = entry(State.SENDING, attempt=2, token="t2", accepted=accepted)

    assert unconfirmed(doubtful, at=NOW).state is state


def test_evidence_that_is_known_already_is_not_written_again() -> None:
    standing = entry(
        State.SENT, attempt=1, token="t0", accepted=(1,), biz_id="8^0", request_id="R8"
    )

    assert recorded(standing, claim(), OK, State.SENT, at=NOW) == standing


def test_two_attempts_that_were_both_accepted_show_as_sent_twice() -> None:
    second = entry(State.SENT, attempt=2, token="t2", accepted=(2,), biz_id="8^0", request_id="R8")

    after = recorded(second, claim(), OK, State.SENT, at=NOW)

    assert (after.accepted, after.sent_twice, after.state) == ((1, 2), True, State.SENT)
    assert after.biz_id == "8^0"


def test_a_batch_that_the_provider_lists_is_sent() -> None:
    after = confirmed(claim(), frozenset({1}), at=NOW + 1000)

    assert (after.state, after.code, after.accepted) == (State.SENT, "OK", (1,))
    assert (after.ended_at, after.sent_twice) == (NOW + 1000, False)


def test_a_batch_that_the_provider_lists_under_two_attempts_is_sent_twice() -> None:
    second = claim(replace(claim(), state=State.WAITING))

    assert confirmed(second, frozenset({1, 2}), at=NOW).sent_twice


@pytest.mark.parametrize(
    ("absent", "state", "code"),
    [
        pytest.param(0, State.WAITING, "", id="it may be tried again"),
        pytest.param(2, State.REFUSED, GAVE_UP, id="it was the last attempt"),
    ],
)
def test_an_attempt_that_texted_nobody_is_tried_again_unless_it_was_the_last(
    absent: int, state: State, code: str
) -> None:
    after = proven_absent(entry(State.SENDING, absent=absent), at=NOW, max_attempts=3)

    assert (after.state, after.code, after.absent) == (state, code, absent + 1)


def test_what_is_listed_late_is_added_to_the_evidence() -> None:
    after = verified(entry(State.SENT, accepted=(2,)), frozenset({1}), at=NOW)

    assert (after.accepted, after.verified_at, after.sent_twice) == ((1, 2), NOW, True)


def test_a_receipt_of_an_attempt_that_was_believed_absent_is_added_to_the_evidence() -> None:
    before = entry(State.SENT, attempt=2, absent=1, accepted=(2,))

    after = listed_late(before, {1, 2})

    assert (after.accepted, after.sent_twice, after.state) == ((1, 2), True, State.SENT)
    assert (after.revision, after.verified_at) == (before.revision + 1, before.verified_at)


@pytest.mark.parametrize(
    ("before", "attempts"),
    [
        pytest.param(entry(State.SENT, accepted=(1, 2)), {2}, id="known already"),
        pytest.param(entry(State.SENT, accepted=(1,)), set(), id="nothing"),
        pytest.param(entry(State.SENDING), {1}, id="not at its end: settling sees to that"),
    ],
)
def test_a_receipt_that_says_nothing_new_changes_nothing(
    before: BatchEntry, attempts: set[int]
) -> None:
    assert listed_late(before, attempts) == before

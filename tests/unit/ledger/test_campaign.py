"""The moves of a campaign, and what each writes down."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from smsdrop.ledger.batch_entry import IllegalMove
from smsdrop.ledger.campaign import CAMPAIGN_MOVES, Campaign, Counts, Judgement, Status
from smsdrop.ledger.terms import Gate, Terms
from smsdrop.reasons import Reason
from smsdrop.receipts.looks import NO_LOOKS
from tests.support.samples import NOW, VERSION, campaign

LEGAL = {
    Status.PARSING: "refused planned",
    Status.PLANNED: "sending held closing",
    Status.HELD: "sending closing",
    Status.SENDING: "held closing",
    Status.CLOSING: "closed",
    Status.CLOSED: "closing",
    Status.REFUSED: "",
    Status.UNKNOWN: "",
}
"""The table of the design, row by row."""

COUNTS = Counts(rows=3, accepted=2, rejected=1, batches=1)
JUDGEMENT = Judgement(
    plan="work/x/",
    template_code="SMS_1",
    sign_name="云通信",
    encoding="utf-8",
    counts=COUNTS,
    problems=(Reason("nameless_column", ("C", "7")),),
)

MOVES: dict[Status, Callable[[Campaign], Campaign]] = {
    Status.PLANNED: lambda each: each.planned(JUDGEMENT, at=NOW),
    Status.REFUSED: lambda each: each.refused(Reason("no_recipients"), at=NOW),
    Status.HELD: lambda each: each.gated(Gate(held_for="start"), at=NOW),
    Status.CLOSING: Campaign.closing,
    Status.CLOSED: lambda each: each.closed(
        COUNTS, outcome="completed", reason=None, finished_at=NOW
    ),
}
"""The method that makes each move; `SENDING` and the way back are tested separately."""


def test_what_kept_a_file_from_being_judged_is_forgotten_once_it_is() -> None:
    parsing = campaign(status=Status.PARSING)

    waiting = parsing.not_judged("lists", (Reason("lists_too_large", ("5",)),))

    assert (waiting.held_for, waiting.revision) == ("lists", parsing.revision + 1)
    assert waiting.not_judged("lists", waiting.problems) == waiting
    planned = waiting.planned(JUDGEMENT, at=NOW)
    assert (planned.held_for, planned.problems) == ("", JUDGEMENT.problems)
    assert planned.not_judged("lists", waiting.problems) == planned


def test_a_campaign_begins_in_parsing_and_is_open() -> None:
    begun = Campaign.begun("c", VERSION, size=7, at=NOW)

    assert CAMPAIGN_MOVES[None] == {Status.PARSING}
    assert (begun.status, begun.version, begun.is_open) == (Status.PARSING, VERSION, True)
    assert (begun.started_at, begun.revision) == (NOW, 1)
    assert begun.expires_at > NOW


def test_the_table_of_moves_is_the_designs() -> None:
    assert {status: set(CAMPAIGN_MOVES[status]) for status in Status} == {
        status: {Status(each) for each in ways.split()} for status, ways in LEGAL.items()
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(a, b, id=f"{a} to {b}")
        for a, b in product(Status, MOVES)
        if not a is b is Status.HELD  # perhaps for another reason now
    ],
)
def test_a_move_is_made_only_where_the_table_has_it(before: Status, after: Status) -> None:
    old = campaign(status=before)

    if after in LEGAL[before].split():
        moved = MOVES[after](old)
        assert (moved.status, moved.revision) == (after, old.revision + 1)
    else:
        with pytest.raises(IllegalMove, match=f"{before} does not lead to {after}"):
            MOVES[after](old)


def test_a_plan_brings_its_counts_and_releases_nothing() -> None:
    planned = campaign(status=Status.PARSING).planned(JUDGEMENT, at=NOW + 1)

    assert (planned.plan, planned.counts, planned.template_code) == ("work/x/", COUNTS, "SMS_1")
    assert (planned.sign_name, planned.encoding) == ("云通信", "utf-8")
    assert planned.problems == JUDGEMENT.problems
    assert (planned.released, planned.queued, planned.queued_at) == (0, 0, NOW + 1)


@pytest.mark.parametrize("outcome", ["refused", "duplicate_file"])
def test_a_file_that_is_refused_ends_its_campaign_with_the_reason(outcome: str) -> None:
    reason = Reason("not_utf8", ("7",))

    after = campaign(status=Status.PARSING).refused(reason, at=NOW, outcome=outcome)

    assert (after.outcome, after.reason, after.finished_at) == (outcome, reason, NOW)
    assert not after.is_refused_with_plan
    assert after.is_open


def test_a_file_that_is_refused_for_its_rows_keeps_them() -> None:
    after = campaign(status=Status.PARSING).refused(Reason("x"), at=NOW, judgement=JUDGEMENT)

    assert after.is_refused_with_plan
    assert after.counts == COUNTS


@pytest.mark.parametrize("before", [Status.PLANNED, Status.HELD, Status.SENDING])
def test_a_release_lets_a_campaign_be_sent_and_is_never_undone(before: Status) -> None:
    released = campaign(status=before).gated(Gate(upto=3), at=NOW)

    assert (released.status, released.released) == (Status.SENDING, 3)
    assert released.gated(Gate(upto=2), at=NOW) == released
    assert released.gated(Gate(upto=4), at=NOW).released == 4


@pytest.mark.parametrize(
    ("changes", "may_be"),
    [
        pytest.param({}, True, id="open"),
        pytest.param({"closes_at": NOW + 1}, True, id="open for now"),
        pytest.param({"closes_at": NOW}, False, id="closed by now"),
        pytest.param({"released": 2}, False, id="not released"),
        pytest.param({"status": Status.HELD}, False, id="held"),
        pytest.param({"status": Status.PLANNED}, False, id="planned"),
    ],
)
def test_a_batch_may_be_called_while_the_gate_is_open(
    changes: dict[str, Any], *, may_be: bool
) -> None:
    one = replace(campaign(released=3), **changes)

    assert one.may_be_called(3, NOW) == may_be


def test_a_pause_holds_at_once_and_what_is_parsed_from_its_plan_on() -> None:
    sending, parsing = campaign(), campaign(status=Status.PARSING)

    paused = sending.paused("me", reason="paused")
    assert (paused.status, paused.held_for, paused.paused_by) == (Status.HELD, "paused", "me")
    assert paused.revision == sending.revision + 1
    assert paused.paused("you", reason="paused") == paused
    kept = parsing.paused("me", reason="paused")
    assert (kept.status, kept.paused_by) == (Status.PARSING, "me")
    assert kept.planned(JUDGEMENT, at=NOW).paused_by == "me"


def test_lists_that_cannot_be_used_hold_a_judged_campaign_until_they_can() -> None:
    sending, fault = campaign(), (Reason("list_unusable", ("vip.csv",)),)

    held = sending.held_for_lists(fault, reason="lists")

    assert (held.status, held.held_for, held.all_problems) == (Status.HELD, "lists", fault)
    assert held.revision == sending.revision + 1
    assert held.held_for_lists(fault, reason="lists") == held
    mended = held.held_for_lists((), reason="lists")
    assert (mended.status, mended.unusable_lists, mended.revision) == (
        Status.HELD,
        (),
        held.revision + 1,
    )


@pytest.mark.parametrize(
    "over",
    [
        pytest.param(campaign(status=Status.PARSING), id="not judged yet"),
        pytest.param(campaign(status=Status.CLOSED), id="closed"),
        pytest.param(campaign(halt_code="smsdrop.Cancelled"), id="cancelled"),
    ],
)
def test_lists_that_cannot_be_used_hold_no_other(over: Campaign) -> None:
    fault = (Reason("list_unusable", ("vip.csv",)),)

    assert over.held_for_lists(fault, reason="lists") == over


@pytest.mark.parametrize("status", [Status.REFUSED, Status.CLOSING, Status.CLOSED])
def test_what_has_ended_is_neither_paused_nor_approved(status: Status) -> None:
    over = campaign(status=status)

    assert over.paused("me", reason="paused") == over
    assert over.approved("me") == over


def test_the_first_approval_counts_and_a_resume_ends_a_pause() -> None:
    approved = campaign().approved("me")

    assert approved.approved_by == "me"
    assert approved.approved("you") == approved
    paused = campaign().paused("me", reason="paused")
    assert paused.resumed().paused_by == ""
    assert paused.resumed().resumed() == paused.resumed()


def test_age_counts_from_the_start() -> None:
    assert campaign(terms=Terms(start_at=NOW + 5)).ages_from == NOW + 5
    assert campaign(terms=Terms(start_at=NOW - 5)).ages_from == NOW


@pytest.mark.parametrize(
    ("released", "queued", "is_queued"),
    [(0, 0, True), (1, 0, False), (1, 1, True), (7, 6, False)],
)
def test_a_campaign_is_queued_when_all_that_is_released_is(
    released: int, queued: int, is_queued: bool
) -> None:
    assert campaign(released=released, queued=queued).is_queued == is_queued


def test_the_checkpoint_only_moves_forward_and_has_the_queue_estimated_again() -> None:
    sending = campaign(queued=2, queued_bytes=20, drained_by=NOW)

    assert sending.queued_to(2, next_byte=20, at=NOW) == sending
    on = sending.queued_to(5, next_byte=50, at=NOW + 1)
    assert (on.queued, on.queued_bytes, on.queued_at, on.drained_by) == (5, 50, NOW + 1, 0)


@pytest.mark.parametrize("status", Status)
def test_a_halt_holds_until_all_has_come_to_its_end(status: Status) -> None:
    before = campaign(status=status)

    after = before.halted("smsdrop.Cancelled")

    if status in (Status.PARSING, Status.PLANNED, Status.HELD, Status.SENDING):
        assert (after.halt_code, after.status) == ("smsdrop.Cancelled", status)
        assert after.halted("isv.SMS_TEMPLATE_ILLEGAL") == after  # the first reason stands
    else:
        assert after == before


def test_a_campaign_that_is_cancelled_while_it_is_parsed_is_planned_and_stays_cancelled() -> None:
    cancelled = campaign(status=Status.PARSING).halted("smsdrop.Cancelled")

    assert cancelled.planned(JUDGEMENT, at=NOW).halt_code == "smsdrop.Cancelled"


def closing_with(verify_at: float) -> Campaign:
    closing = campaign(status=Status.CLOSING)
    return closing.closed(
        COUNTS, outcome="completed", reason=None, finished_at=NOW, verify_at=verify_at
    )


def test_a_campaign_whose_report_stands_is_open_while_something_is_to_be_verified() -> None:
    closed = closing_with(NOW + 900)

    assert (closed.is_open, closed.awaits_verification, closed.is_to_be_reported) == (
        True,
        True,
        False,
    )
    later = closed.to_be_verified(at=NOW + 1200)
    assert (later.verify_at, later.awaits_verification) == (NOW + 1200, True)
    done = later.verified()
    assert (done.status, done.is_open, done.verify_at) == (Status.CLOSED, False, 0)
    assert not closing_with(0).is_open


@pytest.mark.parametrize(
    ("status", "is_open", "expected"),
    [
        pytest.param(Status.SENDING, True, False, id="sending"),
        pytest.param(Status.CLOSING, True, True, id="closing"),
        pytest.param(Status.CLOSED, True, False, id="closed"),
        pytest.param(Status.REFUSED, True, True, id="refused"),
        pytest.param(Status.REFUSED, False, False, id="refused and reported"),
    ],
)
def test_a_report_is_due_once_nothing_more_is_sent_and_until_it_stands(
    status: Status, is_open: bool, expected: bool
) -> None:
    assert campaign(status=status, is_open=is_open).is_to_be_reported is expected


def test_late_evidence_has_a_closed_campaign_closed_again() -> None:
    closed = campaign(status=Status.CLOSED, is_open=False, reopened_at=NOW)

    announced = closed.reopened(evidence_at=NOW + 5)
    there_already = closed.reopened()

    assert (announced.status, announced.is_open) == (Status.CLOSING, True)
    assert announced.reopened_at == NOW + 5
    assert (there_already.status, there_already.reopened_at) == (Status.CLOSING, NOW)


def test_late_evidence_leaves_an_open_campaign_where_it_is() -> None:
    after = campaign().reopened(evidence_at=NOW + 5)

    assert (after.status, after.reopened_at) == (Status.SENDING, NOW + 5)


def test_a_refused_campaign_is_done_with_once_it_is_reported() -> None:
    reported = campaign(status=Status.REFUSED).reported(COUNTS)

    assert (reported.status, reported.is_open, reported.counts) == (Status.REFUSED, False, COUNTS)


def test_an_estimate_is_written_only_if_it_is_another() -> None:
    sending = campaign(drained_by=NOW)

    assert sending.draining(by=NOW) == sending
    assert sending.draining(by=0).drained_by == 0


def test_an_alert_notes_its_time() -> None:
    assert campaign().alerted(at=NOW).alerted_at == NOW


def test_receipts_are_looked_up_from_the_first_close_on() -> None:
    closing = campaign(status=Status.CLOSING)
    ends: dict[str, Any] = {"outcome": "completed", "reason": None, "finished_at": NOW}

    first = closing.closed(COUNTS, receipts_from=NOW + 1, **ends)
    again = first.reopened().closed(COUNTS, receipts_from=NOW + 99, **ends)

    assert first.looks == again.looks == NO_LOOKS.begun(at=NOW + 1)
    assert closing.closed(COUNTS, **ends).looks == NO_LOOKS


def test_what_was_looked_up_is_noted_once() -> None:
    before = campaign(status=Status.CLOSED)
    looks = NO_LOOKS.begun(at=NOW)

    after = before.looked(looks)

    assert (after.looks, after.revision) == (looks, before.revision + 1)
    assert after.looked(looks) is after

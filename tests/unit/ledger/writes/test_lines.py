"""What is logged about a write to the ledger."""

from dataclasses import replace

import pytest

from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.entries import Lease, Pause
from smsdrop.ledger.ports import AnyEntry
from smsdrop.ledger.terms import Gate
from smsdrop.ledger.writes.lines import lines_of_write
from smsdrop.reasons import Reason
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

PARSING = campaign(status=Status.PARSING)
PLANNED = campaign(status=Status.PLANNED, plan="work/", counts=Counts(accepted=7, batches=1))
SENDING = PLANNED.gated(Gate(upto=1), at=NOW)
HELD = SENDING.paused("by hand", reason="paused")
WAITS = PLANNED.gated(Gate(held_for="approval"), at=NOW)
HALTED = SENDING.halted("isv.SMS_TEMPLATE_ILLEGAL")
CLOSING = HALTED.closing()
CLOSED = CLOSING.closed(
    Counts(accepted=7, sent=3, cancelled=4),
    outcome="halted",
    reason=Reason(HALTED.halt_code),
    finished_at=NOW,
)
REFUSED = PARSING.refused(Reason("file_empty"), at=NOW)
PAUSED = Pause(paused=True, code="isv.AMOUNT_NOT_ENOUGH", revision=1)


@pytest.mark.parametrize(
    ("before", "after", "messages"),
    [
        pytest.param(None, PARSING, ["campaign begun"], id="begun"),
        pytest.param(PARSING, REFUSED, ["campaign refused"], id="refused"),
        pytest.param(REFUSED, REFUSED.reported(Counts()), ["campaign closed"], id="and reported"),
        pytest.param(PARSING, PLANNED, ["campaign planned"], id="planned"),
        pytest.param(PLANNED, SENDING, ["campaign released"], id="released"),
        pytest.param(PLANNED, WAITS, ["campaign held"], id="held"),
        pytest.param(WAITS, WAITS.approved("b"), ["campaign approved"], id="approved"),
        pytest.param(
            WAITS, WAITS.gated(Gate(held_for="start"), at=NOW), ["campaign held"], id="held on"
        ),
        pytest.param(SENDING, HELD, ["campaign paused", "campaign held"], id="paused"),
        pytest.param(
            HELD,
            HELD.resumed().gated(Gate(upto=1), at=NOW),
            ["campaign resumed", "campaign released"],
            id="resumed",
        ),
        pytest.param(SENDING, HALTED, ["campaign halted"], id="halted"),
        pytest.param(HALTED, CLOSING, [], id="at its end, the report to be written"),
        pytest.param(CLOSING, CLOSED, ["campaign closed"], id="closed"),
        pytest.param(CLOSED, CLOSED.reopened(), ["campaign reopened"], id="reopened"),
        pytest.param(
            SENDING, SENDING.queued_to(1, next_byte=9, at=NOW), [], id="a checkpoint of the queue"
        ),
        pytest.param(Pause(), PAUSED, ["sending paused"], id="the stack paused"),
        pytest.param(PAUSED, replace(PAUSED, shut=True), [], id="its queue shut"),
        pytest.param(PAUSED, Pause(revision=2), ["sending resumed"], id="the stack resumed"),
        pytest.param(
            None, BatchEntry(batch_id=f"{CAMPAIGN_ID}-000001", state=State.SENDING), [], id="batch"
        ),
        pytest.param(None, Lease(name="stack", holder="a"), [], id="a lease"),
    ],
)
def test_each_turn_that_a_campaign_takes_is_a_line_and_nothing_else_is(
    before: AnyEntry | None, after: AnyEntry, messages: list[str]
) -> None:
    assert [each.message for each in lines_of_write(before, after)] == messages


def test_the_line_of_an_end_says_of_which_file_why_and_what_became_of_everyone() -> None:
    [line] = lines_of_write(CLOSING, CLOSED)

    assert line.fields["campaign_id"] == CAMPAIGN_ID
    assert line.fields["file"] == CLOSED.key
    assert (line.fields["status"], line.fields["outcome"]) == ("closed", "halted")
    assert line.fields["code"] == line.fields["reason"] == "isv.SMS_TEMPLATE_ILLEGAL"
    assert (line.fields["accepted"], line.fields["sent"], line.fields["cancelled"]) == (7, 3, 4)


def test_every_line_of_a_campaign_has_its_counts_so_that_the_latest_one_shows_them() -> None:
    [begun], [planned] = lines_of_write(None, PARSING), lines_of_write(PARSING, PLANNED)

    assert begun.fields.keys() == planned.fields.keys()


def test_a_phone_number_in_a_files_path_is_in_no_line() -> None:
    [line] = lines_of_write(None, replace(PARSING, key="incoming/13800138000.csv"))

    assert line.fields["file"] == "incoming/*******8000.csv"


@pytest.mark.parametrize(
    ("before", "after"), [(SENDING, HALTED), (PARSING, REFUSED), (Pause(), PAUSED)]
)
def test_what_stops_somebodys_texts_is_a_warning(before: Campaign, after: Campaign) -> None:
    assert [each.is_warning for each in lines_of_write(before, after)] == [True]

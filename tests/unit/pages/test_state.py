"""Each state of a campaign and each outcome has a word in both languages."""

import pytest

from smsdrop.closing.close import OUTCOMES as CLOSED_AS
from smsdrop.ledger.campaign import Status
from smsdrop.pages.state import CLOSED, OUTCOMES, STATES, STOPPED, STOPPING, state_of
from smsdrop.pages.words import PAIRS

OF_REFUSED = {"refused", "duplicate_file", "repeated", "preview"}


def test_every_state_and_outcome_has_a_word() -> None:
    for each in (*OUTCOMES.values(), *STATES.values(), STOPPED, STOPPING, CLOSED):
        assert each.word in PAIRS


def test_every_outcome_that_there_is_is_known() -> None:
    assert set(CLOSED_AS.values()) | {"halted", "test"} | OF_REFUSED == set(OUTCOMES)


def test_every_status_of_an_open_campaign_is_known() -> None:
    others = {Status.CLOSED, Status.REFUSED, Status.UNKNOWN}

    assert {Status(each) for each in STATES} == set(Status) - others


@pytest.mark.parametrize(
    ("status", "outcome", "is_stopping", "is_stopped", "word"),
    [
        ("sending", "", False, False, "sending"),
        ("sending", "", False, True, "paused"),
        ("held", "", False, True, "held"),
        ("sending", "", True, True, "halting"),
        ("closed", "halted", True, False, "halted"),
        ("closed", "of a later release", False, False, "closed"),
    ],
)
def test_what_counts_most_is_said(
    status: str, outcome: str, is_stopping: bool, is_stopped: bool, word: str
) -> None:
    state = state_of(status, outcome=outcome, is_stopping=is_stopping, is_stopped=is_stopped)

    assert state.word == word


def test_a_file_that_waits_to_be_judged_is_on_hold() -> None:
    words = [
        state_of(status, outcome="", is_stopping=False, is_stopped=False, held_for="lists").word
        for status in ("parsing", "sending")
    ]

    assert words == ["held", "sending"]

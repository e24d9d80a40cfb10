"""People are notified of each event of a campaign once, and of its end always."""

from dataclasses import replace
from typing import Any

import pytest

from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, PAST_UNTIL, TOO_OLD, WITHDRAWN
from smsdrop.receipts.looks import Looks
from smsdrop.telling.due import ENDS, HELD, MOST_NOTICES, due, is_untold
from tests.support.samples import NOW, campaign

SENDING = campaign(plan="work/", released=1)


def held(reason: str) -> Campaign:
    return replace(SENDING, status=Status.HELD, held_for=reason, previewed_for=reason, released=0)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(campaign(status=Status.PARSING), "", id="being judged"),
        pytest.param(campaign(status=Status.PLANNED), "", id="its gate is not known yet"),
        pytest.param(SENDING, "planned", id="sent at once"),
        pytest.param(held("paused"), "paused", id="paused"),
        pytest.param(held("approval"), "held_approval", id="waits for an approval"),
        pytest.param(held("start"), "held_start", id="waits for its start"),
        pytest.param(held("window"), "held_window", id="waits for its hours"),
        pytest.param(replace(held("start"), previewed_for=""), "", id="without its preview yet"),
        pytest.param(
            campaign(status=Status.PARSING, held_for="lists"), "held_lists", id="lists to be mended"
        ),
        pytest.param(held("canary"), "", id="waits for receipts of those ahead"),
        pytest.param(held("canary_failed"), "held_canary", id="they are bad"),
        pytest.param(held("full_moon"), "", id="held for what a later release knows"),
        pytest.param(replace(SENDING, halt_code="isv.X"), "halted", id="halted"),
        pytest.param(replace(SENDING, halt_code=TOO_OLD), "halted", id="halted for its age"),
        pytest.param(replace(held("start"), halt_code=WITHDRAWN), "cancelled", id="withdrawn"),
        pytest.param(replace(SENDING, halt_code=PAST_UNTIL), "cancelled", id="past its end"),
        pytest.param(replace(SENDING, halt_code=CANCELLED_BY_HAND), "cancelled", id="cancelled"),
        pytest.param(replace(SENDING, alerted_at=NOW), "stuck", id="stuck"),
        pytest.param(replace(SENDING, status=Status.CLOSING), "", id="its report is written"),
        pytest.param(
            replace(SENDING, status=Status.CLOSING, alerted_at=NOW), "stuck", id="or never is"
        ),
        pytest.param(replace(SENDING, status=Status.CLOSED), "closed", id="closed, to be verified"),
        pytest.param(
            replace(SENDING, status=Status.CLOSED, is_open=False), "closed", id="closed for good"
        ),
        pytest.param(campaign(status=Status.REFUSED), "", id="refused, without its report"),
        pytest.param(
            campaign(status=Status.REFUSED, is_open=False), "refused", id="refused, and reported"
        ),
    ],
)
def test_what_a_campaign_is_at_is_what_is_told(at: Campaign, expected: str) -> None:
    assert due(at) == expected
    assert due(at.told(expected)) == ""


def test_what_is_told_of_a_file_that_waited_is_not_that_it_is_sent() -> None:
    assert due(SENDING.told("held_start")) == ""


def test_a_halt_is_told_before_that_it_takes_long_and_both_are() -> None:
    halted = replace(SENDING, halt_code="isv.X", alerted_at=NOW)

    assert (due(halted), due(halted.told("halted"))) == ("halted", "stuck")


@pytest.mark.parametrize("count", range(MOST_NOTICES + 3))
def test_there_are_six_at_the_most_and_one_is_left_for_the_end(count: int) -> None:
    told = replace(SENDING, notices=tuple(f"notice {each}" for each in range(count)))
    paused = replace(held("paused"), notices=told.notices)

    assert (due(paused) == "paused") == (count < MOST_NOTICES - 1)
    assert due(replace(told, status=Status.CLOSED)) == "closed"


@pytest.mark.parametrize("end", sorted(ENDS))
def test_after_its_end_nothing_is_told_any_more(end: str) -> None:
    told = SENDING.told(end)

    for status in Status:
        assert due(replace(told, status=status, alerted_at=NOW)) == ""


FINAL = replace(
    SENDING,
    status=Status.CLOSED,
    is_open=False,
    looks=Looks(receipts_from=NOW, receipts_as_of=NOW, delivered=1),
)


def test_after_the_end_the_last_receipts_are_told_once() -> None:
    assert due(FINAL) == "closed"
    told = FINAL.told("closed")
    assert due(told) == "receipts"
    assert is_untold(told)
    assert due(told.told("receipts")) == ""
    assert not is_untold(told.told("receipts"))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"looks": Looks(receipts_from=NOW, receipts_as_of=NOW, receipts_at=NOW)},
                     id="looks are left"),
        pytest.param({"looks": Looks(receipts_from=NOW)}, id="nobody could be asked"),
        pytest.param({"looks": Looks()}, id="nobody is asked"),
        pytest.param({"status": Status.CLOSING, "is_open": True}, id="the report is not written"),
    ],
)  # fmt: skip
def test_before_the_report_has_the_last_receipts_nothing_is_told_of_them(
    changes: dict[str, Any],
) -> None:
    assert due(replace(FINAL.told("closed"), **changes)) == ""


@pytest.mark.parametrize("count", range(1, MOST_NOTICES + 2))
def test_receipts_are_told_if_one_of_six_is_left(count: int) -> None:
    notices = ("closed", *(f"notice {each}" for each in range(count - 1)))

    assert (due(replace(FINAL, notices=notices)) == "receipts") == (count < MOST_NOTICES)


def test_only_an_end_that_nobody_was_told_keeps_a_campaign_that_is_not_open() -> None:
    closed = replace(SENDING, status=Status.CLOSED, is_open=False)

    assert is_untold(closed)
    assert not is_untold(closed.told("closed"))
    assert not is_untold(replace(closed, is_open=True))
    assert not is_untold(SENDING)


def test_whatever_may_hold_a_campaign_is_told() -> None:
    assert set(HELD) == {"paused", "approval", "start", "window", "lists", "canary_failed"}

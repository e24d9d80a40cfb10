"""What is counted of a write of the ledger, and of a call."""

from dataclasses import replace

import pytest

from smsdrop.alibaba.answers import NO_ANSWER, NOT_CONNECTED, Answer
from smsdrop.alibaba.metered import of_call
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import PARSING_FAILED
from smsdrop.ledger.entries import Content, Pause
from smsdrop.ledger.metrics import of_write
from smsdrop.metrics import Count, Counted
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

CLAIM = BatchEntry(
    batch_id=f"{CAMPAIGN_ID}-000001",
    state=State.SENDING,
    attempt=2,
    recipients=40,
    settle_after=NOW + 60,
)
SENT = replace(CLAIM, state=State.SENT, ended_at=NOW, accepted=(2,))
PARSING = campaign(status=Status.PARSING)
PLANNED = campaign(plan="work/", accepted=7, duplicates=2, rejected=1)


def seen(counted: Counted) -> dict[Count, float]:
    """Return the counts that are not zero."""
    return {count: value for count, value in counted.items() if value}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(CLAIM, SENT, {Count.TEXTS_SENT: 40}, id="sent"),
        pytest.param(
            CLAIM, replace(CLAIM, state=State.REFUSED), {Count.TEXTS_REFUSED: 40}, id="refused"
        ),
        pytest.param(
            None,
            replace(CLAIM, state=State.CANCELLED),
            {Count.TEXTS_CANCELLED: 40},
            id="cancelled before anybody tried",
        ),
        pytest.param(
            CLAIM,
            replace(CLAIM, state=State.UNCONFIRMED),
            {Count.TEXTS_UNCONFIRMED: 40},
            id="unconfirmed",
        ),
        pytest.param(None, CLAIM, {}, id="claimed"),
        pytest.param(CLAIM, replace(CLAIM, state=State.SPLIT), {}, id="split: its parts count"),
        pytest.param(
            CLAIM,
            replace(SENT, ended_at=CLAIM.settle_after),
            {Count.TEXTS_SENT: 40, Count.SETTLED_FOUND: 1},
            id="found at the provider",
        ),
        pytest.param(
            CLAIM,
            replace(CLAIM, state=State.WAITING, absent=1),
            {Count.SETTLED_ABSENT: 1},
            id="proved absent",
        ),
        pytest.param(SENT, replace(SENT, request_id="late"), {}, id="late evidence counts no more"),
        pytest.param(
            SENT,
            replace(SENT, accepted=(1, 2)),
            {Count.TEXTS_SENT_TWICE: 40},
            id="sent twice, as shows later",
        ),
    ],
)
def test_a_batch_counts_when_something_becomes_of_it(
    before: BatchEntry | None, after: BatchEntry, expected: Counted
) -> None:
    assert seen(of_write(before, after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(None, PARSING, {}, id="begun"),
        pytest.param(
            PARSING,
            PLANNED,
            {Count.ROWS_ACCEPTED: 7, Count.ROWS_DUPLICATE: 2, Count.ROWS_REJECTED: 1},
            id="judged",
        ),
        pytest.param(PLANNED, replace(PLANNED, queued=1), {}, id="queued: the rows count once"),
        pytest.param(
            PARSING,
            replace(PARSING, status=Status.REFUSED, reason=("no_recipients",)),
            {Count.FILES_REFUSED: 1},
            id="refused",
        ),
        pytest.param(
            PARSING,
            replace(PARSING, status=Status.REFUSED, reason=("parsing_failed",)),
            {Count.FILES_GIVEN_UP: 1},
            id="given up",
        ),
        pytest.param(
            PLANNED,
            replace(PLANNED, halted=PARSING_FAILED),
            {Count.FILES_GIVEN_UP: 1},
            id="given up in the middle of queueing",
        ),
        pytest.param(
            PLANNED,
            replace(PLANNED, halted="isv.SMS_TEMPLATE_ILLEGAL"),
            {Count.CAMPAIGNS_HALTED: 1},
            id="halted",
        ),
        pytest.param(PLANNED, replace(PLANNED, open=""), {Count.CAMPAIGNS_CLOSED: 1}, id="closed"),
    ],
)
def test_a_campaign_counts_when_it_gets_on(
    before: Campaign | None, after: Campaign, expected: Counted
) -> None:
    assert seen(of_write(before, after)) == expected


def test_a_ratio_has_both_its_sides_whenever_it_has_one() -> None:
    assert {Count.TEXTS_SENT, Count.TEXTS_REFUSED} <= of_write(CLAIM, SENT).keys()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(Pause(), Pause(paused=True, revision=1), id="pause"),
        pytest.param(None, Content(content_id="1", first=CAMPAIGN_ID), id="content"),
    ],
)
def test_other_entries_do_not_count(before: Pause | None, after: Pause | Content) -> None:
    assert of_write(before, after) == {}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("OK", {}, id="accepted"),
        pytest.param("isv.BUSINESS_LIMIT_CONTROL", {}, id="refused"),
        pytest.param("Throttling.User", {Count.CALLS_THROTTLED: 1}, id="throttled"),
        pytest.param(NOT_CONNECTED, {Count.CALLS_NOT_CONNECTED: 1}, id="not connected"),
        pytest.param(NO_ANSWER, {Count.CALLS_IN_DOUBT: 1}, id="no answer"),
    ],
)
def test_a_call_counts_with_its_time(code: str, expected: Counted) -> None:
    counted = of_call(Answer(code=code), seconds=0.25)

    assert seen(counted) == {Count.CALLS: 1, Count.CALL_LATENCY: 250, **expected}

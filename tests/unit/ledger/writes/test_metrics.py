"""What is counted for a write to the ledger."""

from dataclasses import replace

import pytest

from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import SUPPRESSED
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import ContentClaim, Lease, Pause
from smsdrop.ledger.writes.metrics import metrics_of_write
from smsdrop.metrics import Measured, Metric
from smsdrop.reasons import Reason
from smsdrop.receipts.looks import NO_LOOKS
from tests.support.entries import FULL_COMMITTED_PLAN
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
CLOSING = campaign(plan="work/", status=Status.CLOSING)
PLANNED = campaign(plan="work/", counts=Counts(accepted=7, duplicates=2, rejected=1))


def seen(measured: Measured) -> dict[Metric, float]:
    """Return the counts that are not zero."""
    return {count: value for count, value in measured.items() if value}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(CLAIM, SENT, {Metric.TEXTS_SENT: 40}, id="sent"),
        pytest.param(
            CLAIM, replace(CLAIM, state=State.REFUSED), {Metric.TEXTS_REFUSED: 40}, id="refused"
        ),
        pytest.param(
            None,
            replace(CLAIM, state=State.REFUSED, code=SUPPRESSED),
            {Metric.ROWS_SUPPRESSED: 40},
            id="listed before the call",
        ),
        pytest.param(
            None,
            replace(CLAIM, state=State.CANCELLED),
            {Metric.TEXTS_CANCELLED: 40},
            id="cancelled before anybody tried",
        ),
        pytest.param(
            CLAIM,
            replace(CLAIM, state=State.UNCONFIRMED),
            {Metric.TEXTS_UNCONFIRMED: 40},
            id="unconfirmed",
        ),
        pytest.param(None, CLAIM, {}, id="claimed"),
        pytest.param(CLAIM, replace(CLAIM, state=State.SPLIT), {}, id="split: its parts count"),
        pytest.param(
            CLAIM,
            replace(SENT, ended_at=CLAIM.settle_after),
            {Metric.TEXTS_SENT: 40, Metric.SETTLED_FOUND: 1},
            id="found at the provider",
        ),
        pytest.param(
            CLAIM,
            replace(CLAIM, state=State.WAITING, absent=1),
            {Metric.SETTLED_ABSENT: 1},
            id="proved absent",
        ),
        pytest.param(SENT, replace(SENT, request_id="late"), {}, id="late evidence counts no more"),
        pytest.param(
            SENT,
            replace(SENT, accepted=(1, 2)),
            {Metric.TEXTS_SENT_TWICE: 40},
            id="sent twice, as shows later",
        ),
    ],
)
def test_a_batch_counts_when_something_becomes_of_it(
    before: BatchEntry | None, after: BatchEntry, expected: Measured
) -> None:
    assert seen(metrics_of_write(before, after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(None, PARSING, {}, id="begun"),
        pytest.param(
            PARSING,
            PLANNED,
            {Metric.ROWS_ACCEPTED: 7, Metric.ROWS_DUPLICATE: 2, Metric.ROWS_REJECTED: 1},
            id="judged",
        ),
        pytest.param(
            PARSING,
            replace(PLANNED, counts=Counts(rows=3, suppressed=3)),
            {Metric.ROWS_SUPPRESSED: 3},
            id="judged, and all suppressed",
        ),
        pytest.param(PLANNED, replace(PLANNED, queued=1), {}, id="queued: the rows count once"),
        pytest.param(
            PARSING,
            PARSING.refused(Reason("no_recipients"), at=NOW),
            {Metric.FILES_REFUSED: 1, Metric.CAMPAIGNS_REFUSED: 1},
            id="refused",
        ),
        pytest.param(
            PARSING,
            PARSING.held_as_copy(CAMPAIGN_ID, at=NOW),
            {Metric.FILES_REFUSED: 1},
            id="held back as a copy: nothing is wrong with it",
        ),
        pytest.param(
            PARSING,
            PARSING.refused(Reason("preview"), at=NOW, outcome="preview"),
            {Metric.FILES_REFUSED: 1},
            id="previewed, as was asked for",
        ),
        pytest.param(
            PARSING,
            PARSING.parsing_given_up(at=NOW),
            {Metric.FILES_GIVEN_UP: 1},
            id="given up",
        ),
        pytest.param(
            PLANNED,
            replace(PLANNED, halt_code="isv.SMS_TEMPLATE_ILLEGAL"),
            {Metric.CAMPAIGNS_HALTED: 1},
            id="halted",
        ),
        pytest.param(
            PLANNED,
            replace(PLANNED, halt_code="smsdrop.Cancelled"),
            {Metric.CAMPAIGNS_CANCELLED: 1},
            id="cancelled",
        ),
        pytest.param(
            CLOSING,
            replace(CLOSING, status=Status.CLOSED, is_open=True),
            {Metric.CAMPAIGNS_CLOSED: 1},
            id="closed, with something to verify",
        ),
        pytest.param(
            replace(CLOSING, status=Status.CLOSED),
            replace(CLOSING, status=Status.CLOSED, is_open=False),
            {},
            id="verified: it was closed before",
        ),
        pytest.param(
            replace(PLANNED, status=Status.REFUSED),
            replace(PLANNED, status=Status.REFUSED, is_open=False),
            {Metric.CAMPAIGNS_CLOSED: 1},
            id="reported as refused",
        ),
    ],
)
def test_a_campaign_counts_when_it_gets_on(
    before: Campaign | None, after: Campaign, expected: Measured
) -> None:
    assert seen(metrics_of_write(before, after)) == expected


def test_what_a_look_has_found_counts_once_it_has_ended() -> None:
    begun = replace(PLANNED, status=Status.CLOSED, looks=NO_LOOKS.begun(at=NOW))
    under_way = begun.looked(begun.looks.under_way(at=NOW + 300))
    went_on = under_way.looked(
        under_way.looks.went_on(look=1, part=0, byte=7, delivered=5, undelivered=1)
    )
    ended = went_on.looked(went_on.looks.ended(look=1, at=NOW + 301))

    assert metrics_of_write(begun, under_way) == metrics_of_write(under_way, went_on) == {}
    assert metrics_of_write(went_on, ended) == {
        Metric.TEXTS_DELIVERED: 5,
        Metric.TEXTS_UNDELIVERED: 1,
    }


def test_a_report_that_is_written_anew_for_receipts_is_no_second_close() -> None:
    looks = NO_LOOKS.begun(at=NOW)
    closing = replace(PLANNED, status=Status.CLOSING, looks=looks)

    assert metrics_of_write(closing, replace(closing, status=Status.CLOSED)) == {}


def test_a_ratio_has_both_its_sides_whenever_it_has_one() -> None:
    assert {Metric.TEXTS_SENT, Metric.TEXTS_REFUSED} <= metrics_of_write(CLAIM, SENT).keys()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(Pause(), Pause(paused=True, revision=1), id="pause"),
        pytest.param(None, ContentClaim(content_id="1", first=CAMPAIGN_ID), id="content"),
        pytest.param(None, Lease(name=CAMPAIGN_ID, holder="a"), id="lease"),
        pytest.param(None, FULL_COMMITTED_PLAN, id="plan"),
    ],
)
def test_other_entries_do_not_count(
    before: Pause | None, after: Pause | ContentClaim | Lease | CommittedPlan
) -> None:
    assert metrics_of_write(before, after) == {}

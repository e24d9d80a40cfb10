"""A person cancels a campaign, wherever it is."""

import pytest

from smsdrop.ledger.campaign import Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.operations.cancelling import CampaignUnknown, cancel
from tests.support.fakes import FakeLedger, nothing
from tests.support.samples import CAMPAIGN_ID, campaign, changed


@pytest.fixture
def ledger() -> FakeLedger:
    return FakeLedger()


@pytest.mark.parametrize("status", [Status.PARSING, Status.PLANNED, Status.HELD, Status.SENDING])
def test_nothing_more_of_a_cancelled_campaign_is_to_be_sent(
    ledger: FakeLedger, status: Status
) -> None:
    ledger.write(None, campaign(status=status))

    cancelled = cancel(CAMPAIGN_ID, ledger=ledger)

    assert (cancelled.status, cancelled.halt_code) == (status, CANCELLED_BY_HAND)
    assert ledger.campaign(CAMPAIGN_ID) == cancelled


@pytest.mark.parametrize("status", [Status.CLOSING, Status.CLOSED, Status.REFUSED])
def test_a_campaign_that_is_at_its_end_stays_as_it_is(ledger: FakeLedger, status: Status) -> None:
    ended = ledger.write(None, campaign(status=status))

    assert cancel(CAMPAIGN_ID, ledger=ledger) == ended
    assert ledger.campaign(CAMPAIGN_ID) == ended


def test_what_stopped_a_campaign_first_stays_its_reason(ledger: FakeLedger) -> None:
    ledger.write(None, campaign(halt_code="isv.SMS_TEMPLATE_ILLEGAL"))

    assert cancel(CAMPAIGN_ID, ledger=ledger).halt_code == "isv.SMS_TEMPLATE_ILLEGAL"


def test_a_cancel_keeps_what_else_changes_meanwhile(ledger: FakeLedger) -> None:
    before = ledger.write(None, campaign())

    def queued(_: object) -> None:
        ledger.before_write = nothing
        ledger.write(before, changed(before, queued=7))

    ledger.before_write = queued

    cancelled = cancel(CAMPAIGN_ID, ledger=ledger)

    assert (cancelled.halt_code, cancelled.queued) == (CANCELLED_BY_HAND, 7)


def test_a_campaign_that_is_not_there_is_said_to_be_unknown(ledger: FakeLedger) -> None:
    with pytest.raises(CampaignUnknown, match="20260102"):
        cancel("20260102T030405Z-mistyped", ledger=ledger)

    assert ledger.stored == {}

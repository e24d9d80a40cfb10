"""What every page shows of a campaign balances, and says no more than is known."""

import json
from typing import Any

import pytest

from smsdrop.ledger.campaign import Counts, Status
from smsdrop.pages.figures import Figures, status_of, status_page
from smsdrop.pages.progress import Progress
from smsdrop.reasons import Reason
from tests.support.page_scenes import MINUTE, SCENES, a_campaign, closed, figures, halted, running
from tests.support.samples import NOW

BEGUN_AT = NOW - 90


def sending(
    *minutes: int, first_at: float = BEGUN_AT, status: Status = Status.SENDING, **changes: Any
) -> Figures:
    """A campaign of which so many were texted in the last minutes, the latest first."""
    texts = {MINUTE - each: count for each, count in enumerate(minutes)}
    progress = Progress(ends={"sent": sum(minutes)}, minutes=texts, first_at=first_at)
    return figures(a_campaign(status=status), progress, **changes)


@pytest.mark.parametrize("scene", SCENES)
def test_the_fates_of_all_rows_balance(scene: str) -> None:
    shown = SCENES[scene]()

    assert sum(shown.fates.values()) == shown.campaign.counts.rows


@pytest.mark.parametrize("scene", SCENES)
def test_status_json_balances_too(scene: str) -> None:
    status = status_of(SCENES[scene](), language="en")

    ends = [status[each] for each in ("sent", "refused", "unconfirmed", "cancelled", "pending")]
    assert sum(ends) == status["accepted"]


def test_status_json_says_what_is_known_while_a_campaign_is_sent() -> None:
    status = json.loads(status_page(status_of(running(), language="en")))

    assert status["file"]["name"].startswith("七月账单")
    assert status["file"]["size"] == 1000
    assert (status["status"], status["outcome"], status["finished_at"]) == ("sending", "", "")
    assert status["written_at"] == "2026-01-02T03:00:00Z"
    assert status["is_estimate"] is True
    assert status["percent"] == 37.1
    assert status["report"].startswith("reports/SMS_154950909/云通信/")
    assert status["report"].endswith(f"/{status['campaign_id']}/report.html")


def test_a_campaign_that_is_stopping_says_why() -> None:
    status = status_of(halted(), language="zh")

    assert status["reason"] == Reason("isv.SMS_TEMPLATE_ILLEGAL").text("zh")


def test_what_a_held_campaign_waits_for_is_said() -> None:
    status = status_of(SCENES["held"](), language="zh")

    assert status["held_for"] == "approval"
    assert "审批" in status["waits_for"]


@pytest.mark.parametrize(
    ("ended", "accepted", "status", "percent"),
    [
        pytest.param(0, 3, Status.SENDING, 0, id="nobody"),
        pytest.param(1, 3, Status.SENDING, 33.3, id="a third"),
        pytest.param(3, 3, Status.SENDING, 100, id="all"),
        pytest.param(0, 0, Status.PARSING, 0, id="not known yet"),
        pytest.param(0, 0, Status.REFUSED, 100, id="nobody was to be"),
    ],
)
def test_percent_is_of_those_who_are_to_be_texted(
    ended: int, accepted: int, status: Status, percent: float
) -> None:
    campaign = a_campaign(status=status, counts=Counts(rows=accepted, accepted=accepted))

    assert figures(campaign, Progress(ends={"sent": ended})).percent == percent


def test_the_rate_is_that_of_the_last_minutes() -> None:
    begin = NOW - 3600

    assert sending(
        500, 1000, 1000, 1000, 1000, 9, 9, first_at=begin
    ).texts_a_minute == pytest.approx(4_500 / 4, rel=0.01)


def test_the_rate_counts_from_the_first_text() -> None:
    shown = sending(0, 900, 600)

    assert shown.texts_a_minute == 1000
    assert shown.seconds_left == round(60 * shown.pending / 1000)


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(sending(first_at=0), id="nothing was sent"),
        pytest.param(sending(100, first_at=NOW - 5), id="for a few seconds only"),
        pytest.param(sending(0, 900, 600, status=Status.HELD), id="held"),
        pytest.param(sending(0, 900, 600, is_stopped=True), id="the stack is paused"),
        pytest.param(sending(0, 0, 0, 0, 0, 0, 900, first_at=NOW - 600), id="nothing lately"),
    ],
)
def test_nobody_knows_when_it_ends(shown: Figures) -> None:
    assert shown.seconds_left is None


def test_once_it_is_over_nothing_is_left_and_the_rate_is_that_of_the_minutes_with_texts() -> None:
    assert closed().seconds_left == 0
    assert closed().texts_a_minute == 3_000

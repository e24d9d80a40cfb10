"""How far a campaign is, by its entries or by its status.json."""

import json
from dataclasses import replace
from typing import Any

import pytest

from smsdrop.batches.batch import nth_batch_id
from smsdrop.drop_times import iso_text
from smsdrop.drops import report_folder
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.terms import Terms
from smsdrop.reasons import Reason
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.progress import Progress, progress_of
from tests.support.samples import CAMPAIGN_ID, NOW, campaign
from tests.support.terminal import put

pytest_plugins = ["tests.support.cli_fixtures"]

COUNTS = Counts(rows=460, accepted=450, duplicates=7, rejected=3, batches=5)
SENDING = campaign(counts=COUNTS, template_code="SMS_9")
LARGE = replace(SENDING, counts=Counts(rows=20_000, accepted=20_000, batches=200))


def entry(position: int, state: State, *, recipients: int = 100, **more: Any) -> BatchEntry:
    batch_id = nth_batch_id(CAMPAIGN_ID, position) + more.pop("part", "")
    return BatchEntry(batch_id=batch_id, state=state, recipients=recipients, **more)


def of_entries(stack: Stack, campaign: Campaign, *entries: BatchEntry) -> Progress:
    for each in entries:
        stack.ledger.write(None, each)
    return progress_of(stack, campaign, now=NOW)


def write_status(stack: Stack, campaign: Campaign, **fields: Any) -> None:
    key = report_folder(campaign.key, campaign.campaign_id) + "status.json"
    members = {"campaign_id": campaign.campaign_id, "status": "sending", **fields}
    put(stack, key, json.dumps(members).encode())


def test_a_running_campaign_is_counted_by_its_batches(deployed: Stack) -> None:
    progress = of_entries(
        deployed,
        SENDING,
        entry(1, State.SENT, ended_at=NOW - 30),
        entry(2, State.SPLIT),
        entry(2, State.SENT, part=".0", recipients=50, ended_at=NOW - 20),
        entry(2, State.REFUSED, part=".1", recipients=50, code="isv.MOBILE_NUMBER_ILLEGAL"),
        entry(3, State.SENDING),
    )

    assert (progress.sent, progress.refused, progress.under_way) == (150, 50, 100)
    assert progress.pending == 250
    assert progress.percent == 44.4
    assert progress.texts_a_minute == 300
    assert progress.seconds_left == 50
    assert (progress.rows, progress.duplicates, progress.rejected) == (460, 7, 3)


def test_a_campaign_that_is_being_stopped_says_why_and_not_how_long_the_rest_would_take(
    deployed: Stack,
) -> None:
    stopped = replace(SENDING, halt_code=CANCELLED_BY_HAND)

    progress = of_entries(deployed, stopped, entry(1, State.SENT, ended_at=NOW - 30))

    assert progress.reason == Reason(CANCELLED_BY_HAND).text("en")
    assert (progress.texts_a_minute, progress.seconds_left) == (200, None)


def test_what_was_sent_minutes_ago_is_no_rate(deployed: Stack) -> None:
    progress = of_entries(deployed, SENDING, entry(1, State.SENT, ended_at=NOW - 61))

    assert (progress.texts_a_minute, progress.seconds_left) == (0, None)


def test_a_campaign_that_has_ended_says_what_its_books_say(deployed: Stack) -> None:
    counts = replace(COUNTS, sent=400, cancelled=50)
    closed = replace(
        SENDING,
        status=Status.CLOSED,
        outcome="cancelled",
        reason=Reason("smsdrop.Cancelled"),
        counts=counts,
        finished_at=NOW,
    )

    progress = of_entries(deployed, closed, entry(1, State.SENDING))

    assert (progress.sent, progress.cancelled, progress.pending) == (400, 50, 0)
    assert (progress.percent, progress.has_ended, progress.ended_well) == (100, True, False)
    assert progress.finished_at == iso_text(NOW)


def test_a_held_campaign_says_what_it_waits_for(deployed: Stack) -> None:
    held = replace(
        SENDING, status=Status.HELD, held_for="start", terms=Terms(start_at=NOW + 24 * 3600)
    )

    progress = of_entries(deployed, held)

    assert progress.held_for == "start"
    assert "2026-01-03 11:00" in progress.waits_for


def test_a_large_campaign_is_read_from_its_status_json(deployed: Stack) -> None:
    write_status(deployed, LARGE, sent=7000, pending=13_000, written_at=iso_text(NOW - 60), new=1)

    progress = of_entries(deployed, LARGE, entry(1, State.SENT))

    assert (progress.sent, progress.pending) == (7000, 13_000)


@pytest.mark.parametrize("minutes", [3, 600])
def test_a_status_json_that_nobody_has_written_for_minutes_is_not_believed(
    deployed: Stack, minutes: int
) -> None:
    write_status(deployed, LARGE, sent=7000, written_at=iso_text(NOW - 60 * minutes))

    assert of_entries(deployed, LARGE, entry(1, State.SENT)).sent == 100


def test_a_large_campaign_without_a_status_json_is_counted(deployed: Stack) -> None:
    assert of_entries(deployed, LARGE, entry(1, State.SENT)).sent == 100


def test_a_small_campaign_is_counted_whatever_its_status_json_says(deployed: Stack) -> None:
    write_status(deployed, SENDING, sent=7, written_at=iso_text(NOW))

    assert of_entries(deployed, SENDING, entry(1, State.SENT)).sent == 100


def test_a_progress_is_the_same_after_a_round_trip() -> None:
    progress = Progress(campaign_id=CAMPAIGN_ID, status="sending", sent=3, seconds_left=1.5)

    assert Progress.from_json(json.dumps(progress.to_json()).encode()) == progress

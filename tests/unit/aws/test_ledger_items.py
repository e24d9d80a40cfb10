"""What a later release has added to an entry is there after each write of this one."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from smsdrop.alibaba.answers import Answer
from smsdrop.aws.dynamodb import READERS
from smsdrop.aws.ledger_items import Item, item_of
from smsdrop.ledger.batch_entry import (
    BatchEntry,
    State,
    Timing,
    cancelled,
    claimed,
    confirmed,
    looked_up,
    proven_absent,
    recorded,
    unconfirmed,
    verified,
)
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.entries import ContentClaim, Pause
from smsdrop.parsing.repeated_files import RepeatedFiles
from tests.support.entries import (
    FULL_BATCH,
    FULL_CAMPAIGN,
    FULL_CONTENT_CLAIM,
    FULL_PAUSE,
    LEAST_BATCH,
    LEAST_CAMPAIGN,
    UNKNOWN,
)
from tests.support.fakes import FakeLedger, nothing
from tests.support.samples import NOW, batch_of

BATCH = batch_of(2)
OK = Answer(code="OK", biz_id="9^0", request_id="R9")
TIMING = Timing(claim_seconds=3, call_seconds=16, settle_after_seconds=900)
WAITING = replace(FULL_BATCH, state=State.WAITING)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(each, id=type(each).__name__)
        for each in (FULL_BATCH, FULL_CAMPAIGN, FULL_PAUSE, FULL_CONTENT_CLAIM)
    ],
)
def test_what_is_not_known_is_written_as_it_was_read(
    entry: BatchEntry | Campaign | Pause | ContentClaim,
) -> None:
    item = item_of(entry)

    assert UNKNOWN.items() <= item.items()
    assert item_of(READERS[type(entry)](item)) == item


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda: cancelled(BATCH, WAITING, code="C", at=NOW), id="cancelled"),
        pytest.param(
            lambda: claimed(
                BATCH, WAITING, token="t", access_key_id="k", looked_at=NOW, timing=TIMING
            ),
            id="claimed",
        ),
        pytest.param(
            lambda: recorded(FULL_BATCH, FULL_BATCH, OK, State.SENT, at=NOW), id="recorded"
        ),
        pytest.param(lambda: confirmed(FULL_BATCH, frozenset({1}), at=NOW), id="confirmed"),
        pytest.param(lambda: unconfirmed(FULL_BATCH, at=NOW), id="unconfirmed"),
        pytest.param(lambda: looked_up(FULL_BATCH, 1, ()), id="looked up"),
        pytest.param(lambda: proven_absent(FULL_BATCH, at=NOW, max_attempts=9), id="absent"),
        pytest.param(lambda: verified(FULL_BATCH, frozenset(), at=NOW), id="verified"),
        pytest.param(lambda: FULL_CAMPAIGN.reopened(evidence_at=NOW), id="reopened"),
        pytest.param(lambda: FULL_CAMPAIGN.alerted(at=NOW), id="alerted"),
        pytest.param(lambda: FULL_PAUSE.ended(at=NOW), id="resumed"),
        pytest.param(lambda: FULL_PAUSE.ended(at=NOW).begun("C", at=NOW), id="paused"),
    ],
)
def test_every_change_carries_over_what_is_not_known(
    write: Callable[[], BatchEntry | Campaign | Pause],
) -> None:
    assert write().unknown == UNKNOWN


def test_a_content_that_is_given_to_another_campaign_keeps_what_is_not_known() -> None:
    ledger = FakeLedger()
    ledger.write(None, FULL_CONTENT_CLAIM)

    repeated = RepeatedFiles(ledger=ledger, clock=lambda: NOW)
    assert repeated.owner_of(FULL_CONTENT_CLAIM.content_id, "another") == "another"

    [stands] = ledger.all_of(ContentClaim)
    assert (stands.first, stands.unknown) == ("another", UNKNOWN)


def test_a_content_that_goes_to_another_meanwhile_is_taken_over_from_that() -> None:
    ledger = FakeLedger()
    ledger.write(None, FULL_CONTENT_CLAIM)
    repeated = RepeatedFiles(ledger=ledger, clock=lambda: NOW)

    def taken_by_another(after: object) -> None:
        if isinstance(after, ContentClaim) and after.revision > 1:
            ledger.before_write = nothing
            repeated.owner_of(FULL_CONTENT_CLAIM.content_id, "another")

    ledger.before_write = taken_by_another

    assert repeated.owner_of(FULL_CONTENT_CLAIM.content_id, "mine") == "mine"


def test_a_state_of_a_later_release_is_kept_through_a_write_of_evidence() -> None:
    item: Item = item_of(LEAST_BATCH) | {"state": {"S": "parked"}}

    entry = READERS[BatchEntry](item)
    after = recorded(entry, FULL_BATCH, OK, State.SENT, at=NOW)

    assert entry.state is State.UNKNOWN
    assert (after.accepted, after.revision) == ((3,), 2)
    assert item_of(after)["state"] == {"S": "parked"}


def test_a_status_of_a_later_release_is_kept_through_a_write() -> None:
    item: Item = item_of(LEAST_CAMPAIGN) | {"status": {"S": "awaiting approval"}}

    entry = READERS[Campaign](item)

    assert entry.status is Status.UNKNOWN
    assert item_of(entry) == item
    assert item_of(entry.alerted(at=NOW))["status"] == {"S": "awaiting approval"}

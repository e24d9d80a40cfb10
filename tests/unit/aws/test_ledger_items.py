"""The items of the table, by the names that entries written by earlier releases have."""

from dataclasses import replace
from typing import Any

import pytest

from smsdrop.aws.ledger_items import (
    batch_from,
    campaign_from,
    content_claim_from,
    item_of,
    key_of,
    pause_from,
)
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.entries import ContentClaim, Pause
from smsdrop.reasons import Reason

BATCH = BatchEntry(
    batch_id="20260102T030405Z-0123-000007.1",
    state=State.SENDING,
    attempt=2,
    token="t",
    access_key_id="LTAI",
    first_claimed_at=1000.5,
    call_before=2003.0,
    settle_after=2919.0,
    recipients=50,
    absent=1,
    verified_at=5000.0,
    accepted=(1, 2),
    biz_id="9^0",
    request_id="R",
    code="isp.SYSTEM_ERROR",
    ended_at=3000.0,
    revision=4,
    expires_at=15553000,
)
BATCH_ITEM = {
    "campaign_id": {"S": "20260102T030405Z-0123"},
    "entry": {"S": "batch#20260102T030405Z-0123-000007.1"},
    "batch_id": {"S": "20260102T030405Z-0123-000007.1"},
    "state": {"S": "sending"},
    "attempt": {"N": "2"},
    "token": {"S": "t"},
    "access_key_id": {"S": "LTAI"},
    "first_claimed_at": {"N": "1000.5"},
    "call_before": {"N": "2003.0"},
    "settle_after": {"N": "2919.0"},
    "recipients": {"N": "50"},
    "absent": {"N": "1"},
    "verified_at": {"N": "5000.0"},
    "accepted": {"L": [{"N": "1"}, {"N": "2"}]},
    "biz_id": {"S": "9^0"},
    "request_id": {"S": "R"},
    "code": {"S": "isp.SYSTEM_ERROR"},
    "ended_at": {"N": "3000.0"},
    "revision": {"N": "4"},
    "expires_at": {"N": "15553000"},
}

CAMPAIGN = Campaign(
    campaign_id="20260102T030405Z-0123",
    status=Status.SENDING,
    bucket="files",
    key="incoming/SMS_9/云通信/july.csv",
    version_id="v1",
    size=1000,
    started_at=1000.5,
    plan="work/x/",
    template_code="SMS_9",
    sign_name="云通信",
    encoding="utf-8",
    counts=Counts(
        rows=11,
        accepted=4,
        duplicates=2,
        rejected=3,
        blank=5,
        batches=6,
        segments=7,
        sent=1,
        refused=8,
        unconfirmed=9,
        cancelled=10,
    ),
    released=6,
    queued=5,
    queued_bytes=500,
    queued_at=1001.0,
    drained_by=1002.0,
    halt_code="isv.SMS_TEMPLATE_ILLEGAL",
    outcome="halted",
    reason=Reason("not_text", ("7",)),
    problems=(Reason("nameless_column", ("C", "7")), Reason("x")),
    finished_at=1003.0,
    alerted_at=1004.0,
    reopened_at=1005.0,
    revision=12,
    expires_at=15553000,
)
CAMPAIGN_ITEM = {
    "campaign_id": {"S": "20260102T030405Z-0123"},
    "entry": {"S": "campaign"},
    "status": {"S": "sending"},
    "bucket": {"S": "files"},
    "key": {"S": "incoming/SMS_9/云通信/july.csv"},
    "version_id": {"S": "v1"},
    "size": {"N": "1000"},
    "started_at": {"N": "1000.5"},
    "plan": {"S": "work/x/"},
    "template_code": {"S": "SMS_9"},
    "sign_name": {"S": "云通信"},
    "encoding": {"S": "utf-8"},
    "rows": {"N": "11"},
    "accepted": {"N": "4"},
    "duplicates": {"N": "2"},
    "rejected": {"N": "3"},
    "blank": {"N": "5"},
    "batches": {"N": "6"},
    "segments": {"N": "7"},
    "sent": {"N": "1"},
    "refused": {"N": "8"},
    "unconfirmed": {"N": "9"},
    "cancelled": {"N": "10"},
    "released": {"N": "6"},
    "queued": {"N": "5"},
    "queued_bytes": {"N": "500"},
    "queued_at": {"N": "1001.0"},
    "drained_by": {"N": "1002.0"},
    "halted": {"S": "isv.SMS_TEMPLATE_ILLEGAL"},
    "outcome": {"S": "halted"},
    "reason": {"L": [{"S": "not_text"}, {"S": "7"}]},
    "problems": {
        "L": [
            {"L": [{"S": "nameless_column"}, {"S": "C"}, {"S": "7"}]},
            {"L": [{"S": "x"}]},
        ]
    },
    "finished_at": {"N": "1003.0"},
    "alarmed_at": {"N": "1004.0"},
    "reopened_at": {"N": "1005.0"},
    "open": {"S": "yes"},
    "revision": {"N": "12"},
    "expires_at": {"N": "15553000"},
}

PAUSE = Pause(paused=True, code="isv.AMOUNT_NOT_ENOUGH", since=1000.0, notified=True, revision=3)
PAUSE_ITEM = {
    "campaign_id": {"S": "stack"},
    "entry": {"S": "pause"},
    "paused": {"BOOL": True},
    "code": {"S": "isv.AMOUNT_NOT_ENOUGH"},
    "since": {"N": "1000.0"},
    "told": {"BOOL": True},
    "revision": {"N": "3"},
}

CLAIM = ContentClaim(
    content_id="c0ffee", first="20260102T030405Z-0123", revision=2, expires_at=15553000
)
CLAIM_ITEM = {
    "campaign_id": {"S": "content#c0ffee"},
    "entry": {"S": "first"},
    "content_id": {"S": "c0ffee"},
    "first": {"S": "20260102T030405Z-0123"},
    "revision": {"N": "2"},
    "expires_at": {"N": "15553000"},
}


def test_a_batch_is_stored_by_these_names() -> None:
    assert item_of(BATCH) == BATCH_ITEM
    assert batch_from(BATCH_ITEM) == BATCH


def test_a_campaign_is_stored_by_these_names() -> None:
    assert item_of(CAMPAIGN) == CAMPAIGN_ITEM
    assert campaign_from(CAMPAIGN_ITEM) == CAMPAIGN


def test_the_pause_is_stored_by_these_names() -> None:
    assert item_of(PAUSE) == PAUSE_ITEM
    assert pause_from(PAUSE_ITEM) == PAUSE


def test_the_first_with_a_content_is_stored_by_these_names() -> None:
    assert item_of(CLAIM) == CLAIM_ITEM
    assert content_claim_from(CLAIM_ITEM) == CLAIM


def test_a_campaign_that_is_closed_is_not_in_the_index_of_open_ones() -> None:
    closed = replace(CAMPAIGN, is_open=False)
    item = {name: value for name, value in CAMPAIGN_ITEM.items() if name != "open"}

    assert item_of(closed) == item
    assert campaign_from(item) == closed


def test_what_is_empty_or_zero_is_left_out() -> None:
    least = BatchEntry(batch_id="c-000001", state=State.WAITING)

    assert item_of(least) == {
        "campaign_id": {"S": "c"},
        "entry": {"S": "batch#c-000001"},
        "batch_id": {"S": "c-000001"},
        "state": {"S": "waiting"},
        "revision": {"N": "1"},
    }
    assert batch_from(item_of(least)) == least


def test_the_size_of_an_empty_file_is_zero() -> None:
    empty = replace(CAMPAIGN, size=0)

    assert "size" not in item_of(empty)
    assert campaign_from(item_of(empty)) == empty


@pytest.mark.parametrize(
    "item", [BATCH_ITEM | {"colour": {"S": "red"}}, BATCH_ITEM | {"weights": {"M": {}}}]
)
def test_attributes_of_another_release_are_passed_over(item: dict[str, Any]) -> None:
    assert batch_from(item) == BATCH


def test_every_entry_has_a_key_of_its_own() -> None:
    part = replace(BATCH, batch_id=f"{BATCH.batch_id}.0")

    keys = {key_of(BATCH), key_of(part), key_of(CAMPAIGN), key_of(PAUSE), key_of(CLAIM)}

    assert len(keys) == 5


def test_what_has_no_attribute_is_refused() -> None:
    with pytest.raises(TypeError, match="no attribute for set"):
        item_of(replace(CLAIM, first={"two"}))  # type: ignore[arg-type] # a program error

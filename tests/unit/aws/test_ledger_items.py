"""The items of the table, by the names that entries written by earlier releases have."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from smsdrop.alibaba.answers import Answer
from smsdrop.aws.dynamodb import READERS
from smsdrop.aws.ledger_items import (
    Item,
    batch_from,
    campaign_from,
    committed_plan_from,
    content_claim_from,
    item_of,
    key_account_key,
    key_of,
    pause_from,
)
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
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import ContentClaim, KeyAccount, Lease, Pause, hash_of
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.ports import AnyEntry
from smsdrop.operations.pausing import Pausing
from smsdrop.parsing.repeats.repeated_files import ContentIds, RepeatedFiles
from smsdrop.reasons import Reason
from smsdrop.sending.recording import Recording
from tests.support.entries import (
    FULL_BATCH,
    FULL_CAMPAIGN,
    FULL_COMMITTED_PLAN,
    FULL_CONTENT_CLAIM,
    FULL_ENDED_CAMPAIGN,
    FULL_KEY_ACCOUNT,
    FULL_PAUSE,
    LEAST_BATCH,
    LEAST_CAMPAIGN,
    UNKNOWN,
)
from tests.support.fakes import FakeCloser, FakeLedger
from tests.support.samples import NOW, batch_of, campaign

TWO = batch_of(2)
OK = Answer(code="OK", biz_id="9^0", request_id="R9")
TIMING = Timing(claim_seconds=3, call_seconds=16, settle_after_seconds=900)
WAITING = replace(FULL_BATCH, state=State.WAITING)

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
        suppressed=12,
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
    "suppressed": {"N": "12"},
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


PLAN = CommittedPlan(
    template_code="SMS_9",
    place=7,
    committed_by="c",
    plan="work/c/7f/",
    begins_by=1.5,
    committed_at=2.5,
    again="2026-12",
    fingerprints="00ff800a",
    expires_at=15553000,
)
PLAN_ITEM = {
    "campaign_id": {"S": "plans#SMS_9"},
    "entry": {"S": "0000000007"},
    "template_code": {"S": "SMS_9"},
    "place": {"N": "7"},
    "committed_by": {"S": "c"},
    "plan": {"S": "work/c/7f/"},
    "begins_by": {"N": "1.5"},
    "committed_at": {"N": "2.5"},
    "again": {"S": "2026-12"},
    "fingerprints": {"S": "00ff800a"},
    "revision": {"N": "1"},
    "expires_at": {"N": "15553000"},
}


def test_a_committed_plan_is_stored_by_these_names() -> None:
    assert item_of(PLAN) == PLAN_ITEM
    assert committed_plan_from(PLAN_ITEM) == PLAN


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
    "added",
    [
        {"colour": {"S": "red"}},
        {"weights": {"M": {}}},
        pytest.param({"unknown": {"S": "x"}}, id="by the name of the field that keeps it"),
    ],
)
def test_attributes_of_a_later_release_are_kept_as_they_are(added: dict[str, Any]) -> None:
    entry = batch_from(BATCH_ITEM | added)

    assert entry == replace(BATCH, unknown=added)
    assert item_of(entry) == BATCH_ITEM | added


def test_every_entry_has_a_key_of_its_own() -> None:
    part = replace(BATCH, batch_id=f"{BATCH.batch_id}.0")

    keys = {key_of(BATCH), key_of(part), key_of(CAMPAIGN), key_of(PAUSE), key_of(CLAIM)}

    assert len({*keys, key_of(FULL_COMMITTED_PLAN), key_of(FULL_ENDED_CAMPAIGN)}) == 7


def test_the_item_of_a_key_pair_holds_a_hash_of_its_id() -> None:
    known = KeyAccount(key_hash=hash_of("LTAI"), account_id="7", revision=2)

    assert item_of(known) == {
        "campaign_id": {"S": "key#3b0e043b0e5c41c33bbbc06ecbb7c5bb"},
        "entry": {"S": "account"},
        "key_hash": {"S": "3b0e043b0e5c41c33bbbc06ecbb7c5bb"},
        "account_id": {"S": "7"},
        "revision": {"N": "2"},
    }
    assert key_of(known) == key_account_key("LTAI")


def test_what_has_no_attribute_is_refused() -> None:
    with pytest.raises(TypeError, match="no attribute for set"):
        item_of(replace(CLAIM, first={"two"}))  # type: ignore[arg-type] # a program error


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(each, id=type(each).__name__)
        for each in (
            *(FULL_BATCH, FULL_CAMPAIGN, FULL_PAUSE, FULL_CONTENT_CLAIM),
            *(FULL_KEY_ACCOUNT, FULL_COMMITTED_PLAN, FULL_ENDED_CAMPAIGN),
        )
    ],
)
def test_what_is_not_known_is_written_as_it_was_read(
    entry: AnyEntry,
) -> None:
    item = item_of(entry)

    assert UNKNOWN.items() <= item.items()
    assert item_of(READERS[type(entry)](item)) == item


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda: cancelled(TWO, WAITING, code="C", at=NOW), id="cancelled"),
        pytest.param(
            lambda: claimed(
                TWO, WAITING, token="t", access_key_id="k", looked_at=NOW, timing=TIMING
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
    ],
)
def test_every_change_carries_over_what_is_not_known(
    write: Callable[[], BatchEntry | Campaign | Pause],
) -> None:
    assert write().unknown == UNKNOWN


def test_a_content_that_is_given_to_another_campaign_keeps_what_is_not_known() -> None:
    ledger = FakeLedger()
    ledger.write(None, campaign(status=Status.REFUSED))
    ledger.write(None, FULL_CONTENT_CLAIM)
    ids = ContentIds(place="f00d", content=FULL_CONTENT_CLAIM.content_id)

    assert RepeatedFiles(ledger=ledger, clock=lambda: NOW).owner_of(ids, "another") == "another"

    stands, _ = ledger.all_of(ContentClaim)
    assert stands == replace(
        FULL_CONTENT_CLAIM, first="another", expires_at=stands.expires_at, revision=2
    )


class Outside:
    """The queue's switch and the topic."""

    def turn(self, *, on: bool) -> None: ...

    def lets_through(self) -> bool:
        return True

    def notify(self, subject: str, text: str) -> bool:
        return True


def test_a_pause_that_ends_and_begins_again_keeps_what_is_not_known() -> None:
    ledger = FakeLedger()
    ledger.stored[key_of(FULL_PAUSE)] = FULL_PAUSE

    outside = Outside()
    resumed = Pausing(ledger=ledger, switch=outside, topic=outside, clock=lambda: NOW).resume()
    Recording(ledger=ledger, closer=FakeCloser(), clock=lambda: NOW).pause(resumed, "C")

    assert (resumed.paused, resumed.unknown) == (False, UNKNOWN)
    assert (ledger.pause().paused, ledger.pause().unknown) == (True, UNKNOWN)


def test_a_lease_that_another_takes_keeps_what_is_not_known() -> None:
    ledger = FakeLedger()
    ledger.write(None, Lease(name="n", holder="h", unknown=UNKNOWN))

    Leases(ledger=ledger, clock=lambda: NOW, fresh_token=lambda: "t").alone("n", list, until=NOW)

    [stands] = ledger.all_of(Lease)
    assert (stands.holder, stands.unknown) == ("t", UNKNOWN)


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

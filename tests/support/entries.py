"""Entries of the ledger with as little and as much in them as they can have."""

from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import ContentClaim, EndedCampaign, KeyAccount, Pause
from smsdrop.ledger.terms import Terms
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import Canary
from smsdrop.receipts.looks import Looks
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of

BATCH_ID = batch_of(1).batch_id

UNKNOWN = {"colour": {"M": {"red": {"N": "1"}}}}
"""What a later release might add: as it is stored, in a shape that this one never writes."""

LEAST_BATCH = BatchEntry(batch_id=BATCH_ID, state=State.WAITING)
FULL_BATCH = BatchEntry(
    batch_id=BATCH_ID,
    state=State.SENDING,
    attempt=3,
    token="t",
    access_key_id="LTAI",
    first_claimed_at=NOW,
    filed_on=("20260102", "20260103"),
    looked_up=30,
    in_doubt=(7, 29),
    call_before=NOW + 3,
    settle_after=NOW + 919.123456,
    recipients=100,
    absent=2,
    verified_at=NOW + 5,
    into_singles=True,
    accepted=(1, 3),
    biz_id="9^0",
    request_id="R",
    code="isp.SYSTEM_ERROR",
    ended_at=NOW + 7,
    revision=1,
    expires_at=int(NOW),
    unknown=UNKNOWN,
)
LEAST_CAMPAIGN = Campaign(
    campaign_id=CAMPAIGN_ID,
    status=Status.PARSING,
    bucket="b",
    key="k",
    version_id="v",
    size=0,
    started_at=NOW,
)
FULL_CAMPAIGN = Campaign(
    campaign_id=CAMPAIGN_ID,
    status=Status.CLOSED,
    bucket="files",
    key="incoming/SMS_9/云通信/a b+c 😀.csv",
    version_id="v1",
    size=10**9,
    started_at=NOW,
    template_code="SMS_9",
    sign_name="云通信",
    encoding="utf-8",
    counts=Counts(
        rows=10**7,
        accepted=1,
        duplicates=2,
        suppressed=12,
        rejected=3,
        blank=4,
        batches=5,
        segments=11,
        sent=7,
        refused=8,
        unconfirmed=9,
        cancelled=10,
    ),
    plan="work/x/",
    terms=Terms(
        start_at=NOW + 0.125,
        until_at=NOW + 0.25,
        windows=("0900-2000", "0800-2000"),
        needs_approval=True,
        is_test=True,
        canary_recipients=100,
        canary_batches=2,
        canary_percent=92.5,
    ),
    dropped_by="AWS:AIDAA",
    paused_by="AWS:AIDAB",
    approved_by="AWS:AIDAC",
    ordered_at=NOW + 9,
    held_for="paused",
    previewed_for="window",
    closes_at=NOW + 6,
    opened_at=NOW + 7,
    requeued_at=NOW + 8,
    released=5,
    queued=5,
    queued_bytes=6,
    queued_at=NOW + 0.5,
    drained_by=NOW + 0.75,
    halt_code="isv.SMS_TEMPLATE_ILLEGAL",
    outcome="halted",
    reason=Reason("not_utf8", ("", "7")),
    problems=(Reason("nameless_column", ("C", "7")), Reason("x")),
    suppressed_by=(("vip.csv", "v7"), ("promo/r.xlsx", "v8")),
    is_no_promotion=True,
    unusable_lists=(Reason("list_of_no_numbers", ("vip.csv", "2", "2")),),
    finished_at=NOW + 1,
    alerted_at=NOW + 2,
    reopened_at=NOW + 3,
    verify_at=NOW + 4,
    looks=Looks(
        receipts_from=NOW + 20,
        receipts_at=NOW + 21,
        receipts_looked=1,
        receipts_look=2,
        receipts_since=NOW + 23,
        receipts_part=3,
        receipts_byte=4,
        receipts_delivered=7,
        receipts_undelivered=8,
        receipts_as_of=NOW + 22,
        receipts_problem="NoPermission",
        delivered=5,
        undelivered=6,
    ),
    canary=Canary(
        canary_ended_at=NOW + 30,
        canary_as_of=NOW + 31,
        canary_tried=100,
        canary_delivered=40,
        canary_undelivered=50,
        canary_word="bad",
        canary_problem="NoPermission",
        canary_resumed_by="AWS:AIDAD",
    ),
    failures=3,
    retry_at=NOW + 5,
    notices=("planned", "stuck"),
    telling="closed",
    heard_by=("mail", "wecom 1"),
    untold=2,
    tell_at=NOW + 10,
    copies=("20260102T030405Z-00000000000000aa",),
    revision=1,
    expires_at=int(NOW),
    unknown=UNKNOWN,
)
FULL_PAUSE = Pause(
    paused=True,
    code="isv.AMOUNT_NOT_ENOUGH",
    since=NOW,
    notified=True,
    by="AWS:AIDAA",
    ordered_at=NOW + 1,
    shut=True,
    found_shut=True,
    revision=1,
    unknown=UNKNOWN,
)
FULL_CONTENT_CLAIM = ContentClaim(
    content_id="c0ffee", first=CAMPAIGN_ID, revision=1, expires_at=int(NOW), unknown=UNKNOWN
)
FULL_KEY_ACCOUNT = KeyAccount(
    key_hash="c0ffee", account_id="1968132000120001", expires_at=int(NOW), unknown=UNKNOWN
)
FULL_ENDED_CAMPAIGN = EndedCampaign(
    of_campaign=CAMPAIGN_ID, shown='{"sent":1}', expires_at=int(NOW), unknown=UNKNOWN
)
FULL_COMMITTED_PLAN = CommittedPlan(
    template_code="SMS_9",
    place=7,
    committed_by=CAMPAIGN_ID,
    plan=f"work/{CAMPAIGN_ID}/7f/",
    begins_by=NOW,
    committed_at=NOW + 1,
    again="2026-12",
    fingerprints="00ff800a",
    scheduled=((3, NOW + 9),),
    revision=1,
    expires_at=int(NOW),
    unknown=UNKNOWN,
)

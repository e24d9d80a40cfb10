"""Campaigns at all the points of their life at which people look at their pages."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.terms import Terms
from smsdrop.pages.figures import Figures
from smsdrop.pages.first_text import FirstText
from smsdrop.pages.progress import Progress
from smsdrop.reasons import Reason
from smsdrop.receipts.looks import ReceiptCounts
from smsdrop.sending.preview import earliest_begin, waits_for
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

MINUTE = int(NOW // 60)

COUNTS = Counts(
    rows=100_000, accepted=98_000, duplicates=1_500, rejected=500, batches=980, segments=98_000
)

HOSTILE_NAME = "七月账单 <script>alert(1) & 13800138000 的名单.xlsx"
"""A name to be shown as it is, except for the phone number in it."""

TEXT = FirstText(
    text="【云通信】张三，您的七月账单已出，回复１３８００１３８０００或致电13800138000查询。"
)


def a_campaign(**changes: Any) -> Campaign:
    fields = {
        "key": f"incoming/SMS_154950909/云通信/{HOSTILE_NAME}",
        "campaign_id": "20260102T030405Z-01234567890123ef",  # an id with a run of digits
        "template_code": "SMS_154950909",
        "sign_name": "云通信",
        "encoding": "utf-8",
        "counts": COUNTS,
        "released": 980,
        "dropped_by": "AWS:AIDAEXAMPLE123456789012",
        "problems": (
            Reason("nameless_column", ("C", "7")),
            Reason("rows_had_before", ("3", CAMPAIGN_ID)),
        ),
    }
    return replace(campaign(), **{**fields, **changes})


def figures(campaign: Campaign, progress: Progress, **changes: Any) -> Figures:
    fields: dict[str, Any] = {
        "written_at": NOW,
        "first_text": TEXT,
        "price_per_segment": Decimal("0.045"),
    }
    return Figures(campaign=campaign, progress=progress, **{**fields, **changes})


def running() -> Figures:
    minutes = {MINUTE - each: 2_950 + 10 * each for each in range(12)}
    sent = sum(minutes.values())
    progress = Progress(
        ends={"sent": sent, "refused": 300},
        minutes=minutes,
        codes={"isv.MOBILE_NUMBER_ILLEGAL": 290, "isv.UNHEARD_OF": 10},
        first_at=60 * (MINUTE - 11),
        is_estimate=True,
    )
    return figures(a_campaign(), progress)


def held() -> Figures:
    waiting = a_campaign(
        status=Status.HELD,
        released=0,
        held_for="approval",
        terms=Terms(needs_approval=True, windows=("0800-2000",), start_at=NOW + 3600),
    )
    reason = waits_for(waiting, earliest_begin(waiting.terms, NOW))
    params = FirstText(sign_name="云通信", params=(("name", "张三"), ("phone", "13800138000")))
    return figures(waiting, Progress(), waits_for=reason, first_text=params)


def halted() -> Figures:
    stopping = a_campaign(halt_code="isv.SMS_TEMPLATE_ILLEGAL")
    progress = Progress(
        ends={"sent": 40_000, "refused": 100, "cancelled": 20_000, "unconfirmed": 100},
        minutes={MINUTE - 30: 20_000, MINUTE - 20: 20_000},
        codes={"isv.SMS_TEMPLATE_ILLEGAL": 20_100},
        first_at=60 * (MINUTE - 30),
    )
    return figures(stopping, progress)


def closed() -> Figures:
    ended = a_campaign(
        status=Status.CLOSED,
        outcome="cancelled",
        reason=Reason(CANCELLED_BY_HAND),
        finished_at=NOW,
        is_open=False,
    )
    progress = Progress(
        ends={"sent": 90_000, "refused": 1_000, "cancelled": 7_000},
        minutes={MINUTE - 3 * each: 3_000 for each in range(30)},
        codes={"isv.MOBILE_NUMBER_ILLEGAL": 1_000, CANCELLED_BY_HAND: 7_000},
    )
    rejected = ((Reason("phone_length", ("10",)), 480), (Reason("phone_missing"), 20))
    receipts = ReceiptCounts(
        delivered=87_500, undelivered=1_900, pending=600, no_receipt=0, as_of=NOW, final=False
    )
    return figures(
        ended,
        progress,
        rejected=rejected,
        sent_twice=3,
        receipts=receipts,
        undelivered={"MOBILE_NOT_ON_SERVICE": 1_600, "smsdrop.NoCause": 300},
    )


def refused() -> Figures:
    unusable = a_campaign(
        status=Status.REFUSED,
        outcome="refused",
        reason=Reason("no_recipients"),
        finished_at=NOW,
        counts=Counts(),
        problems=(),
    )
    return figures(unusable, Progress(), first_text=FirstText())


SCENES = {
    "running": running,
    "held": held,
    "halted": halted,
    "closed": closed,
    "refused": refused,
}
LANGUAGES = ("en", "zh")
FILES = ("results.csv", "unsent.csv", "summary.json")

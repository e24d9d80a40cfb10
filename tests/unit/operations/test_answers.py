"""An answer lies where a person finds it, and says what became of the order."""

import json
from typing import Any

import pytest

from smsdrop.ledger.campaign import Counts
from smsdrop.ledger.entries import Pause
from smsdrop.operations.answers import Answer
from smsdrop.operations.orders import Order
from smsdrop.reasons import Reason
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

PAUSED = Reason("order_paused", (CAMPAIGN_ID,))
UNKNOWN = Reason("order_campaign_unknown", (CAMPAIGN_ID,))


def answer(*said: Reason, name: str = "pause", **changes: Any) -> Answer:
    order = Order(name=name, what=CAMPAIGN_ID, mark="1a2b3c4d", principal="AWS:AIDAA", at=NOW)
    return Answer(order=order, at=NOW, said=said, **changes)


def test_answers_sort_by_the_time_in_beijing_at_which_the_orders_were_given() -> None:
    assert answer(PAUSED).key == "reports/orders/2026-01-02 110000.250 pause 1a2b3c4d.json"


@pytest.mark.parametrize("name", ["13800138000", "stop", ""])
def test_what_is_no_order_is_in_no_key(name: str) -> None:
    key = answer(UNKNOWN, name=name).key

    assert key == "reports/orders/2026-01-02 110000.250 unknown 1a2b3c4d.json"


def test_an_answer_says_who_ordered_what_and_how_far_the_campaign_was() -> None:
    sending = campaign(counts=Counts(accepted=640, batches=7), released=7, queued=5)

    fields = json.loads(answer(PAUSED, campaign=sending).to_json("en"))

    assert fields == {
        "time": "2026-01-02 11:00:00",
        "order": "pause",
        "what": CAMPAIGN_ID,
        "by": "AWS:AIDAA",
        "answer": PAUSED.text(),
        "code": "order_paused",
        "campaign_id": CAMPAIGN_ID,
        "file": "incoming/SMS_154950909/云通信/july.csv",
        "status": "sending",
        "outcome": "",
        "halted": "",
        "accepted": 640,
        "batches": 7,
        "released": 7,
        "queued": 5,
    }


@pytest.mark.parametrize(
    ("said", "is_followed"),
    [(PAUSED, True), (UNKNOWN, False), (Reason("order_late", ("A",)), False)],
)
def test_only_an_order_that_was_not_followed_is_an_error(said: Reason, is_followed: bool) -> None:
    fields = answer(said).fields("zh")

    assert ("answer" in fields, "error" in fields) == (is_followed, not is_followed)


def test_all_that_is_said_is_one_text_in_the_language_of_the_stack() -> None:
    said = (Reason("order_resumed", ("A",)), Reason("order_held_start"))

    assert answer(*said).fields("zh")["answer"] == "任务 A 已解除暂停。该任务尚未到开始时间。"


def test_an_answer_about_the_stack_says_whether_it_is_paused() -> None:
    said = Reason("order_stack_paused")

    assert answer(said, pause=Pause(paused=True)).fields("en")["paused"] is True

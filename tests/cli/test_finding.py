"""What one person was sent: found in the plans, and what became of it in the ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from smsdrop.batches.batch import Batch, nth_batch_id
from smsdrop.code_texts import code_text
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.receipts.looks import NO_LOOKS, Looks
from smsdrop.receipts.part import Part, part_key
from smsdrop.receipts.receipt import Delivery, Receipt
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.finding import Found, masked, texts_to
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of, campaign, layout, rows_of
from tests.support.terminal import EARLIER_ID, put

pytest_plugins = ["tests.support.cli_fixtures"]

LOOKED = Looks(receipts_from=NOW, receipts_at=NOW + 3600, receipts_as_of=NOW + 300)

NUMBER = "13800000003"
"""The fourth of the samples' numbers."""


def planned(
    stack: Stack, batches: Sequence[Batch], *, campaign_id: str = CAMPAIGN_ID, **changes: Any
) -> Campaign:
    plan = f"work/{campaign_id}/0f/"
    campaign_ = replace(campaign(), campaign_id=campaign_id, plan=plan, **changes)
    stack.ledger.write(None, campaign_)
    lines = [replace(each, batch_id=nth_batch_id(campaign_id, 1)).to_json() for each in batches]
    put(stack, f"{plan}batches.jsonl", "\n".join([*lines, ""]).encode())
    return campaign_


def found(stack: Stack, number: str = NUMBER, *, days: int = 30) -> list[Found]:
    return list(texts_to(stack, number, days=days, now=NOW + 3600))


def test_a_text_is_found_with_template_sign_name_params_and_when_it_was_sent(
    deployed: Stack,
) -> None:
    planned(deployed, [batch_of(10)])
    sent = BatchEntry(
        batch_id=nth_batch_id(CAMPAIGN_ID, 1),
        state=State.SENT,
        recipients=10,
        ended_at=NOW,
        biz_id="9^0",
    )
    deployed.ledger.write(None, sent)

    [text] = found(deployed)

    assert (text.status, text.reason, text.biz_id) == ("sent", "", "9^0")
    assert text.sent_at == f"{datetime.fromtimestamp(NOW, UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert (text.template_code, text.sign_name) == ("SMS_154950909", "云通信")
    assert text.params == {"name": "张三3"}
    assert text.file == "incoming/SMS_154950909/云通信/july.csv"


def test_the_latest_campaign_comes_first_and_those_of_long_ago_not_at_all(deployed: Stack) -> None:
    planned(deployed, [batch_of(10)])
    planned(deployed, [batch_of(10)], campaign_id=EARLIER_ID)
    planned(deployed, [batch_of(10)], campaign_id="20251102T030405Z-0123456789abcdef")

    assert [each.campaign_id for each in found(deployed)] == [CAMPAIGN_ID, EARLIER_ID]
    assert [each.campaign_id for each in found(deployed, days=1)] == [CAMPAIGN_ID]


def test_a_person_is_followed_into_the_parts_of_a_batch(deployed: Stack) -> None:
    planned(deployed, [batch_of(4)])
    whole = nth_batch_id(CAMPAIGN_ID, 1)
    for part, state, recipients in (
        ("", State.SPLIT, 4),
        (".0", State.SENT, 2),
        (".1", State.SPLIT, 2),
        (".1.0", State.SENT, 1),
        (".1.1", State.REFUSED, 1),
    ):
        code = "isv.MOBILE_NUMBER_ILLEGAL" if state is State.REFUSED else ""
        entry = BatchEntry(batch_id=whole + part, state=state, recipients=recipients, code=code)
        deployed.ledger.write(None, entry)

    assert [found(deployed, f"1380000000{each}")[0].status for each in range(4)] == [
        "sent",
        "sent",
        "sent",
        "refused",
    ]
    assert "isv.MOBILE_NUMBER_ILLEGAL" in found(deployed)[0].reason
    assert found(deployed)[0].batch_id == f"{whole}.1.1"


@pytest.mark.parametrize(
    ("changes", "entry", "status"),
    [
        pytest.param({}, None, "pending", id="not begun yet"),
        pytest.param({}, State.WAITING, "pending", id="tried again"),
        pytest.param({}, State.SENDING, "pending", id="under way"),
        pytest.param({"halt_code": CANCELLED_BY_HAND}, None, "cancelled", id="never begun"),
        pytest.param({"halt_code": CANCELLED_BY_HAND}, State.SENDING, "pending", id="in doubt"),
        pytest.param({"halt_code": CANCELLED_BY_HAND}, State.SENT, "sent", id="sent before"),
    ],
)
def test_what_became_of_a_person_while_the_campaign_runs(
    deployed: Stack, changes: dict[str, Any], entry: State | None, status: str
) -> None:
    planned(deployed, [batch_of(10)], **changes)
    if entry:
        batch_id = nth_batch_id(CAMPAIGN_ID, 1)
        deployed.ledger.write(None, BatchEntry(batch_id=batch_id, state=entry, recipients=10))

    assert [each.status for each in found(deployed)] == [status]


def test_digits_that_are_no_number_and_plans_that_were_not_sent_are_passed_over(
    deployed: Stack,
) -> None:
    order_number = rows_of(("13900000000",), (f"8{NUMBER}",))
    planned(deployed, [replace(batch_of(1), rows=order_number)])
    planned(deployed, [batch_of(10)], campaign_id=EARLIER_ID, status=Status.REFUSED)

    assert found(deployed) == []


def test_a_plan_that_is_gone_keeps_no_other_from_being_searched(deployed: Stack) -> None:
    gone = planned(deployed, [batch_of(10)])
    put(deployed, f"{gone.plan}rows.jsonl")
    deployed.clients.s3.delete_object(Bucket=deployed.bucket, Key=f"{gone.plan}batches.jsonl")
    planned(deployed, [batch_of(10)], campaign_id=EARLIER_ID)

    assert [each.campaign_id for each in found(deployed)] == [EARLIER_ID]


def test_params_show_no_other_phone_number(deployed: Stack) -> None:
    rows = rows_of((NUMBER,), (f"call 13911112222 or {NUMBER}",))
    planned(deployed, [replace(batch_of(1), rows=rows, layout=layout("agent"))])

    [text] = found(deployed)

    assert text.params == {"agent": f"call *******2222 or {NUMBER}"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("8613911112222", "*******2222"),
        ("+8613911112222.", "+*******2222."),
        ("order 9139111122223", "order 9139111122223"),
        ("88.00", "88.00"),
    ],
)
def test_a_number_is_hidden_but_for_its_end(text: str, shown: str) -> None:
    assert masked(text, but=NUMBER) == shown


@pytest.mark.parametrize(
    ("receipt", "looks", "expected"),
    [
        pytest.param(
            Receipt(delivery=Delivery.DELIVERED, code="DELIVERED", received_at=NOW),
            LOOKED,
            ("delivered", "DELIVERED", "", "2026-01-02T03:00:00Z"),
            id="delivered",
        ),
        pytest.param(
            Receipt(delivery=Delivery.FAILED, code="NO_ROUTE", received_at=NOW),
            LOOKED,
            ("undelivered", "NO_ROUTE", code_text("NO_ROUTE", "en"), ""),
            id="undelivered",
        ),
        pytest.param(None, LOOKED, ("pending", "", "", ""), id="nothing is known yet"),
        pytest.param(
            None, replace(LOOKED, receipts_at=0), ("no_receipt", "", "", ""), id="no receipt"
        ),
        pytest.param(None, NO_LOOKS, ("", "", "", ""), id="nobody is asked"),
    ],
)
def test_a_text_is_found_with_what_the_carrier_has_said_of_it(
    deployed: Stack, receipt: Receipt | None, looks: Looks, expected: tuple[str, ...]
) -> None:
    planned(deployed, [batch_of(10)], status=Status.CLOSED, looks=looks)
    batch_id = nth_batch_id(CAMPAIGN_ID, 1)
    entry = BatchEntry(batch_id=batch_id, state=State.SENT, recipients=10, ended_at=NOW)
    deployed.ledger.write(None, entry)
    if receipt:
        put(deployed, part_key(CAMPAIGN_ID, 0), Part(receipts={(1, 3): receipt}).to_bytes())

    [text] = found(deployed)

    said = (text.delivery, text.delivery_code, text.delivery_cause, text.delivered_at)
    assert said == expected

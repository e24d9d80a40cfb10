"""QuerySendDetails at the stand-in gateway: what became of the messages to one number."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from local.gateway.account import Account
from local.gateway.answers import Refusal
from local.gateway.catalogue import Catalogue, CatalogueTemplate
from local.gateway.lookup import query_send_details
from local.gateway.sending import send_batch_sms
from tests.support.gateway_caller import Clock, batch, lookup

pytest_plugins = ["tests.support.gateway_fixtures"]

ALICE, BOB = "13800138000", "13900139000"
TODAY, TOMORROW = "20260102", "20260103"
DAY_SECONDS = 24 * 3600


def send(account: Account, *phone_numbers: str, **changes: str) -> str:
    answer = send_batch_sms(account, batch(*phone_numbers, **changes), request_number=1)
    return str(answer.biz_id)


def ask(account: Account, params: Mapping[str, str]) -> dict[str, Any]:
    return dict(json.loads(query_send_details(account, params, request_number=1).body))


def rows(account: Account, phone_number: str, day: str = TODAY, **changes: str) -> list[Any]:
    answer = ask(account, lookup(phone_number, day, **changes))
    return list(answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"])


def test_a_delivered_message_is_told_in_full(account: Account) -> None:
    template = CatalogueTemplate(content="您好 ${name}")
    account.catalogue = Catalogue(
        is_set=True, signs={"云通信": "approved"}, templates={"SMS_154950909": template}
    )
    send(account, ALICE, BOB)

    answer = ask(account, lookup(ALICE, TODAY))

    assert {**answer, "RequestId": ""} == {
        "Code": "OK",
        "Message": "OK",
        "RequestId": "",
        "TotalCount": "1",
        "SmsSendDetailDTOs": {
            "SmsSendDetailDTO": [
                {
                    "PhoneNum": ALICE,
                    "OutId": "july-000001-1",
                    "TemplateCode": "SMS_154950909",
                    "Content": "【云通信】您好 张三",
                    "SendStatus": 3,
                    "ErrCode": "DELIVERED",
                    "SendDate": "2026-01-02 12:00:00",
                    "ReceiveDate": "2026-01-02 12:00:00",
                }
            ]
        },
    }


def test_a_number_nobody_texted_has_no_rows(account: Account) -> None:
    send(account, ALICE)

    answer = ask(account, lookup(BOB, TODAY))

    assert answer["TotalCount"] == "0"
    assert answer["SmsSendDetailDTOs"] == {"SmsSendDetailDTO": []}


def test_a_bad_number_is_listed_as_failed(account: Account) -> None:
    account.settings = replace(account.settings, bad_numbers=frozenset({BOB}))
    send(account, ALICE, BOB, "1380013800")

    statuses = {
        number: (row["SendStatus"], row["ErrCode"])
        for number in (ALICE, BOB, "1380013800")
        for row in rows(account, number)
    }

    assert statuses == {
        ALICE: (3, "DELIVERED"),
        BOB: (2, "INVALID_NUMBER"),
        "1380013800": (2, "INVALID_NUMBER"),
    }


def test_a_message_is_listed_only_after_the_delay_that_is_set(
    account: Account, clock: Clock
) -> None:
    account.settings = replace(account.settings, listing_seconds=60)
    send(account, ALICE)
    clock.now += 59
    too_early = rows(account, ALICE)
    clock.now += 1

    assert too_early == []
    assert len(rows(account, ALICE)) == 1


def test_a_message_waits_for_its_receipt(account: Account, clock: Clock) -> None:
    account.settings = replace(account.settings, receipt_seconds=20)
    send(account, ALICE)
    waiting = rows(account, ALICE)
    clock.now += 20
    received = rows(account, ALICE)

    assert [row["SendStatus"] for row in (*waiting, *received)] == [1, 3]
    assert waiting[0].keys().isdisjoint({"ErrCode", "ReceiveDate"})
    assert received[0]["ReceiveDate"] == "2026-01-02 12:00:20"


@pytest.mark.parametrize(
    ("hours_after_noon", "day"),
    [
        pytest.param(12 - 1 / 3600, TODAY, id="a second before midnight in Beijing"),
        pytest.param(12, TOMORROW, id="midnight in Beijing"),
        pytest.param(20 - 1 / 3600, TOMORROW, id="a second before midnight in Greenwich"),
    ],
)
def test_a_message_belongs_to_its_day_in_beijing(
    account: Account, clock: Clock, hours_after_noon: float, day: str
) -> None:
    clock.now += hours_after_noon * 3600
    send(account, ALICE)

    assert [each for each in (TODAY, TOMORROW) if rows(account, ALICE, each)] == [day]


def test_rows_come_in_pages(account: Account) -> None:
    for attempt in range(5):
        send(account, ALICE, OutId=str(attempt))

    pages = [
        [row["OutId"] for row in rows(account, ALICE, PageSize="2", CurrentPage=str(page))]
        for page in (1, 2, 3, 4)
    ]

    assert pages == [["0", "1"], ["2", "3"], ["4"], []]
    assert ask(account, lookup(ALICE, TODAY, PageSize="2"))["TotalCount"] == "5"


def test_a_biz_id_narrows_the_rows_to_its_call(account: Account) -> None:
    send(account, ALICE, OutId="first")
    biz_id = send(account, ALICE, OutId="second")

    assert [row["OutId"] for row in rows(account, ALICE, BizId=biz_id)] == ["second"]


def test_a_number_twice_in_one_call_has_two_rows(account: Account) -> None:
    send(account, ALICE, ALICE)

    assert len(rows(account, ALICE)) == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"PageSize": "0"}, "InvalidPageSize", id="page size 0"),
        pytest.param({"PageSize": "1"}, "OK", id="page size 1"),
        pytest.param({"PageSize": "50"}, "OK", id="page size 50"),
        pytest.param({"PageSize": "51"}, "InvalidPageSize", id="page size 51"),
        pytest.param({"PageSize": "ten"}, "InvalidPageSize", id="page size in words"),
        pytest.param({"CurrentPage": "0"}, "InvalidCurrentPage", id="page 0"),
        pytest.param({"SendDate": "2026-01-02"}, "InvalidSendDate", id="date with dashes"),
        pytest.param({"SendDate": "20260230"}, "InvalidSendDate", id="30 February"),
        pytest.param({"SendDate": "20251203"}, "OK", id="30 days ago"),
        pytest.param({"SendDate": "20251202"}, "isv.INVALID_PARAMETERS", id="31 days ago"),
        pytest.param({"PhoneNumber": "+8613800138000"}, "isv.MOBILE_NUMBER_ILLEGAL", id="not bare"),
    ],
)
def test_a_lookup_must_be_well_formed(account: Account, changes: dict[str, str], code: str) -> None:
    try:
        outcome = query_send_details(
            account, lookup(ALICE, TODAY, **changes), request_number=1
        ).code
    except Refusal as refusal:
        outcome = refusal.code

    assert outcome == code


def test_a_message_can_still_be_looked_up_after_thirty_days(account: Account, clock: Clock) -> None:
    send(account, ALICE)
    clock.now += 30 * DAY_SECONDS

    assert len(rows(account, ALICE)) == 1

"""The books of the stand-in gateway: every message, every request, and their sums."""

import pytest
import requests

from local.gateway.account import Account
from local.gateway.catalogue import CatalogueTemplate
from local.gateway.client import Gateway
from local.gateway.request_log import LoggedRequest
from local.gateway.sending import send_batch_sms
from tests.support.gateway_caller import Caller, batch, numbers

pytest_plugins = ["tests.support.gateway_fixtures"]

ALICE, BOB = "13800138000", "13900139000"


def test_every_accepted_message_is_told_in_full(caller: Caller, gateway: Gateway) -> None:
    answer = caller.call(
        "SendBatchSms", batch(ALICE, BOB, SmsUpExtendCodeJson='["001", "002"]')
    ).json()

    [first, second] = gateway.journal()

    assert (first.phone_number, second.phone_number) == (ALICE, BOB)
    assert (first.extend_code, second.extend_code) == ("001", "002")
    assert (first.template_code, first.sign_name) == ("SMS_154950909", "云通信")
    assert first.params == {"name": "张三"}
    assert (first.out_id, first.biz_id) == ("july-000001-1", answer["BizId"])
    assert (first.request_number, first.failed) == (1, False)


def test_every_request_is_told_whatever_became_of_it(caller: Caller, gateway: Gateway) -> None:
    caller.send(ALICE, BOB)
    caller.look_up(ALICE)
    caller.send(*numbers(101))

    seen = [
        (each.action, each.number, each.outcome, each.recipients, each.accepted, each.out_id)
        for each in gateway.requests()
    ]

    assert seen == [
        ("SendBatchSms", 1, "OK", 2, True, "july-000001-1"),
        ("QuerySendDetails", 1, "OK", 1, True, None),
        ("SendBatchSms", 2, "isv.MOBILE_COUNT_OVER_LIMIT", 101, False, "july-000001-1"),
    ]


@pytest.mark.parametrize(
    ("offset", "limit"),
    [
        pytest.param(0, None, id="all"),
        pytest.param(0, 0, id="none"),
        pytest.param(99, 2, id="across two calls"),
        pytest.param(100, 100, id="exactly the second call"),
        pytest.param(249, 5, id="over the end"),
        pytest.param(250, None, id="after the end"),
    ],
)
def test_the_journal_can_be_read_in_pages(account: Account, offset: int, limit: int | None) -> None:
    everyone = numbers(250)
    for start in (0, 100, 200):
        send_batch_sms(account, batch(*everyone[start : start + 100]), request_number=1)

    pages = account.journal.pages(offset=offset, limit=limit)

    end = None if limit is None else offset + limit
    assert [each.phone_number for page in pages for each in page] == everyone[offset:end]


def test_the_summary_tells_texts_people_and_people_texted_more_than_once(
    caller: Caller, gateway: Gateway
) -> None:
    caller.send(ALICE, BOB, "1380013800")
    caller.send(ALICE)

    summary = gateway.summary()

    assert (summary.texts, summary.failed) == (3, 1)
    assert (summary.distinct_numbers, summary.numbers_texted_more_than_once) == (2, 1)
    assert summary.calls == {"SendBatchSms": {"OK": 2}}


def test_the_messages_to_one_number_can_be_asked_for(caller: Caller, gateway: Gateway) -> None:
    caller.send(ALICE, BOB)
    caller.send(BOB)

    found = [(each.phone_number, each.request_number) for each in gateway.journal(phone_number=BOB)]

    assert found == [(BOB, 1), (BOB, 2)]
    assert list(gateway.journal(phone_number="13700137000")) == []


def test_requests_can_be_read_in_pages(caller: Caller, gateway: Gateway) -> None:
    for _ in range(3):
        caller.send(ALICE)

    page: list[LoggedRequest] = list(gateway.requests(offset=1, limit=1))

    assert [each.number for each in page] == [2]


def test_a_reset_forgets_everything(caller: Caller, gateway: Gateway) -> None:
    gateway.set_catalogue(signs={}, templates={"SMS_1": CatalogueTemplate(content="x")})
    gateway.change_settings(balance=0, bad_numbers=[ALICE])
    caller.send(ALICE)

    gateway.reset()

    assert list(gateway.requests()) == []
    assert gateway.settings()["balance"] is None
    assert caller.send(ALICE).json()["Code"] == "OK"
    assert [each.number for each in gateway.requests()] == [1]


def test_the_catalogue_is_set_and_unset_while_it_runs(caller: Caller, gateway: Gateway) -> None:
    template = CatalogueTemplate(content="您好 ${name}", type=1, name="问候")
    gateway.set_catalogue(signs={"云通信": "reviewing"}, templates={"SMS_154950909": template})
    under_review = caller.send(ALICE).json()["Code"]
    gateway.set_catalogue(signs={"云通信": "approved"}, templates={"SMS_154950909": template})
    approved = caller.send(ALICE).json()["Code"]
    gateway.unset_catalogue()
    unset = caller.call("SendBatchSms", batch(ALICE, TemplateCode="SMS_7")).json()["Code"]

    assert [under_review, approved, unset] == ["isv.SMS_SIGNATURE_ILLEGAL", "OK", "OK"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"ballance": 1}, id="no such setting"),
        pytest.param({"placement": "anywhere"}, id="no such choice"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(
    gateway: Gateway, changes: dict[str, object]
) -> None:
    with pytest.raises(requests.HTTPError, match="400"):
        gateway.change_settings(**changes)

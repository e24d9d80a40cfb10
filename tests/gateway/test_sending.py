"""Sending at the stand-in gateway: all of a call is accepted, or nobody is texted."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from local.gateway.account import Account
from local.gateway.answers import Answer, Refusal
from local.gateway.catalogue import Catalogue, CatalogueTemplate
from local.gateway.client import Gateway
from local.gateway.sending import send_batch_sms, send_sms
from tests.support.gateway_caller import Caller, batch, numbers

pytest_plugins = ["tests.support.gateway_fixtures"]

ALICE, BOB = "13800138000", "13900139000"


def send(account: Account, params: Mapping[str, str]) -> Answer:
    return send_batch_sms(account, params, request_number=1)


def outcome(account: Account, params: Mapping[str, str]) -> str:
    try:
        return send(account, params).code
    except Refusal as refusal:
        return refusal.code


def texted(account: Account) -> list[str]:
    return [
        message.phone_number
        for page in account.journal.pages()
        for message in page
        if not message.failed
    ]


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue(
        is_set=True,
        signs={"云通信": "approved", "Acme": "approved", "旧签名": "rejected"},
        templates={
            "SMS_154950909": CatalogueTemplate(content="您好 ${name}"),
            "SMS_1": CatalogueTemplate(content="您好", status="reviewing"),
            "SMS_2": CatalogueTemplate(content="Hello ${name}", type=3),
            "SMS_3": CatalogueTemplate(content="您好"),
        },
    )


@pytest.mark.parametrize(
    ("count", "code"),
    [
        pytest.param(0, "isv.INVALID_PARAMETERS", id="nobody"),
        pytest.param(1, "OK", id="one"),
        pytest.param(100, "OK", id="exactly full"),
        pytest.param(101, "isv.MOBILE_COUNT_OVER_LIMIT", id="one over"),
    ],
)
def test_a_call_texts_up_to_a_hundred_people(account: Account, count: int, code: str) -> None:
    assert outcome(account, batch(*numbers(count))) == code
    assert texted(account) == (numbers(count) if code == "OK" else [])


@pytest.mark.parametrize(
    "spelling", [ALICE, f"+86{ALICE}", f"86{ALICE}", f"0086{ALICE}", f"+{ALICE}"]
)
def test_a_number_is_the_same_in_every_spelling(account: Account, spelling: str) -> None:
    send(account, batch(spelling))

    assert texted(account) == [ALICE]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"PhoneNumberJson": "[138"}, "isv.INVALID_JSON_PARAM", id="torn JSON"),
        pytest.param({"PhoneNumberJson": '"x"'}, "isv.INVALID_JSON_PARAM", id="not an array"),
        pytest.param({"PhoneNumberJson": "[1]"}, "isv.INVALID_JSON_PARAM", id="a number, bare"),
        pytest.param({"SignNameJson": "[null]"}, "isv.INVALID_JSON_PARAM", id="sign name null"),
        pytest.param(
            {"TemplateParamJson": '[{"n": 1}]'}, "isv.INVALID_JSON_PARAM", id="value not a string"
        ),
        pytest.param(
            {"TemplateParamJson": '["n"]'}, "isv.INVALID_JSON_PARAM", id="params not an object"
        ),
        pytest.param(
            {"SignNameJson": '["云通信", "云通信"]'}, "isv.INVALID_PARAMETERS", id="two sign names"
        ),
        pytest.param({"TemplateParamJson": "[]"}, "isv.INVALID_PARAMETERS", id="no params"),
        pytest.param(
            {"SmsUpExtendCodeJson": "[]"}, "isv.INVALID_PARAMETERS", id="too few extend codes"
        ),
        pytest.param({"SmsUpExtendCodeJson": '["1234567"]'}, "OK", id="seven digits"),
        pytest.param(
            {"SmsUpExtendCodeJson": '["12345678"]'}, "isv.EXTEND_CODE_ERROR", id="eight digits"
        ),
        pytest.param({"SmsUpExtendCodeJson": '["12a"]'}, "isv.EXTEND_CODE_ERROR", id="a letter"),
        pytest.param({"OutId": "x" * 255}, "OK", id="longest OutId"),
        pytest.param({"OutId": "x" * 256}, "isv.INVALID_PARAMETERS", id="OutId one over"),
        pytest.param({"TemplateCode": "154950909"}, "isv.SMS_TEMPLATE_ILLEGAL", id="no SMS_"),
        pytest.param({"SignNameJson": '["云"]'}, "isv.SMS_SIGNATURE_ILLEGAL", id="short sign"),
        pytest.param(
            {"SignNameJson": json.dumps(["x" * 13])}, "isv.SMS_SIGNATURE_ILLEGAL", id="long sign"
        ),
    ],
)
def test_what_is_not_well_formed_texts_nobody(
    account: Account, changes: dict[str, str], code: str
) -> None:
    assert outcome(account, batch(ALICE, **changes)) == code
    assert texted(account) == ([ALICE] if code == "OK" else [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({}, "OK", id="as listed"),
        pytest.param({"SignNameJson": '["ACME"]'}, "OK", id="sign in capitals"),
        pytest.param(
            {"SignNameJson": '["新签名"]'}, "isv.SMS_SIGNATURE_ILLEGAL", id="unknown sign"
        ),
        pytest.param(
            {"SignNameJson": '["旧签名"]'}, "isv.SMS_SIGNATURE_ILLEGAL", id="rejected sign"
        ),
        pytest.param({"TemplateCode": "SMS_9"}, "isv.SMS_TEMPLATE_ILLEGAL", id="unknown template"),
        pytest.param({"TemplateCode": "SMS_1"}, "isv.SMS_TEMPLATE_ILLEGAL", id="under review"),
        pytest.param(
            {"TemplateCode": "SMS_2"}, "isv.DOMESTIC_NUMBER_NOT_SUPPORTED", id="international"
        ),
        pytest.param(
            {"TemplateParamJson": "[{}]"}, "isv.TEMPLATE_MISSING_PARAMETERS", id="no value"
        ),
        pytest.param(
            {"TemplateParamJson": ""}, "isv.TEMPLATE_MISSING_PARAMETERS", id="no values at all"
        ),
        pytest.param(
            {"TemplateParamJson": '[{"name": ""}]'}, "isv.SMS_TEMPLATE_ILLEGAL", id="empty value"
        ),
        pytest.param(
            {"TemplateParamJson": '[{"name": "a", "age": "7"}]'},
            "isv.SMS_TEMPLATE_ILLEGAL",
            id="superfluous value",
        ),
        pytest.param(
            {"TemplateCode": "SMS_3", "TemplateParamJson": ""}, "OK", id="no variables, no values"
        ),
    ],
)
def test_once_the_catalogue_is_set_only_what_it_lists_is_known(
    account: Account, catalogue: Catalogue, changes: dict[str, str], code: str
) -> None:
    account.catalogue = catalogue

    assert outcome(account, batch(ALICE, **changes)) == code
    assert texted(account) == ([ALICE] if code == "OK" else [])


def single(**changes: str) -> dict[str, str]:
    """Return the params of one SendSms call."""
    params = {
        "PhoneNumbers": f"{ALICE},{BOB}",
        "SignName": "云通信",
        "TemplateCode": "SMS_154950909",
        "TemplateParam": '{"name": "张三"}',
    }
    return params | changes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({}, "OK", id="as documented"),
        pytest.param({"PhoneNumbers": ",".join(numbers(1000))}, "OK", id="exactly full"),
        pytest.param(
            {"PhoneNumbers": ",".join(numbers(1001))}, "isv.MOBILE_COUNT_OVER_LIMIT", id="one over"
        ),
        pytest.param(
            {"TemplateParam": '{"name": 1}'}, "isv.INVALID_JSON_PARAM", id="value not a string"
        ),
        pytest.param({"TemplateParam": '[{"name": "a"}]'}, "isv.INVALID_JSON_PARAM", id="an array"),
        pytest.param(
            {"TemplateParam": '{"name": "a"}, {"name": "b"}'},
            "isv.INVALID_JSON_PARAM",
            id="two objects",
        ),
        pytest.param({"TemplateParam": ""}, "isv.TEMPLATE_MISSING_PARAMETERS", id="no value"),
        pytest.param(
            {"TemplateParam": '{"name": "a", "age": "7"}'},
            "isv.SMS_TEMPLATE_ILLEGAL",
            id="superfluous value",
        ),
        pytest.param({"SignName": "新签名"}, "isv.SMS_SIGNATURE_ILLEGAL", id="unknown sign"),
        pytest.param({"SmsUpExtendCode": "12345678"}, "isv.EXTEND_CODE_ERROR", id="eight digits"),
        pytest.param({"OutId": "x" * 256}, "isv.INVALID_PARAMETERS", id="OutId one over"),
    ],
)
def test_one_text_goes_to_several_people_or_to_nobody(
    account: Account, catalogue: Catalogue, changes: dict[str, str], code: str
) -> None:
    account.catalogue = catalogue
    params = single(**changes)

    try:
        outcome = send_sms(account, params, request_number=1).code
    except Refusal as refusal:
        outcome = refusal.code

    assert outcome == code
    assert texted(account) == (params["PhoneNumbers"].split(",") if code == "OK" else [])


def test_everyone_of_a_single_sending_reads_the_same(account: Account) -> None:
    send_sms(account, single(SmsUpExtendCode="7", OutId="july"), request_number=1)

    [page] = account.journal.pages()
    assert [each.phone_number for each in page] == [ALICE, BOB]
    assert {(each.sign_name, each.extend_code, each.out_id) for each in page} == {
        ("云通信", "7", "july")
    }
    assert [each.params for each in page] == [{"name": "张三"}] * 2


@pytest.mark.parametrize(
    "bad", [pytest.param("1380013800", id="ten digits"), pytest.param(BOB, id="listed as bad")]
)
def test_a_bad_number_fails_alone(account: Account, bad: str) -> None:
    account.settings = replace(account.settings, bad_numbers=frozenset({BOB}))

    answer = send(account, batch(bad, ALICE))

    assert answer.code == "OK"
    assert texted(account) == [ALICE]
    assert [message.failed for message in account.journal.of_number(bad)] == [True]


def test_a_bad_number_fails_the_whole_call_if_so_set(account: Account) -> None:
    account.settings = replace(account.settings, a_bad_number_fails="call")

    assert outcome(account, batch("1380013800", ALICE)) == "isv.MOBILE_NUMBER_ILLEGAL"
    assert texted(account) == []


def test_the_balance_pays_for_whole_calls_until_it_is_topped_up(account: Account) -> None:
    account.settings = replace(account.settings, balance=3)

    before = [outcome(account, batch(ALICE, BOB)) for _ in range(2)]
    account.settings = replace(account.settings, balance=2)
    after = [outcome(account, batch(ALICE, BOB)) for _ in range(2)]

    assert before == ["OK", "isv.AMOUNT_NOT_ENOUGH"]
    assert after == ["OK", "isv.AMOUNT_NOT_ENOUGH"]
    assert texted(account) == [ALICE, BOB, ALICE, BOB]


def test_an_accepted_call_is_answered_with_one_biz_id(caller: Caller) -> None:
    answer = caller.send(ALICE, BOB)

    accepted = answer.json()
    assert answer.status_code == 200
    assert accepted.keys() == {"Code", "Message", "BizId", "RequestId"}
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    assert answer.headers["X-Acs-Request-Id"] == accepted["RequestId"]


def test_a_business_refusal_comes_with_200_and_no_biz_id(caller: Caller) -> None:
    answer = caller.send(*numbers(101))

    assert answer.status_code == 200
    assert answer.json().keys() == {"Code", "Message", "RequestId"}


@pytest.mark.parametrize(
    ("action", "changes", "headers", "status", "code"),
    [
        pytest.param("SendBatchSms", {"PhoneNumberJson": ""}, {}, 400, "MissingPhoneNumberJson"),
        pytest.param("SendBatchSms", {"TemplateCode": ""}, {}, 400, "MissingTemplateCode"),
        pytest.param("SendNothing", {}, {}, 404, "InvalidAction.NotFound"),
        pytest.param("", {}, {}, 400, "MissingAction"),
        pytest.param("SendBatchSms", {}, {"x-acs-version": "2016"}, 400, "InvalidVersion"),
    ],
)
def test_the_gateway_in_front_refuses_what_it_does_not_know(
    caller: Caller,
    action: str,
    changes: dict[str, str],
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    answer = caller.call(action, batch(ALICE, **changes), headers=headers)

    assert (answer.status_code, answer.json()["Code"]) == (status, code)


def test_every_param_may_stand_in_the_query_unless_that_is_switched_off(
    caller: Caller, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything_in_the_query = batch(ALICE)
    monkeypatch.setattr("tests.support.gateway_caller.BODY", [])

    anywhere = caller.call("SendBatchSms", everything_in_the_query, method="GET")
    gateway.change_settings(placement="documented")
    documented = caller.call("SendBatchSms", everything_in_the_query, method="GET")

    assert anywhere.json()["Code"] == "OK"
    assert documented.json()["Code"] == "MissingPhoneNumberJson"


def test_a_body_too_large_for_the_proxy_is_refused_by_a_page_and_texts_nobody(
    caller: Caller, gateway: Gateway
) -> None:
    whole = len(caller.send(*numbers(4)).request.body or b"")
    gateway.change_settings(max_body_bytes=whole - 1)

    answer = caller.send(*numbers(4))

    assert (answer.status_code, answer.text[:6]) == (413, "<html>")
    assert caller.send(*numbers(3)).json()["Code"] == "OK"
    gateway.change_settings(max_body_bytes=whole)
    assert caller.send(*numbers(4)).json()["Code"] == "OK"
    assert gateway.summary().texts == 4 + 3 + 4
    assert gateway.summary().calls == {"SendBatchSms": {"OK": 3, "not JSON": 1}}

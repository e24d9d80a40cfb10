"""What the stand-in gateway answers about its templates and sign names."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local.gateway.account import Account
from local.gateway.answers import Refusal
from local.gateway.catalogue import Catalogue, CatalogueTemplate
from local.gateway.client import Gateway
from local.gateway.review import get_sms_sign, get_sms_template, query_sms_sign, query_sms_template
from tests.support.gateway_caller import Caller

pytest_plugins = ["tests.support.gateway_fixtures"]


@pytest.fixture
def stocked(account: Account) -> Account:
    account.catalogue = Catalogue(
        is_set=True,
        signs={
            "云通信": "approved",
            "Acme": "reviewing",
            "旧签名": "rejected",
            "撤回": "cancelled",
        },
        filings={"Acme": {"mobile": -2, "telecom": 2}},
        templates={
            "SMS_1": CatalogueTemplate(content="您好 ${name}", name="问候", type=1),
            "SMS_2": CatalogueTemplate(content="验证码 ${code}", type=0, status="reviewing"),
            "SMS_3": CatalogueTemplate(content="大促", type=2, status="rejected"),
            "SMS_4": CatalogueTemplate(content="Hello", type=3, status="cancelled"),
        },
    )
    return account


def told(account: Account, code: str) -> dict[str, Any]:
    answer = query_sms_template(account, {"TemplateCode": code}, request_number=1)
    return dict(json.loads(answer.body))


def test_a_template_is_told_in_full(stocked: Account) -> None:
    assert {**told(stocked, "SMS_1"), "RequestId": ""} == {
        "Code": "OK",
        "Message": "OK",
        "RequestId": "",
        "TemplateCode": "SMS_1",
        "TemplateName": "问候",
        "TemplateType": 1,
        "TemplateContent": "您好 ${name}",
        "TemplateStatus": 1,
        "Reason": "",
        "CreateDate": "2026-01-02 11:04:05",
    }


@pytest.mark.parametrize(
    ("code", "kind", "status"),
    [
        pytest.param("SMS_1", 1, 1, id="notification, approved"),
        pytest.param("SMS_2", 0, 0, id="one-time password, reviewing"),
        pytest.param("SMS_3", 2, 2, id="promotion, rejected"),
        pytest.param("SMS_4", 3, 10, id="international, cancelled"),
    ],
)
def test_a_template_is_told_whatever_its_status(
    stocked: Account, code: str, kind: int, status: int
) -> None:
    answer = told(stocked, code)

    assert (answer["TemplateType"], answer["TemplateStatus"]) == (kind, status)


@pytest.mark.parametrize("code", ["SMS_1", "SMS_2", "SMS_3", "SMS_4"])
def test_both_questions_say_the_same_of_a_template_one_of_them_in_texts(
    stocked: Account, code: str
) -> None:
    older = told(stocked, code)

    newer = json.loads(get_sms_template(stocked, {"TemplateCode": code}, request_number=1).body)

    assert newer["TemplateStatus"] == str(older["TemplateStatus"])
    assert newer["TemplateType"] == str(older["TemplateType"])
    same = ("TemplateCode", "TemplateName", "TemplateContent", "CreateDate")
    assert [newer[name] for name in same] == [older[name] for name in same]


def test_the_newer_question_gives_the_rule_for_each_variable(stocked: Account) -> None:
    answer = get_sms_template(stocked, {"TemplateCode": "SMS_1"}, request_number=1)

    assert json.loads(json.loads(answer.body)["VariableAttribute"]) == {
        "name": "characterWithNumber"
    }


def test_an_action_can_be_lacking_and_come_back(caller: Caller, gateway: Gateway) -> None:
    question = {"TemplateCode": "SMS_1"}
    gateway.change_settings(lacks=["QuerySmsTemplate"])

    gone = caller.call("QuerySmsTemplate", question)
    successor = caller.call("GetSmsTemplate", question)

    assert (gone.status_code, gone.json()["Code"]) == (404, "InvalidAction.NotFound")
    assert successor.json()["Code"] == "OK"
    gateway.change_settings(lacks=[])
    assert caller.call("QuerySmsTemplate", question).json()["Code"] == "OK"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("云通信", 1, id="approved"),
        pytest.param("ACME", 0, id="reviewing, in capitals"),
        pytest.param("旧签名", 2, id="rejected"),
        pytest.param("撤回", 10, id="cancelled"),
    ],
)
def test_a_sign_name_is_told_whatever_its_status(stocked: Account, name: str, status: int) -> None:
    for question in (query_sms_sign, get_sms_sign):
        answer = json.loads(question(stocked, {"SignName": name}, request_number=1).body)

        assert (answer["Code"], answer["SignName"], answer["SignStatus"]) == ("OK", name, status)


@pytest.mark.parametrize(
    ("name", "states"),
    [
        pytest.param("云通信", {"mobile": 3, "unicom": 3, "telecom": 3}, id="by default"),
        pytest.param("acme", {"mobile": -2, "unicom": 3, "telecom": 2}, id="as it is set"),
    ],
)
def test_a_sign_names_filing_is_shown_carrier_by_carrier(
    stocked: Account, name: str, states: dict[str, int]
) -> None:
    answer = json.loads(get_sms_sign(stocked, {"SignName": name}, request_number=1).body)

    carriers = answer["SignIspRegisterDetailList"]
    assert {each["OperatorCode"]: each["RegisterStatus"] for each in carriers} == states


@pytest.mark.parametrize(
    ("query", "params", "code"),
    [
        pytest.param(
            query_sms_template, {"TemplateCode": "SMS_9"}, "isv.SMS_TEMPLATE_ILLEGAL", id="template"
        ),
        pytest.param(
            get_sms_template,
            {"TemplateCode": "SMS_9"},
            "isv.SMS_TEMPLATE_ILLEGAL",
            id="template, the newer way",
        ),
        pytest.param(
            query_sms_sign, {"SignName": "新签名"}, "isv.SMS_SIGNATURE_ILLEGAL", id="sign"
        ),
        pytest.param(
            get_sms_sign,
            {"SignName": "新签名"},
            "isv.SMS_SIGNATURE_ILLEGAL",
            id="sign, the newer way",
        ),
    ],
)
def test_what_the_account_does_not_have_is_refused(
    stocked: Account, query: Callable[..., Any], params: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        query(stocked, params, request_number=1)

    assert (refused.value.code, refused.value.status) == (code, 200)


def test_while_no_catalogue_is_set_a_template_is_approved_and_its_content_untold(
    account: Account,
) -> None:
    answer = told(account, "SMS_154950909")

    assert (answer["Code"], answer["TemplateStatus"]) == ("OK", 1)
    assert "TemplateContent" not in answer


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("GetSmsTemplate", "MissingTemplateCode"),
        ("QuerySmsTemplate", "MissingTemplateCode"),
        ("GetSmsSign", "MissingSignName"),
        ("QuerySmsSign", "MissingSignName"),
    ],
)
def test_a_question_that_names_nothing_is_refused(caller: Caller, action: str, code: str) -> None:
    answer = caller.call(action, {})

    assert (answer.status_code, answer.json()["Code"]) == (400, code)

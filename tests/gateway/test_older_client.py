"""Alibaba's older client, which signs with HMAC-SHA1, against the stand-in gateway."""

import json
import warnings
from types import SimpleNamespace
from typing import Any

import pytest

from local.gateway.client import Gateway
from tests.support.gateway_caller import ACCESS_KEY_ID, SECRET, batch, beijing_day

pytest_plugins = ["tests.support.gateway_fixtures"]

ALICE, BOB = "13800138000", "13900139000"
OUT_ID = "job 1/chunk+2*~%&="


@pytest.fixture(scope="module")
def sdk() -> Any:
    """The older client's modules; warnings from their own imports are not smsdrop's to fix."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from aliyunsdkcore.acs_exception.exceptions import (  # type: ignore[import-untyped] # ships no types
            ServerException,
        )
        from aliyunsdkcore.client import AcsClient  # type: ignore[import-untyped] # the same
        from aliyunsdkcore.request import CommonRequest  # type: ignore[import-untyped] # the same
        from aliyunsdkdysmsapi.request.v20170525 import (  # type: ignore[import-untyped] # the same
            QuerySendDetailsRequest,
            QuerySmsSignRequest,
            QuerySmsTemplateRequest,
            SendBatchSmsRequest,
            SendSmsRequest,
        )
    return SimpleNamespace(
        Client=AcsClient,
        CommonRequest=CommonRequest,
        ServerException=ServerException,
        QuerySendDetails=QuerySendDetailsRequest.QuerySendDetailsRequest,
        QuerySmsSign=QuerySmsSignRequest.QuerySmsSignRequest,
        QuerySmsTemplate=QuerySmsTemplateRequest.QuerySmsTemplateRequest,
        SendBatchSms=SendBatchSmsRequest.SendBatchSmsRequest,
        SendSms=SendSmsRequest.SendSmsRequest,
    )


def ask(sdk: Any, gateway: Gateway, request: Any, *, secret: str = SECRET) -> dict[str, Any]:
    request.set_endpoint(gateway.endpoint.removeprefix("http://"))
    request.set_protocol_type("http")
    client = sdk.Client(ACCESS_KEY_ID, secret, "cn-hangzhou")
    return dict(json.loads(client.do_action_with_exception(request)))


def send_request(sdk: Any, *phone_numbers: str) -> Any:
    request = sdk.SendBatchSms()
    for name, value in batch(*phone_numbers, OutId=OUT_ID).items():
        request.add_query_param(name, value)
    return request


def test_the_older_client_sends_everything_in_the_query(sdk: Any, gateway: Gateway) -> None:
    answer = ask(sdk, gateway, send_request(sdk, ALICE, BOB))

    messages = list(gateway.journal())
    assert answer["Code"] == "OK"
    assert [each.phone_number for each in messages] == [ALICE, BOB]
    assert {each.biz_id for each in messages} == {answer["BizId"]}
    assert {(each.out_id, each.sign_name) for each in messages} == {(OUT_ID, "云通信")}


def test_the_older_client_sends_everything_in_the_body(sdk: Any, gateway: Gateway) -> None:
    request = sdk.CommonRequest(version="2017-05-25", action_name="SendBatchSms")
    request.set_method("POST")
    for name, value in batch(ALICE, OutId=OUT_ID).items():
        request.add_body_params(name, value)

    answer = ask(sdk, gateway, request)

    [message] = gateway.journal()
    assert answer["Code"] == "OK"
    assert (message.phone_number, message.out_id) == (ALICE, OUT_ID)


def test_the_older_client_needs_no_place_for_a_param(sdk: Any, gateway: Gateway) -> None:
    gateway.change_settings(placement="documented")

    assert ask(sdk, gateway, send_request(sdk, ALICE))["Code"] == "OK"


def test_the_older_client_sends_one_text_to_several(sdk: Any, gateway: Gateway) -> None:
    request = sdk.SendSms()
    request.set_PhoneNumbers(f"{ALICE},{BOB}")
    request.set_SignName("云通信")
    request.set_TemplateCode("SMS_154950909")
    request.set_TemplateParam('{"name": "张三"}')

    answer = ask(sdk, gateway, request)

    messages = list(gateway.journal())
    assert answer["Code"] == "OK"
    assert [each.phone_number for each in messages] == [ALICE, BOB]
    assert [each.params for each in messages] == [{"name": "张三"}] * 2


def test_the_older_client_looks_up_what_it_sent(sdk: Any, gateway: Gateway) -> None:
    ask(sdk, gateway, send_request(sdk, ALICE))
    request = sdk.QuerySendDetails()
    request.set_PhoneNumber(ALICE)
    request.set_SendDate(beijing_day())
    request.set_PageSize(50)
    request.set_CurrentPage(1)

    answer = ask(sdk, gateway, request)

    [row] = answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
    assert (row["PhoneNum"], row["OutId"], row["SendStatus"]) == (ALICE, OUT_ID, 3)


def test_the_older_client_asks_for_a_template_and_a_sign_name(sdk: Any, gateway: Gateway) -> None:
    template, sign = sdk.QuerySmsTemplate(), sdk.QuerySmsSign()
    template.set_TemplateCode("SMS_154950909")
    sign.set_SignName("云通信")

    assert ask(sdk, gateway, template)["TemplateStatus"] == 1
    assert ask(sdk, gateway, sign)["SignStatus"] == 1


def test_the_older_client_finds_its_own_working_in_the_refusal_of_a_wrong_secret(
    sdk: Any, gateway: Gateway
) -> None:
    """It finds the server's string to sign equal to its own, and so blames the secret."""
    with pytest.raises(sdk.ServerException) as refused:
        ask(sdk, gateway, send_request(sdk, ALICE), secret=f"{SECRET[:-1]}T")

    assert refused.value.get_error_code() == "InvalidAccessKeySecret"
    assert refused.value.get_http_status() == 400
    assert gateway.summary().texts == 0

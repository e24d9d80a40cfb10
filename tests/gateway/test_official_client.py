"""Alibaba's own client against the stand-in gateway: what it can do there, it can do for real."""

import warnings
from typing import Any

import pytest

from local.gateway.admission import ACCOUNT_ID
from local.gateway.catalogue import CatalogueTemplate
from local.gateway.client import Gateway
from local.gateway.delivery import Delivery
from local.gateway.faults import Fault
from tests.support.gateway_caller import ACCESS_KEY_ID, SECRET, batch, beijing_day

pytest_plugins = ["tests.support.gateway_fixtures"]

ALICE, BOB = "13800138000", "13900139000"


@pytest.fixture(scope="module")
def sdk() -> Any:
    """The official client's module; warnings from its own imports are not smsdrop's to fix."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from alibabacloud_dysmsapi20170525 import client, models  # type: ignore[import-untyped] # ships no types
        from alibabacloud_tea_openapi.models import Config  # type: ignore[import-untyped] # the same
    return client.Client, models, Config


def official(sdk: Any, gateway: Gateway, *, secret: str = SECRET) -> Any:
    client, _, config = sdk
    return client(
        config(
            access_key_id=ACCESS_KEY_ID,
            access_key_secret=secret,
            endpoint=gateway.endpoint.removeprefix("http://"),
            protocol="http",
        )
    )


def send_request(sdk: Any, *phone_numbers: str) -> Any:
    params = batch(*phone_numbers)
    return sdk[1].SendBatchSmsRequest(
        phone_number_json=params["PhoneNumberJson"],
        sign_name_json=params["SignNameJson"],
        template_code=params["TemplateCode"],
        template_param_json=params["TemplateParamJson"],
        out_id="job 1/chunk+2*~%&=",
    )


def test_the_official_client_sends(sdk: Any, gateway: Gateway) -> None:
    answer = official(sdk, gateway).send_batch_sms(send_request(sdk, ALICE, BOB)).body

    messages = list(gateway.journal())
    assert answer.code == "OK"
    assert [each.phone_number for each in messages] == [ALICE, BOB]
    assert {each.biz_id for each in messages} == {answer.biz_id}
    assert {each.out_id for each in messages} == {"job 1/chunk+2*~%&="}


def test_the_official_client_looks_up_what_it_sent(sdk: Any, gateway: Gateway) -> None:
    client = official(sdk, gateway)
    client.send_batch_sms(send_request(sdk, ALICE, BOB))

    answer = look_up(sdk, client, ALICE)

    [row] = answer.sms_send_detail_dtos.sms_send_detail_dto
    assert (row.phone_num, row.send_status, row.err_code) == (ALICE, 3, "DELIVERED")
    assert row.out_id == "job 1/chunk+2*~%&="


def look_up(sdk: Any, client: Any, phone_number: str, *, size: int = 50, page: int = 1) -> Any:
    question = sdk[1].QuerySendDetailsRequest(
        phone_number=phone_number, send_date=beijing_day(), page_size=size, current_page=page
    )
    return client.query_send_details(question).body


def test_the_official_client_sees_a_message_wait_and_then_fail(sdk: Any, gateway: Gateway) -> None:
    client = official(sdk, gateway)
    gateway.set_delivery(
        Delivery(failed={"MOBILE_NOT_ON_SERVICE": 1}, received_within=((0, 3600), (1, 3600)))
    )
    client.send_batch_sms(send_request(sdk, ALICE))
    [waiting] = look_up(sdk, client, ALICE).sms_send_detail_dtos.sms_send_detail_dto
    gateway.advance_clock(3600)

    [failed] = look_up(sdk, client, ALICE).sms_send_detail_dtos.sms_send_detail_dto

    assert (waiting.send_status, waiting.err_code, waiting.receive_date) == (1, None, None)
    assert (failed.send_status, failed.err_code) == (2, "MOBILE_NOT_ON_SERVICE")
    assert failed.receive_date > failed.send_date


def test_the_official_client_turns_the_pages_of_rows_that_contradict(
    sdk: Any, gateway: Gateway
) -> None:
    client = official(sdk, gateway)
    gateway.set_delivery(Delivery(contradicted=1, contradicting_rows=4))
    client.send_batch_sms(send_request(sdk, ALICE))

    pages = [look_up(sdk, client, ALICE, size=2, page=page) for page in (1, 2, 3, 4)]

    rows = [each.sms_send_detail_dtos.sms_send_detail_dto for each in pages]
    assert [len(each) for each in rows] == [2, 2, 1, 0]
    assert sorted(row.send_status for each in rows for row in each) == [2, 2, 2, 2, 3]
    assert {each.total_count for each in pages} == {"5"}


@pytest.fixture
def stocked(gateway: Gateway) -> Gateway:
    """A gateway that knows one sign name and one template."""
    template = CatalogueTemplate(content="您好 ${name}", name="问候", type=2, status="rejected")
    gateway.set_catalogue(
        signs={"云通信": "approved"},
        filings={"云通信": {"telecom": -1}},
        templates={"SMS_1": template},
    )
    return gateway


def test_the_official_client_asks_for_a_template(sdk: Any, stocked: Gateway) -> None:
    answer = (
        official(sdk, stocked)
        .get_sms_template(sdk[1].GetSmsTemplateRequest(template_code="SMS_1"))
        .body
    )

    assert (answer.code, answer.template_code, answer.template_name) == ("OK", "SMS_1", "问候")
    assert (answer.template_status, answer.template_type) == ("2", "2")
    assert answer.template_content == "您好 ${name}"
    assert answer.audit_info.reject_info == "内容不符合规范"
    assert answer.sign_list.sign_list == []


def test_the_official_client_asks_for_a_template_as_before(sdk: Any, stocked: Gateway) -> None:
    answer = (
        official(sdk, stocked)
        .query_sms_template(sdk[1].QuerySmsTemplateRequest(template_code="SMS_1"))
        .body
    )

    assert (answer.code, answer.template_status, answer.template_type) == ("OK", 2, 2)


def test_the_official_client_asks_for_a_sign_name(sdk: Any, stocked: Gateway) -> None:
    answer = official(sdk, stocked).get_sms_sign(sdk[1].GetSmsSignRequest(sign_name="云通信")).body

    carriers = answer.sign_isp_register_detail_list
    assert (answer.code, answer.sign_name, answer.sign_status) == ("OK", "云通信", 1)
    assert {each.operator_code: each.register_status for each in carriers} == {
        "mobile": 3,
        "unicom": 3,
        "telecom": -1,
    }


def test_the_official_client_with_a_wrong_secret_is_refused(sdk: Any, gateway: Gateway) -> None:
    client = official(sdk, gateway, secret=f"{SECRET[:-1]}T")

    with pytest.raises(Exception, match="SignatureDoesNotMatch") as refused:
        client.send_batch_sms(send_request(sdk, ALICE))

    assert getattr(refused.value, "status_code", None) == 400
    assert gateway.summary().texts == 0


def test_the_official_client_reads_a_business_refusal(sdk: Any, gateway: Gateway) -> None:
    gateway.set_balance(0)

    answer = official(sdk, gateway).send_batch_sms(send_request(sdk, ALICE)).body

    assert (answer.code, answer.biz_id) == ("isv.AMOUNT_NOT_ENOUGH", None)


def test_the_official_client_understands_being_throttled(sdk: Any, gateway: Gateway) -> None:
    gateway.add_fault(Fault(kind="throttle", headers={"x-acs-retry-after": "2000"}))

    with pytest.raises(Exception, match=r"Throttling\.User") as throttled:
        official(sdk, gateway).send_batch_sms(send_request(sdk, ALICE))

    assert getattr(throttled.value, "retry_after", None) == 2000


def test_the_official_client_is_told_whose_key_it_has(sdk: Any, gateway: Gateway) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from alibabacloud_tea_openapi.models import OpenApiRequest, Params
        from alibabacloud_tea_util.models import RuntimeOptions  # type: ignore[import-untyped] # the same
    question = Params(
        action="GetCallerIdentity",
        version="2015-04-01",
        protocol="http",
        pathname="/",
        method="POST",
        auth_type="AK",
        style="RPC",
        req_body_type="formData",
        body_type="json",
    )

    told = official(sdk, gateway).call_api(question, OpenApiRequest(), RuntimeOptions())

    assert told["body"]["AccountId"] == ACCOUNT_ID

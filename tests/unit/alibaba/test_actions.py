"""Calls of the SMS API as signed requests; the gateway's tests check the signatures themselves."""

from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from smsdrop.alibaba.actions import (
    CONTENT_TYPE,
    Call,
    SignedRequest,
    get_sms_sign,
    get_sms_template,
    query_send_details,
    query_sms_template,
    send_batch_sms,
    signed,
)
from smsdrop.alibaba.form import batch_form
from tests.support.samples import KEY, batch_of

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
BATCH = batch_of(2)
SEND = send_batch_sms(BATCH, out_id="out-1")


def request_of(call: Call, **changes: Any) -> SignedRequest:
    options = {"endpoint": "https://sms.example", "key": KEY, "nonce": "n1", "at": AT, **changes}
    return signed(call, **options)


@pytest.mark.parametrize(
    ("call", "action", "query"),
    [
        pytest.param(
            SEND,
            "SendBatchSms",
            {"TemplateCode": "SMS_154950909", "OutId": "out-1"},
            id="send a batch",
        ),
        pytest.param(
            query_send_details("13800138000", on=date(2026, 1, 2), page=3),
            "QuerySendDetails",
            {
                "PhoneNumber": "13800138000",
                "SendDate": "20260102",
                "PageSize": "50",
                "CurrentPage": "3",
            },
            id="ask what was sent",
        ),
        pytest.param(
            get_sms_template("SMS_1"),
            "GetSmsTemplate",
            {"TemplateCode": "SMS_1"},
            id="ask for a template",
        ),
        pytest.param(
            query_sms_template("SMS_1"),
            "QuerySmsTemplate",
            {"TemplateCode": "SMS_1"},
            id="ask for a template as before",
        ),
        pytest.param(
            get_sms_sign("云通信"), "GetSmsSign", {"SignName": "云通信"}, id="ask for a sign name"
        ),
    ],
)
def test_a_call_has_its_action_and_its_query(
    call: Call, action: str, query: dict[str, str]
) -> None:
    request = request_of(call)

    assert request.headers["x-acs-action"] == action
    assert parse_qs(urlsplit(request.url).query) == {name: [query[name]] for name in query}


def test_the_recipients_are_in_the_body_and_nowhere_else() -> None:
    request = request_of(SEND)

    assert request.body.decode() == batch_form(BATCH)
    assert request.headers["content-type"] == CONTENT_TYPE
    assert request.headers["x-acs-content-sha256"] == sha256(request.body).hexdigest()
    assert BATCH.phone_numbers[0] not in f"{request.url}{request.headers}"


def test_a_question_has_no_body() -> None:
    request = request_of(query_sms_template("SMS_1"))

    assert request.body == b""
    assert "content-type" not in request.headers


def test_the_time_is_given_in_utc() -> None:
    beijing = AT.astimezone(timezone(timedelta(hours=8)))

    assert request_of(SEND, at=beijing).headers["x-acs-date"] == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize("call", [SEND, query_sms_template("SMS_1")])
def test_the_answer_is_asked_for_in_json(call: Call) -> None:
    headers = request_of(call).headers

    assert headers["accept"] == "application/json"
    assert "accept" not in headers["authorization"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"nonce": "n2"}, id="nonce"),
        pytest.param({"at": AT + timedelta(seconds=1)}, id="time"),
        pytest.param({"endpoint": "https://other.example"}, id="host"),
    ],
)
def test_the_signature_covers_what_makes_a_request_its_own(changes: dict[str, Any]) -> None:
    one, other = request_of(SEND), request_of(SEND, **changes)

    assert one.headers["authorization"] != other.headers["authorization"]
    assert KEY.secret not in f"{one.url}{one.headers}{one.body!r}"

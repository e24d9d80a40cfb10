"""Which account a key pair is of: where that is asked, and what the answer says."""

import json
from typing import Any

import pytest

from local.gateway.client import Gateway
from local.gateway.faults import Fault
from smsdrop.alibaba.account import LONGEST_ID, account_in, endpoint_beside
from smsdrop.alibaba.answers import CLOCK_WAS_WRONG, NO_ANSWER, NOT_CONNECTED, Answer
from smsdrop.alibaba.client import AliyunSms, CallTimes
from smsdrop.alibaba.clock import CorrectedClock
from smsdrop.alibaba.signing import AccessKey
from tests.support.raw_server import RawServer, answer, raw_server, refusing_port
from tests.support.samples import KEY

pytest_plugins = ["tests.support.gateway_fixtures"]

PATIENT = CallTimes(connect_seconds=5, answer_seconds=5)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def account_at(url: str, key: AccessKey = KEY, clock: CorrectedClock | None = None) -> str | Answer:
    return AliyunSms(url, PATIENT, clock=clock).account(key=key)


@pytest.mark.parametrize(
    ("sms", "sts"),
    [
        ("https://dysmsapi.aliyuncs.com", "https://sts.aliyuncs.com"),
        (
            "https://dysmsapi.ap-southeast-1.aliyuncs.com",
            "https://sts.ap-southeast-1.aliyuncs.com",
        ),
        ("http://127.0.0.1:8650", "http://127.0.0.1:8650"),
        ("https://localhost:8650", "https://localhost:8650"),
        ("https://sms.example", "https://sms.example"),
        ("https://dysmsapi.aliyuncs.com.example", "https://dysmsapi.aliyuncs.com.example"),
        ("https://dysmsapi-aliyuncs.com", "https://dysmsapi-aliyuncs.com"),
    ],
)
def test_sts_is_asked_beside_the_sms_api(sms: str, sts: str) -> None:
    assert endpoint_beside(sms) == sts


def test_two_key_pairs_of_an_account_are_of_the_same(gateway: Gateway) -> None:
    gateway.put_key("second", "its secret")
    gateway.put_key("third", "its secret", account_id="1968132000120002")

    first, second, third = (
        account_at(gateway.endpoint, key)
        for key in (KEY, AccessKey(key_id="second", secret="its secret"), third_key())
    )

    assert isinstance(first, str)
    assert first == second
    assert third == "1968132000120002"


def third_key() -> AccessKey:
    return AccessKey(key_id="third", secret="its secret")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        pytest.param(
            AccessKey(key_id="nobody", secret="s"), "InvalidAccessKeyId.NotFound", id="unknown"
        ),
        pytest.param(
            AccessKey(key_id=KEY.key_id, secret="wrong"), "SignatureDoesNotMatch", id="wrong"
        ),
    ],
)
def test_a_key_pair_that_is_refused_is_nobodys(gateway: Gateway, key: AccessKey, code: str) -> None:
    refusal = account_at(gateway.endpoint, key)

    assert isinstance(refusal, Answer)
    assert refusal.code == code


def test_a_gateway_that_does_not_know_the_question_leaves_it_open(gateway: Gateway) -> None:
    gateway.change_settings(lacks=["GetCallerIdentity"])

    refusal = account_at(gateway.endpoint)

    assert isinstance(refusal, Answer)
    assert refusal.code == "InvalidAction.NotFound"


def test_an_answer_that_is_cut_off_leaves_it_open(gateway: Gateway) -> None:
    gateway.add_fault(Fault(kind="drop_after", action="GetCallerIdentity"))

    assert account_at(gateway.endpoint) == Answer(code=NO_ANSWER)


def test_where_nobody_listens_it_is_left_open() -> None:
    with refusing_port() as url:
        assert account_at(url) == Answer(code=NOT_CONNECTED)


def test_a_clock_that_is_wrong_is_learned_from_here_too(gateway: Gateway) -> None:
    clock = CorrectedClock(lambda: 0)

    refusal = account_at(gateway.endpoint, clock=clock)
    clock.set()

    assert isinstance(refusal, Answer)
    assert refusal.code == CLOCK_WAS_WRONG
    assert isinstance(account_at(gateway.endpoint, clock=clock), str)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>", id="a page"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{}", id="no account"),
        pytest.param(b'{"AccountId": 7}', id="a number"),
        pytest.param(json.dumps({"AccountId": "1" * (LONGEST_ID + 1)}).encode(), id="endless"),
    ],
)
def test_what_names_no_account_is_no_answer(body: bytes) -> None:
    with raw_server(answer(body)) as server:
        assert account_in(body) == ""
        assert account_at(server.url) == Answer(code=NO_ANSWER)


def test_an_error_of_the_server_names_no_account_whatever_it_says() -> None:
    with raw_server(answer(b'{"AccountId": "7"}', status="500 Error")) as server:
        assert account_at(server.url) == Answer(code=NO_ANSWER, status=500)


def test_the_question_is_one_of_sts_and_bears_no_params() -> None:
    with raw_server(answer(b'{"AccountId": "7"}')) as server:
        assert account_at(server.url) == "7"

    sent = sent_to(server)
    assert sent.startswith("POST /? HTTP/1.1")
    assert "x-acs-action: GetCallerIdentity" in sent
    assert "x-acs-version: 2015-04-01" in sent


def sent_to(server: RawServer) -> Any:
    [request] = server.requests
    return request.decode()

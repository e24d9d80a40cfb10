"""The question about a sign name over the wire; the fake answers as the adapter does."""

import pytest

from local.gateway.client import Gateway
from smsdrop.alibaba.answers import NO_ANSWER, Answer
from smsdrop.alibaba.client import AliyunSms, CallTimes
from smsdrop.alibaba.sign import NOT_FILED
from smsdrop.alibaba.template import Review
from smsdrop.parsing.sign_check import UNKNOWN_SIGN_NAME, Provider
from tests.support.raw_server import answer, raw_server
from tests.support.samples import KEY
from tests.support.template_fakes import FakeSigns, sign_of

pytest_plugins = ["tests.support.gateway_fixtures"]

PATIENT = CallTimes(connect_seconds=5, answer_seconds=5)

SIGNS = {
    each.name: each
    for each in (
        sign_of("云通信"),
        sign_of("阿里云", "mobile", "telecom"),
        sign_of("Acme", review=Review.PENDING),
        sign_of("旧签名", review=Review.REJECTED),
        sign_of("撤回", review=Review.CANCELLED),
    )
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(params=["adapter", "fake"])
def provider(request: pytest.FixtureRequest) -> Provider:
    """Both must pass, so tests that use the fake can trust it."""
    if request.param == "fake":
        return FakeSigns(SIGNS)
    gateway: Gateway = request.getfixturevalue("gateway")
    gateway.set_catalogue(
        signs={
            "云通信": "approved",
            "阿里云": "approved",
            "Acme": "reviewing",
            "旧签名": "rejected",
            "撤回": "cancelled",
        },
        filings={"阿里云": {"mobile": -2, "unicom": 1, "telecom": 2}},
        templates={},
    )
    return AliyunSms(gateway.endpoint, PATIENT)


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_name_is_described_with_its_review_and_its_filing(
    provider: Provider, name: str
) -> None:
    assert provider.sign(name, key=KEY) == SIGNS[name]


def test_a_sign_name_that_the_account_does_not_have_gives_its_code(provider: Provider) -> None:
    described = provider.sign("云通讯", key=KEY)

    assert isinstance(described, Answer)
    assert described.code == UNKNOWN_SIGN_NAME


@pytest.mark.parametrize(
    ("state", "is_unfiled"),
    [
        pytest.param(-2, True, id="not filed"),
        pytest.param(-1, True, id="running"),
        pytest.param(0, True, id="failed"),
        pytest.param(1, False, id="filed"),
        pytest.param(2, True, id="lapsed"),
        pytest.param(3, False, id="proven"),
        pytest.param(9, False, id="a state that is new"),
    ],
)
def test_a_carrier_counts_by_the_state_of_its_filing(
    gateway: Gateway, state: int, is_unfiled: bool
) -> None:
    gateway.set_catalogue(
        signs={"云通信": "approved"}, filings={"云通信": {"unicom": state}}, templates={}
    )

    described = AliyunSms(gateway.endpoint, PATIENT).sign("云通信", key=KEY)

    assert described == sign_of("云通信", *(["unicom"] * is_unfiled))
    assert is_unfiled == (state in NOT_FILED)


def test_an_answer_without_carriers_says_nothing_of_filing() -> None:
    with raw_server(answer(b'{"Code":"OK","SignStatus":1}')) as server:
        described = AliyunSms(server.url, PATIENT).sign("云通信", key=KEY)

    assert described == sign_of("云通信")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"Code":"OK"}', id="nothing but OK"),
        pytest.param(b'{"Code":"OK","SignStatus":7}', id="unknown status"),
        pytest.param(
            b'{"Code":"OK","SignStatus":1,"SignIspRegisterDetailList":["mobile"]}',
            id="carriers in another shape",
        ),
        pytest.param(
            b'{"Code":"OK","SignStatus":1,"SignIspRegisterDetailList":[{"OperatorCode":"mobile"}]}',
            id="a carrier without a state",
        ),
    ],
)
def test_an_answer_that_describes_no_sign_name_is_no_answer(body: bytes) -> None:
    with raw_server(answer(body)) as server:
        described = AliyunSms(server.url, PATIENT).sign("云通信", key=KEY)

    assert isinstance(described, Answer)
    assert described.code == NO_ANSWER

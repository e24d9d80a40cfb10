"""Both questions about a template over the wire; the fake answers as the adapter does."""

import time
from collections.abc import Callable

import pytest

from local.gateway import catalogue
from local.gateway.client import Gateway
from local.gateway.faults import Fault
from smsdrop.alibaba.answers import NO_ANSWER, NOT_CONNECTED, Answer
from smsdrop.alibaba.client import AliyunSms, CallTimes
from smsdrop.alibaba.clock import CorrectedClock
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.alibaba.template import Review, Template, TemplateType
from smsdrop.aws.secrets_manager import SecretNotFilled
from smsdrop.parsing.template_check import UNKNOWN_TEMPLATE, Provider
from tests.support.raw_server import answer, raw_server, refusing_port
from tests.support.samples import KEY
from tests.support.template_fakes import FakeTemplates

pytest_plugins = ["tests.support.gateway_fixtures"]

PATIENT = CallTimes(connect_seconds=5, answer_seconds=5)
HURRIED = CallTimes(connect_seconds=0.3, answer_seconds=0.5)

TEMPLATES = {
    "SMS_1": Template(
        code="SMS_1", kind=TemplateType.NOTIFICATION, review=Review.APPROVED, content="您好 ${name}"
    ),
    "SMS_2": Template(
        code="SMS_2",
        kind=TemplateType.ONE_TIME_PASSWORD,
        review=Review.PENDING,
        content="码 ${code}",
    ),
    "SMS_3": Template(
        code="SMS_3", kind=TemplateType.PROMOTION, review=Review.REJECTED, content="拒收请回复R"
    ),
    "SMS_4": Template(
        code="SMS_4", kind=TemplateType.INTERNATIONAL, review=Review.CANCELLED, content="Hello"
    ),
}
STOCK = {
    "SMS_1": catalogue.CatalogueTemplate(content="您好 ${name}"),
    "SMS_2": catalogue.CatalogueTemplate(content="码 ${code}", type=0, status="reviewing"),
    "SMS_3": catalogue.CatalogueTemplate(content="拒收请回复R", type=2, status="rejected"),
    "SMS_4": catalogue.CatalogueTemplate(content="Hello", type=3, status="cancelled"),
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(params=["adapter", "fake"])
def provider(request: pytest.FixtureRequest) -> Provider:
    """Both must pass, so tests that use the fake can trust it."""
    if request.param == "fake":
        return FakeTemplates(TEMPLATES, older=TEMPLATES)
    gateway: Gateway = request.getfixturevalue("gateway")
    gateway.set_catalogue(signs={}, templates=STOCK)
    return AliyunSms(gateway.endpoint, PATIENT)


@pytest.mark.parametrize("code", TEMPLATES)
def test_both_questions_describe_a_template_whatever_its_review(
    provider: Provider, code: str
) -> None:
    assert provider.template(code, key=KEY) == TEMPLATES[code]
    assert provider.older_template(code, key=KEY) == TEMPLATES[code]


def test_both_questions_give_a_code_for_a_template_that_the_account_does_not_have(
    provider: Provider,
) -> None:
    for ask in (provider.template, provider.older_template):
        given = ask("SMS_9", key=KEY)
        assert isinstance(given, Answer)
        assert given.code == UNKNOWN_TEMPLATE


@pytest.mark.parametrize(
    ("lacking", "asked"),
    [
        ("GetSmsTemplate", AliyunSms.template),
        ("QuerySmsTemplate", AliyunSms.older_template),
    ],
)
def test_a_question_that_the_provider_does_not_offer_gives_its_code(
    gateway: Gateway, lacking: str, asked: Callable[..., Template | Answer]
) -> None:
    gateway.set_catalogue(signs={}, templates=STOCK)
    gateway.change_settings(lacks=[lacking])

    given = asked(AliyunSms(gateway.endpoint, PATIENT), "SMS_1", key=KEY)

    assert isinstance(given, Answer)
    assert given.code == "InvalidAction.NotFound"


def test_the_stand_in_approves_whatever_it_is_asked_for_while_it_has_no_catalogue(
    gateway: Gateway,
) -> None:
    given = AliyunSms(gateway.endpoint, PATIENT).template("SMS_154950909", key=KEY)

    assert given == Template(
        code="SMS_154950909", kind=TemplateType.NOTIFICATION, review=Review.APPROVED, content=""
    )


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(
            Fault(kind="answer", code="Forbidden.RAM", action="*"), "Forbidden.RAM", id="forbidden"
        ),
        pytest.param(
            Fault(kind="answer", code="InvalidAction.NotFound", action="*"),
            "InvalidAction.NotFound",
            id="no such question",
        ),
        pytest.param(Fault(kind="throttle", action="*"), "Throttling.User", id="throttled"),
        pytest.param(Fault(kind="garbage", action="*"), NO_ANSWER, id="garbage"),
        pytest.param(Fault(kind="drop_before", action="*"), NO_ANSWER, id="cut off"),
        pytest.param(Fault(kind="lag", lag_before_seconds=2, action="*"), NO_ANSWER, id="too slow"),
    ],
)
def test_a_question_that_fails_gives_a_code(gateway: Gateway, fault: Fault, code: str) -> None:
    gateway.add_fault(fault)

    given = AliyunSms(gateway.endpoint, HURRIED).template("SMS_1", key=KEY)

    assert isinstance(given, Answer)
    assert given.code == code


def test_a_wrong_secret_gives_its_code(gateway: Gateway) -> None:
    wrong = AccessKey(key_id=KEY.key_id, secret="s")

    given = AliyunSms(gateway.endpoint, PATIENT).template("SMS_1", key=wrong)

    assert isinstance(given, Answer)
    assert given.blames_the_key


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"Code":"OK"}', id="nothing but OK"),
        pytest.param(b'{"Code":"OK","TemplateStatus":7,"TemplateType":1}', id="unknown status"),
        pytest.param(b'{"Code":"OK","TemplateStatus":Infinity,"TemplateType":1}', id="infinity"),
        pytest.param(b'{"Code":"OK","TemplateStatus":"","TemplateType":"1"}', id="empty status"),
        pytest.param(
            b'{"Code":"OK","TemplateStatus":"1","TemplateType":"1","TemplateContent":["x"]}',
            id="content that is no text",
        ),
        pytest.param(b'{"Code":"OK","BizId":"9^0"}', id="the answer to a sending"),
    ],
)
def test_an_answer_without_a_template_is_no_answer(body: bytes) -> None:
    with raw_server(answer(body)) as server:
        given = AliyunSms(server.url, PATIENT).template("SMS_1", key=KEY)

    assert isinstance(given, Answer)
    assert given.code == NO_ANSWER


def test_a_gateway_that_is_not_there_gives_our_own_code() -> None:
    with refusing_port() as url:
        given = AliyunSms(url, HURRIED).template("SMS_1", key=KEY)

    assert given == Answer(code=NOT_CONNECTED)


def test_a_secret_that_is_not_filled_holds_no_key_pair() -> None:
    assert issubclass(SecretNotFilled, NoAccessKey)


def test_by_a_wrong_clock_a_template_is_asked_for_again(gateway: Gateway) -> None:
    gateway.set_catalogue(signs={}, templates=STOCK)
    clock = CorrectedClock(lambda: time.time() - 3600)

    template = AliyunSms(gateway.endpoint, PATIENT, clock=clock).template("SMS_1", key=KEY)

    assert template == TEMPLATES["SMS_1"]
    assert abs(clock() - time.time()) < 5

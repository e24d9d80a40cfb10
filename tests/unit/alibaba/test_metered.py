"""What a call of the SMS API counts as."""

from datetime import date

import pytest

from smsdrop.alibaba.answers import CLOCK_WAS_WRONG, NO_ANSWER, NOT_CONNECTED, Answer
from smsdrop.alibaba.client import AliyunSms, CallTimes
from smsdrop.alibaba.metered import MeteredSms, of_call
from smsdrop.alibaba.send_details import LookupFailed
from smsdrop.metrics import Measured
from tests.support.raw_server import answer, raw_server, refusing_port
from tests.support.samples import KEY, batch_of

HURRIED = CallTimes(connect_seconds=0.5, answer_seconds=0.5)


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        pytest.param("OK", {}, id="accepted"),
        pytest.param("isv.MOBILE_NUMBER_ILLEGAL", {}, id="refused"),
        pytest.param("Throttling.User", {"CallsThrottled": 1}, id="throttled"),
        pytest.param(NO_ANSWER, {"CallsInDoubt": 1}, id="in doubt"),
        pytest.param(CLOCK_WAS_WRONG, {}, id="signed by a wrong clock"),
        pytest.param(NOT_CONNECTED, {"CallsNotConnected": 1}, id="not connected"),
    ],
)
def test_a_call_is_counted_by_its_answer(code: str, counted: dict[str, int]) -> None:
    always = {"Calls": 1, "CallsThrottled": 0, "CallLatency": 1250}

    assert of_call(Answer(code=code), seconds=1.25) == {**always, **counted}


def test_a_call_that_sends_texts_is_counted_with_its_answer() -> None:
    counts: list[Measured] = []
    with raw_server(answer(b'{"Code":"OK","BizId":"1"}')) as server:
        sms = MeteredSms(AliyunSms(server.url, HURRIED), counts.append)

        given = sms.send(batch_of(2), out_id="o", key=KEY)

    assert given.code == "OK"
    [counted] = [dict(each) for each in counts]
    assert 0 <= counted.pop(next(name for name in counted if name == "CallLatency")) < 1000
    assert counted == {"Calls": 1, "CallsThrottled": 0}


def test_questions_are_not_counted() -> None:
    counts: list[Measured] = []
    with refusing_port() as url:
        sms = MeteredSms(AliyunSms(url, HURRIED), counts.append)

        for ask in (sms.template, sms.older_template, sms.sign):
            assert ask("SMS_1", key=KEY) == Answer(code=NOT_CONNECTED)
        assert sms.account(key=KEY) == Answer(code=NOT_CONNECTED)
        [failure] = sms.listings(["13800138000"], dates=[date(2026, 1, 2)], key=KEY)
        assert isinstance(failure, LookupFailed)

    assert counts == []

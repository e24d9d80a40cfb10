"""Receipts over the wire: the carrier's word for one number, of one call or of all."""

from datetime import UTC, date, datetime

import pytest

from local.gateway.client import Gateway
from smsdrop.alibaba.client import AliyunSms, CallTimes
from smsdrop.alibaba.metered import MeteredSms
from smsdrop.alibaba.send_details import Listing, LookupFailed, LookupForbidden, beijing_date
from tests.support.raw_server import answer, raw_server
from tests.support.samples import KEY, batch_of

pytest_plugins = ["tests.support.gateway_fixtures"]

PATIENT = CallTimes(connect_seconds=5, answer_seconds=5)
BATCH = batch_of(1)
[NUMBER] = BATCH.phone_numbers
TODAY = date(2026, 1, 2)


@pytest.fixture
def sms(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> MeteredSms:
    monkeypatch.setenv("NO_PROXY", "*")
    return MeteredSms(AliyunSms(gateway.endpoint, PATIENT), lambda _: None)


def receipts(sms: MeteredSms, *, biz_id: str = "") -> Listing:
    today = beijing_date(datetime.now(UTC).timestamp())
    listing = sms.receipts(NUMBER, dates=[today], biz_id=biz_id, key=KEY)
    assert isinstance(listing, Listing)
    return listing


def test_without_a_biz_id_every_text_to_the_number_is_listed(sms: MeteredSms) -> None:
    for attempt in (1, 2):
        sms.send(BATCH, out_id=f"b-{attempt}", key=KEY)

    assert sorted(each.out_id for each in receipts(sms).rows) == ["b-1", "b-2"]


def test_with_a_biz_id_only_that_call_is_listed(sms: MeteredSms) -> None:
    first, _ = (sms.send(BATCH, out_id=f"b-{attempt}", key=KEY) for attempt in (1, 2))

    assert [each.out_id for each in receipts(sms, biz_id=first.biz_id).rows] == ["b-1"]


@pytest.mark.parametrize("code", ["Forbidden.RAM", "NoPermission", "isp.RAM_PERMISSION_DENY"])
def test_a_key_pair_that_may_not_ask_is_told_from_a_failure(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    body = b'{"Code":"%b","Message":"-","RequestId":"R"}' % code.encode()
    with raw_server(answer(body)) as server:
        sms = AliyunSms(server.url, PATIENT)
        failure = sms.receipts(NUMBER, dates=[TODAY], biz_id="", key=KEY)

    assert isinstance(failure, LookupForbidden)
    assert isinstance(failure, LookupFailed)
    assert str(failure) == code

"""What a row of `QuerySendDetails` says, however oddly it is written."""

from datetime import datetime
from typing import Any

import pytest

from smsdrop.alibaba.send_details import DELIVERED, FAILED, WAITS, SendDetail
from smsdrop.drops import BEIJING

RECEIVED_AT = datetime(2026, 1, 2, 11, 0, 7, tzinfo=BEIJING).timestamp()


def row(**members: Any) -> SendDetail:
    return SendDetail.read({"OutId": "b-1", "SendDate": "2026-01-02 11:00:00", **members})


@pytest.mark.parametrize(
    ("said", "status"),
    [
        pytest.param(1, WAITS, id="waiting"),
        pytest.param(2, FAILED, id="failed"),
        pytest.param(3, DELIVERED, id="delivered"),
        pytest.param("3", DELIVERED, id="as a text"),
        pytest.param(4, 0, id="a status that we do not know"),
        pytest.param([3], 0, id="no number"),
        pytest.param(None, 0, id="nothing"),
    ],
)
def test_a_status_is_one_of_three_or_not_known(said: Any, status: int) -> None:
    assert row(SendStatus=said).status == status


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param("MOBILE_NOT_ON_SERVICE", "MOBILE_NOT_ON_SERVICE", id="the provider's"),
        pytest.param("DB:0141", "DB:0141", id="a carrier's"),
        pytest.param("x" * 65, "", id="too long"),
        pytest.param("to 13800000000", "", id="a sentence"),
        pytest.param("ID:13800000000", "", id="a phone number in it"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_a_code_is_kept_unless_it_looks_like_something_else(said: Any, code: str) -> None:
    assert row(ErrCode=said).code == code


def test_the_time_of_a_receipt_is_read_as_beijings() -> None:
    assert row(ReceiveDate="2026-01-02 11:00:07").received_at == RECEIVED_AT
    assert row(ReceiveDate="soon").received_at is None
    assert row().received_at is None

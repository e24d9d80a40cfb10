"""The SMS API, with its calls counted and timed."""

import time
from collections.abc import Callable, Collection, Sequence
from datetime import date

from smsdrop.alibaba.answers import NOT_CONNECTED, Answer, Meaning
from smsdrop.alibaba.client import AliyunSms
from smsdrop.alibaba.send_details import Listing, LookupFailed
from smsdrop.alibaba.sign import Sign
from smsdrop.alibaba.signing import AccessKey
from smsdrop.alibaba.template import Template
from smsdrop.batches.batch import Batch
from smsdrop.metrics import Measured, Metric


def of_call(answer: Answer, *, seconds: float) -> Measured:
    """Return the counts of one call."""
    counted: dict[Metric, float] = {
        Metric.CALLS: 1,
        Metric.CALLS_THROTTLED: answer.is_throttled,  # even if zero: an alarm compares both
        Metric.CALL_LATENCY: round(seconds * 1000),
    }
    if answer.code == NOT_CONNECTED:
        counted[Metric.CALLS_NOT_CONNECTED] = 1
    if answer.meaning is Meaning.IN_DOUBT:
        counted[Metric.CALLS_IN_DOUBT] = 1
    return counted


class MeteredSms:
    """Counts the calls that send texts; other calls pass through."""

    def __init__(self, sms: AliyunSms, count: Callable[[Measured], None]) -> None:
        self._sms = sms
        self._count = count

    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        began = time.monotonic()
        answer = self._sms.send(batch, out_id=out_id, key=key)
        self._count(of_call(answer, seconds=time.monotonic() - began))
        return answer

    def account(self, *, key: AccessKey) -> str | Answer:
        return self._sms.account(key=key)

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> Sequence[Listing | LookupFailed]:
        return self._sms.listings(phone_numbers, dates=dates, key=key)

    def receipts(
        self, phone_number: str, *, dates: Collection[date], biz_id: str, key: AccessKey
    ) -> Listing | LookupFailed:
        return self._sms.receipts(phone_number, dates=dates, biz_id=biz_id, key=key)

    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        return self._sms.template(code, key=key)

    def older_template(self, code: str, *, key: AccessKey) -> Template | Answer:
        return self._sms.older_template(code, key=key)

    def sign(self, name: str, *, key: AccessKey) -> Sign | Answer:
        return self._sms.sign(name, key=key)

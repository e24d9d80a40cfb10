"""The SMS API, with its calls counted and timed."""

import time
from collections.abc import Callable, Collection
from datetime import date

from smsdrop.aliyun import AliyunSms
from smsdrop.answers import Answer
from smsdrop.batch import Batch
from smsdrop.counts import Counted, of_call
from smsdrop.signing import AccessKey
from smsdrop.template import Template


class CountedSms:
    """Counts the calls that are to text somebody; questions pass through."""

    def __init__(self, sms: AliyunSms, count: Callable[[Counted], None]) -> None:
        self._sms = sms
        self._count = count

    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        began = time.monotonic()
        answer = self._sms.send(batch, out_id=out_id, key=key)
        self._count(of_call(answer, seconds=time.monotonic() - began))
        return answer

    def out_ids(self, phone_number: str, *, on: date, key: AccessKey) -> Collection[str]:
        return self._sms.out_ids(phone_number, on=on, key=key)

    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        return self._sms.template(code, key=key)

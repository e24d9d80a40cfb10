"""The SMS API of Alibaba Cloud, over HTTP."""

import json
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any, Self, TypeVar

from smsdrop.alibaba.account import account_in, endpoint_beside
from smsdrop.alibaba.actions import (
    PAGE_SIZE,
    Call,
    get_caller_identity,
    get_sms_sign,
    get_sms_template,
    query_send_details,
    query_sms_template,
    send_batch_sms,
)
from smsdrop.alibaba.answers import CLOCK_WAS_WRONG, NO_ANSWER, Answer, Meaning
from smsdrop.alibaba.clock import CorrectedClock
from smsdrop.alibaba.http.caller import Caller
from smsdrop.alibaba.send_details import (
    Listing,
    LookupFailed,
    LookupForbidden,
    LookupRefused,
    LookupThrottled,
    SendDetail,
)
from smsdrop.alibaba.sign import Sign
from smsdrop.alibaba.signing import AccessKey
from smsdrop.alibaba.template import Template
from smsdrop.batches.batch import Batch

T = TypeVar("T")

LOOKUPS_AT_A_TIME = 10
"""Our choice: how many recipients of one batch are looked up concurrently."""

UNREADABLE = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What reading an answer raises whose form is not as documented."""

NUMBER_CANNOT_EXIST = ("isv.MOBILE_NUMBER_ILLEGAL",)
"""Answers to a lookup that prove that nothing can have been sent to the number."""

MAY_NOT_ASK = ("Forbidden.", "NoPermission", "isp.RAM_PERMISSION_DENY", "isv.RAM_PERMISSION_DENY")
"""How codes begin if the key pair lacks a permission."""

REFUSALS = dict.fromkeys(
    (Meaning.RECIPIENT, Meaning.CAMPAIGN, Meaning.UNKNOWN, Meaning.SIGN_NAME), LookupRefused
)
"""What a lookup's answer means if neither time, the account nor the key is to blame."""

MAX_PAGES = 40
"""Our choice: no one is sent 2,000 texts a day; a lookup beyond that fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTimes:
    """How long a call may take to connect, and then to be answered as a whole."""

    connect_seconds: float
    answer_seconds: float

    @classmethod
    def within(cls, send_timeout_seconds: float) -> Self:
        """Return times that leave half of the function's timeout for everything else."""
        return cls(
            connect_seconds=min(3, send_timeout_seconds / 12),
            answer_seconds=min(10, send_timeout_seconds / 3),
        )

    @property
    def total_seconds(self) -> float:
        """Return the longest a call takes: connecting and writing have the same limit each."""
        return 2 * self.connect_seconds + self.answer_seconds


class AliyunSms:
    """Makes each call once, and asks STS which account its key pair belongs to."""

    def __init__(
        self,
        endpoint: str,
        times: CallTimes,
        *,
        clock: CorrectedClock | None = None,
        connections: int = 10,
    ) -> None:
        self._clock = clock or CorrectedClock()
        timeout = (times.connect_seconds, times.answer_seconds)
        endpoint = endpoint.rstrip("/")
        self._caller = Caller(endpoint, timeout, clock=self._clock, connections=connections)
        beside = endpoint_beside(endpoint)
        self._sts = Caller(beside, timeout, clock=self._clock, connections=1)

    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        answer, _ = self._caller.call(send_batch_sms(batch, out_id=out_id), key)
        return answer

    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Return the template, or the answer if it describes none."""
        return self._described(get_sms_template(code), key, partial(Template.read, code))

    def older_template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Do the same with the older action, for an account that may use only that one."""
        return self._described(query_sms_template(code), key, partial(Template.read, code))

    def sign(self, name: str, *, key: AccessKey) -> Sign | Answer:
        """Return the sign name, or the answer if it describes none."""
        return self._described(get_sms_sign(name), key, partial(Sign.read, name))

    def account(self, *, key: AccessKey) -> str | Answer:
        """Return the id of the key pair's account, or the answer if it names none."""
        answer, content = self._sts.call(get_caller_identity(), key)
        account_id = account_in(content) if answer.status == HTTPStatus.OK else ""
        return account_id or answer

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> Sequence[Listing | LookupFailed]:
        """Look the numbers up concurrently, each on every date and every page."""
        look_up = partial(self._listing_or_failure, dates=dates, key=key)
        with ThreadPoolExecutor(LOOKUPS_AT_A_TIME) as threads:
            return list(threads.map(look_up, phone_numbers))

    def receipts(
        self, phone_number: str, *, dates: Collection[date], biz_id: str, key: AccessKey
    ) -> Listing | LookupFailed:
        """Look one number up, on every date and every page; all its texts without a `biz_id`."""
        return self._listing_or_failure(phone_number, dates=dates, biz_id=biz_id, key=key)

    def _listing_or_failure(
        self, phone_number: str, *, dates: Collection[date], biz_id: str = "", key: AccessKey
    ) -> Listing | LookupFailed:
        fetch = partial(self._fetch_listing, phone_number, biz_id=biz_id, key=key)
        try:
            listings = [fetch(on=on) for on in dates]
        except LookupFailed as failure:
            return failure
        return sum(listings, start=Listing())

    def _fetch_listing(
        self, phone_number: str, *, on: date, biz_id: str, key: AccessKey
    ) -> Listing:
        rows: list[SendDetail] = []
        for page in range(1, MAX_PAGES + 1):
            call = query_send_details(phone_number, on=on, page=page, biz_id=biz_id)
            total, details = self._fetch_page(call, key)
            rows += details
            if page * PAGE_SIZE >= total:
                return Listing(rows=tuple(rows), is_complete=len(rows) >= total)
        raise LookupFailed("too many pages")

    def _fetch_page(self, call: Call, key: AccessKey) -> tuple[int, list[SendDetail]]:
        """Return the number of rows on all pages, and those of this page."""
        answer, content = self._caller.call(call, key)
        if answer.code in NUMBER_CANNOT_EXIST:
            return 0, []
        if answer.is_throttled:
            raise LookupThrottled(answer.code)
        if answer.code.startswith(MAY_NOT_ASK):
            raise LookupForbidden(answer.code)
        if answer.meaning is not Meaning.ACCEPTED:
            raise REFUSALS.get(answer.meaning, LookupFailed)(answer.code)
        try:
            return _rows(json.loads(content))
        except UNREADABLE:
            raise LookupFailed("an answer that cannot be read") from None  # it may hold numbers

    def _described(self, call: Call, key: AccessKey, read: Callable[[Any], T]) -> T | Answer:
        """Return what the answer describes, or the answer itself if nothing; may set the clock."""
        answer, content = self._caller.call(call, key)
        if answer.code == CLOCK_WAS_WRONG:
            self._clock.set()
            answer, content = self._caller.call(call, key)
        if answer.meaning is not Meaning.ACCEPTED:
            return answer
        try:
            return read(json.loads(content))
        except UNREADABLE:
            return replace(answer, code=NO_ANSWER)


def _rows(fields: Any) -> tuple[int, list[SendDetail]]:
    """Return the number of rows on all pages, and those of this page; for 0 they may be missing."""
    total = int(fields["TotalCount"])
    listed = fields.get("SmsSendDetailDTOs") or {}
    rows = listed.get("SmsSendDetailDTO") or []
    return total, [SendDetail.read(row) for row in rows]

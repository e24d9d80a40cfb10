"""The SMS API of Alibaba Cloud, over HTTP."""

import json
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from threading import Lock
from typing import Any, Self
from uuid import uuid4

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import NewConnectionError

from smsdrop.alibaba.actions import (
    PAGE_SIZE,
    Call,
    SignedRequest,
    query_send_details,
    query_sms_template,
    send_batch_sms,
    signed,
)
from smsdrop.alibaba.answers import NO_ANSWER, NOT_CONNECTED, Answer, Meaning
from smsdrop.alibaba.bounded_http import BareSession
from smsdrop.alibaba.send_details import Listing, LookupFailed, LookupRefused, SendDetail
from smsdrop.alibaba.signing import AccessKey
from smsdrop.alibaba.template import Template
from smsdrop.batches.batch import Batch

IDLE_SECONDS = 15
"""Our choice: a connection that was idle for longer may be dead, and a call on it in doubt."""

LOOKUPS_AT_A_TIME = 10
"""Our choice: as many as there are connections."""

NUMBER_CANNOT_EXIST = ("isv.MOBILE_NUMBER_ILLEGAL",)
"""Answers to a lookup that prove that nothing can have been sent to the number."""

REFUSALS = dict.fromkeys(
    (Meaning.RECIPIENT, Meaning.CAMPAIGN, Meaning.UNKNOWN, Meaning.SIGN_NAME), LookupRefused
)
"""What an answer to a lookup means that is no matter of time, the account or the key."""

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
    """
    Makes the calls, each of them once.

    No exception of `requests` leaves this class: its text holds the URL, and so phone numbers.
    """

    def __init__(
        self,
        endpoint: str,
        times: CallTimes,
        *,
        connections: int = 10,
        idle_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._timeout = (times.connect_seconds, times.answer_seconds)
        self._connections = connections
        self._idle_clock = idle_clock
        self._session = self._new_session()
        self._used_at = idle_clock()
        self._proxies = get_environ_proxies(self._endpoint)
        self._lock = Lock()

    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        answer, _ = self._call(send_batch_sms(batch, out_id=out_id), key)
        return answer

    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Return the template, or the answer if that is not one."""
        answer, content = self._call(query_sms_template(code), key)
        if answer.meaning is not Meaning.ACCEPTED:
            return answer
        try:
            return Template.read(code, json.loads(content))
        except (ValueError, KeyError, TypeError):
            return replace(answer, code=NO_ANSWER)

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> Sequence[Listing | LookupFailed]:
        """Look the numbers up side by side, each on every date and every page."""
        look_up = partial(self._listing_or_failure, dates=dates, key=key)
        with ThreadPoolExecutor(LOOKUPS_AT_A_TIME) as threads:
            return list(threads.map(look_up, phone_numbers))

    def _listing_or_failure(
        self, phone_number: str, *, dates: Collection[date], key: AccessKey
    ) -> Listing | LookupFailed:
        try:
            listings = [self._fetch_listing(phone_number, on=on, key=key) for on in dates]
        except LookupFailed as failure:
            return failure
        return sum(listings, start=Listing())

    def _fetch_listing(self, phone_number: str, *, on: date, key: AccessKey) -> Listing:
        rows: list[SendDetail] = []
        for page in range(1, MAX_PAGES + 1):
            total, details = self._fetch_page(phone_number, on=on, page=page, key=key)
            rows += details
            if page * PAGE_SIZE >= total:
                return Listing(rows=tuple(rows), is_complete=len(rows) >= total)
        raise LookupFailed("too many pages")

    def _fetch_page(
        self, phone_number: str, *, on: date, page: int, key: AccessKey
    ) -> tuple[int, list[SendDetail]]:
        """Return the number of rows on all pages, and those of this page."""
        answer, content = self._call(query_send_details(phone_number, on=on, page=page), key)
        if answer.code in NUMBER_CANNOT_EXIST:
            return 0, []
        if answer.meaning is not Meaning.ACCEPTED:
            raise REFUSALS.get(answer.meaning, LookupFailed)(answer.code)
        try:
            return _rows(json.loads(content))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise LookupFailed("an answer that cannot be read") from None  # it may hold numbers

    def _call(self, call: Call, key: AccessKey) -> tuple[Answer, bytes]:
        try:
            response = self._post(call, key)
        except requests.RequestException as error:
            return Answer(code=NOT_CONNECTED if _never_connected(error) else NO_ANSWER), b""
        return Answer.read(response.status_code, response.content), response.content

    def _post(self, call: Call, key: AccessKey) -> requests.Response:
        request = signed(
            call, endpoint=self._endpoint, key=key, nonce=uuid4().hex, at=datetime.now(UTC)
        )
        return self._live_session().send(
            _prepared(request), timeout=self._timeout, verify=True, proxies=self._proxies
        )

    def _live_session(self) -> requests.Session:
        """Return a session for this thread's call; other threads may still use a replaced one."""
        with self._lock:
            now = self._idle_clock()
            if now - self._used_at > IDLE_SECONDS:
                self._session = self._new_session()
            self._used_at = now
            return self._session

    def _new_session(self) -> requests.Session:
        return BareSession(connections=self._connections)


def _prepared(request: SignedRequest) -> requests.PreparedRequest:
    """Take the request as it was signed: `requests` would take as long to prepare it again."""
    prepared = requests.PreparedRequest()
    prepared.method = "POST"
    prepared.url = request.url
    headers = {**request.headers, "Content-Length": str(len(request.body))}
    prepared.headers = headers  # type: ignore[assignment] # they are looked up as they are spelled here
    prepared.body = request.body
    return prepared


def _never_connected(error: requests.RequestException) -> bool:
    """Say whether the error proves that there was no connection: timeout, refusal, or DNS."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def _rows(fields: Any) -> tuple[int, list[SendDetail]]:
    """Return the number of rows on all pages, and those of this page; none need be there for 0."""
    total = int(fields["TotalCount"])
    listed = fields.get("SmsSendDetailDTOs") or {}
    rows = listed.get("SmsSendDetailDTO") or []
    return total, [SendDetail.read(row) for row in rows]

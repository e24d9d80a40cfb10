"""The SMS API of Alibaba Cloud, over HTTP."""

import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import Any, Self, TypeVar
from uuid import uuid4

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import NewConnectionError

from smsdrop.alibaba.actions import (
    PAGE_SIZE,
    Call,
    SignedRequest,
    get_sms_sign,
    get_sms_template,
    query_send_details,
    query_sms_template,
    send_batch_sms,
    signed,
)
from smsdrop.alibaba.answers import NO_ANSWER, NOT_CONNECTED, Answer, LookupFailed, Meaning
from smsdrop.alibaba.bounded_http import BareSession
from smsdrop.alibaba.sign import Sign
from smsdrop.alibaba.signing import AccessKey
from smsdrop.alibaba.template import Template
from smsdrop.batches.batch import Batch

T = TypeVar("T")

IDLE_SECONDS = 15
"""Our choice: a connection that was idle for longer may be dead, and a call on it in doubt."""

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
        return self._described(get_sms_template(code), key, partial(Template.read, code))

    def older_template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Do the same by the older question, for an account that may ask only that one."""
        return self._described(query_sms_template(code), key, partial(Template.read, code))

    def sign(self, name: str, *, key: AccessKey) -> Sign | Answer:
        """Return the sign name, or the answer if that describes none."""
        return self._described(get_sms_sign(name), key, partial(Sign.read, name))

    def out_ids(self, phone_number: str, *, on: date, key: AccessKey) -> Collection[str]:
        """Return the OutIds of all rows on every page, or raise `LookupFailed`."""
        found: list[str] = []
        for page in range(1, MAX_PAGES + 1):
            total, out_ids = self._fetch_page(phone_number, on=on, page=page, key=key)
            found += out_ids
            if page * PAGE_SIZE >= total > len(found):
                raise LookupFailed("fewer rows than it counts")
            if page * PAGE_SIZE >= total:
                return found
        raise LookupFailed("too many pages")

    def _fetch_page(
        self, phone_number: str, *, on: date, page: int, key: AccessKey
    ) -> tuple[int, list[str]]:
        try:
            response = self._post(query_send_details(phone_number, on=on, page=page), key)
        except requests.RequestException:
            raise LookupFailed("no answer") from None  # its text holds the phone number
        try:
            return _rows(response.status_code, json.loads(response.content))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise LookupFailed("an answer that cannot be read") from None  # it may hold numbers

    def _described(self, call: Call, key: AccessKey, read: Callable[[Any], T]) -> T | Answer:
        """Return what the answer describes, or the answer if it describes nothing."""
        answer, content = self._call(call, key)
        if answer.meaning is not Meaning.ACCEPTED:
            return answer
        try:
            return read(json.loads(content))
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
            return replace(answer, code=NO_ANSWER)

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


def _rows(status: int, fields: Any) -> tuple[int, list[str]]:
    """Return the number of rows on all pages, and the OutIds of this page."""
    if status != HTTPStatus.OK or fields["Code"] != "OK":
        raise LookupFailed("refused")
    rows = fields["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
    return int(fields["TotalCount"]), [str(row.get("OutId", "")) for row in rows]

"""Signed calls to one of the provider's endpoints, each of them made once."""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from uuid import uuid4

import requests
from requests.utils import get_environ_proxies

from smsdrop.alibaba.actions import Call, SignedRequest, signed
from smsdrop.alibaba.answers import CLOCK_WAS_WRONG, NO_ANSWER, NOT_CONNECTED, Answer, Meaning
from smsdrop.alibaba.clock import CorrectedClock
from smsdrop.alibaba.http.connections import NotConnected
from smsdrop.alibaba.http.session import BareSession
from smsdrop.alibaba.signing import AccessKey


class Caller:
    """
    Makes calls, and learns from what comes back how far the clock is off.

    `timeout` is for connecting, and for the whole answer. No exception of `requests` leaves this
    class: its text holds the URL, and so phone numbers.
    """

    def __init__(
        self,
        endpoint: str,
        timeout: tuple[float, float],
        *,
        clock: CorrectedClock,
        connections: int,
    ) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._timeout = timeout
        self._session = BareSession(connections=connections)
        self._proxies = get_environ_proxies(endpoint)

    def call(self, call: Call, key: AccessKey) -> tuple[Answer, bytes]:
        """Return what the answer says, and its whole content."""
        at = self._clock()
        try:
            response = self._post(call, key, at=at)
        except NotConnected:
            return Answer(code=NOT_CONNECTED), b""
        except requests.RequestException:
            return Answer(code=NO_ANSWER), b""
        answer = Answer.read(response.status_code, response.content)
        if answer.meaning is Meaning.ACCEPTED:
            self._clock.confirm()
        if answer.blames_the_clock and self._learns_from(response, signed_at=at):
            answer = replace(answer, code=CLOCK_WAS_WRONG)
        return answer, response.content

    def _learns_from(self, response: requests.Response, *, signed_at: float) -> bool:
        shown = _date(response)
        return shown is not None and self._clock.learn(shown, signed_at=signed_at)

    def _post(self, call: Call, key: AccessKey, *, at: float) -> requests.Response:
        request = signed(
            call,
            endpoint=self._endpoint,
            key=key,
            nonce=uuid4().hex,
            at=datetime.fromtimestamp(at, UTC),
        )
        return self._session.send(
            _prepared(request), timeout=self._timeout, verify=True, proxies=self._proxies
        )


def _date(response: requests.Response) -> float | None:
    """Return the time on the answering server's clock, if the answer has it."""
    try:
        shown = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    return (shown if shown.tzinfo else shown.replace(tzinfo=UTC)).timestamp()


def _prepared(request: SignedRequest) -> requests.PreparedRequest:
    """Take the request as it was signed: `requests` would take as long to prepare it again."""
    prepared = requests.PreparedRequest()
    prepared.method = "POST"
    prepared.url = request.url
    headers = {**request.headers, "Content-Length": str(len(request.body))}
    prepared.headers = headers  # type: ignore[assignment] # they are looked up as they are spelled here
    prepared.body = request.body
    return prepared

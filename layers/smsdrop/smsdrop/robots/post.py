"""A robot as a channel: one POST a letter, bounded, without retries or redirects."""

from collections.abc import Callable

import requests
from requests.utils import get_environ_proxies

from smsdrop.alibaba.http.connections import FAILURES, NotConnected
from smsdrop.alibaba.http.session import BareSession
from smsdrop.robots.forms import Form, form, refusal
from smsdrop.robots.robot import Robot

CONNECT_SECONDS, ANSWER_SECONDS = 2.0, 3.0
"""Our choice: five seconds in all; what does not answer by then is retried by a later tick."""


class RobotChannel:
    """No exception of `requests` leaves this class: its text holds the URL, which is a secret."""

    def __init__(self, robot: Robot, clock: Callable[[], float]) -> None:
        self.name = robot.name
        self._robot = robot
        self._clock = clock
        self._session = BareSession(connections=1)

    def say(self, subject: str, text: str) -> str:
        """Deliver it; return an empty text, or a code for why that failed."""
        request = form(self._robot, subject=subject, text=text, at=self._clock())
        try:
            response = self._post(request)
        except (NotConnected, requests.RequestException, *FAILURES) as error:
            return type(error).__name__
        return refusal(self._robot, response.status_code, response.content)

    def _post(self, request: Form) -> requests.Response:
        prepared = requests.Request(
            "POST",
            request.url,
            data=request.body,
            headers={"Content-Type": "application/json; charset=utf-8"},
        ).prepare()
        return self._session.send(
            prepared,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            verify=True,
            proxies=get_environ_proxies(request.url),
        )

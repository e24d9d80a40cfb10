"""Run ParseRecipients on the event of standard input, killed after so many queueing calls."""

import json
import os
import runpy
import signal
import sys
import threading
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.session
from botocore.session import Session

HANDLER = Path(__file__).parents[2] / "functions" / "parse_recipients" / "app.py"

CALL = "sqs.SendMessageBatch"


class Mortality:
    """
    Dies silently once SQS has answered the last call that it may make.

    Calls are made side by side; those past the limit wait for the end.
    """

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._begun, self._answered = count(1), count(1)
        self._get_session = botocore.session.get_session

    def get_session(self) -> Session:
        session = self._get_session()
        events = session.get_component("event_emitter")
        events.register(f"before-call.{CALL}", self._wait_if_too_many)
        events.register(f"after-call.{CALL}", self._die_at_last)
        return session

    def _wait_if_too_many(self, **_call: Any) -> None:
        if next(self._begun) > self._calls:
            threading.Event().wait()

    def _die_at_last(self, **_call: Any) -> None:
        if next(self._answered) == self._calls:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    mortality = Mortality(int(sys.argv[1]))
    botocore.session.get_session = mortality.get_session  # type: ignore[assignment] # the handler makes its session itself
    context = SimpleNamespace(
        function_name="ParseRecipients",
        memory_limit_in_mb=1769,
        invoked_function_arn="",
        aws_request_id="",
    )
    runpy.run_path(str(HANDLER))["lambda_handler"](json.load(sys.stdin), context)

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

import boto3

HANDLER = Path(__file__).parents[2] / "functions" / "parse_recipients" / "app.py"

CALL = "sqs.SendMessageBatch"


class MortalSession(boto3.Session):
    """
    Dies without a word once SQS has answered the last call that it may make.

    Calls are made side by side; those that come too many wait for the end.
    """

    def __init__(self) -> None:
        super().__init__()
        self._calls = int(sys.argv[1])
        self._begun, self._answered = count(1), count(1)
        self.events.register(f"before-call.{CALL}", self._wait_if_too_many)
        self.events.register(f"after-call.{CALL}", self._die_at_last)

    def _wait_if_too_many(self, **_call: Any) -> None:
        if next(self._begun) > self._calls:
            threading.Event().wait()

    def _die_at_last(self, **_call: Any) -> None:
        if next(self._answered) == self._calls:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    boto3.Session = MortalSession  # type: ignore[assignment, misc] # the handler makes its session itself
    context = SimpleNamespace(
        function_name="ParseRecipients",
        memory_limit_in_mb=1769,
        invoked_function_arn="",
        aws_request_id="",
    )
    runpy.run_path(str(HANDLER))["lambda_handler"](json.load(sys.stdin), context)

"""Run ParseRecipients on the event of standard input, killed after so many queueing calls."""

import json
import os
import runpy
import signal
import sys
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3

HANDLER = Path(__file__).parents[1] / "functions" / "parse_recipients" / "app.py"

QUEUEING = "after-call.sqs.SendMessageBatch"


class MortalSession(boto3.Session):
    """Dies without a word once SQS has answered the last call that it may make."""

    def __init__(self) -> None:
        super().__init__()
        self._calls = count(1)
        self.events.register(QUEUEING, self._die_at_last)

    def _die_at_last(self, **_call: Any) -> None:
        if next(self._calls) == int(sys.argv[1]):
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

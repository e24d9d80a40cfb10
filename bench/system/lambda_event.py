"""A function of the template, run in this process as Lambda would run it."""

import importlib.util
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local import ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a handler learns of its invocation."""

    function_name: str
    memory_limit_in_mb: int = 512
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"
    leave_by: float = field(default_factory=lambda: time.time() + 900)

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:us-east-1:000000000000:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return round((self.leave_by - time.time()) * 1000)


def handler_module(name: str, environment: Mapping[str, str]) -> Any:
    """Load `functions/<name>/app.py` with these environment variables set."""
    os.environ.update(environment)
    path = ROOT / "functions" / name / "app.py"
    spec = importlib.util.spec_from_file_location(f"{name}_app", path)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sqs_event(messages: Sequence[str], *, queue_arn: str = "arn:aws:sqs:::batches") -> Any:
    """Return the event that Lambda makes of messages received for the first time."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": f"receipt-{number}",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": str(round(time.time() * 1000)),
                    "SenderId": "bench",
                    "ApproximateFirstReceiveTimestamp": str(round(time.time() * 1000)),
                },
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn,
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(messages)
        ]
    }

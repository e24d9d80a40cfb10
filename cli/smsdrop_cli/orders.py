"""
Orders, and their answers.

An order is an object under `orders/`, so that S3 says who gave it, and the policies `MayOrder` and
`MayApprove` are enough; Operate writes the answer to the bucket. Only the redrive invokes Operate
directly: it is not about a campaign.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from smsdrop.drops import BEIJING
from smsdrop.operations.answers import ANSWER_PREFIX
from smsdrop.operations.orders import ORDER_PREFIX, STACK
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack

PATIENCE_SECONDS = 60
SECONDS_BETWEEN_LOOKS = 0.5

CLOCKS_DIFFER = timedelta(minutes=20)
"""AWS refuses a request whose clock is a quarter of an hour off."""


@dataclass(frozen=True, kw_only=True)
class Orders:
    """Gives orders to a stack, and waits for their answers."""

    stack: Stack
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    def give(self, order: str, what: str = STACK) -> dict[str, Any]:
        """Return the answer of an order that was followed; raises `CannotBeDone` for others."""
        before = set(self._answers(order))
        self.stack.clients.s3.put_object(
            Bucket=self.stack.bucket, Key=f"{ORDER_PREFIX}{order}/{what}", Body=b""
        )
        answer = self._answer(order, what, before)
        if "error" in answer:
            raise CannotBeDone(str(answer["error"]))
        return answer

    def redrive(self) -> dict[str, Any]:
        """Queue the dead letters again, and return how many were and how many were not."""
        response = self.stack.clients.functions.invoke(
            FunctionName=self.stack.outputs["Operate"], Payload=json.dumps({"order": "redrive"})
        )
        answer: dict[str, Any] = json.load(response["Payload"])
        if "FunctionError" in response:
            kind = answer.get("errorType", response["FunctionError"])
            raise CannotBeDone(f"Operate has failed with {kind}; its log says where.")
        return answer

    def _answer(self, order: str, what: str, before: set[str]) -> dict[str, Any]:
        give_up_at = self.clock() + PATIENCE_SECONDS
        while self.clock() < give_up_at:
            for key in self._answers(order):
                if key not in before:
                    before.add(key)
                    answer = self._read(key)
                    if answer["what"] == what:
                        return answer
            self.sleep(SECONDS_BETWEEN_LOOKS)
        raise CannotBeDone(
            f"The order is given, but in {PATIENCE_SECONDS} s nobody has answered it. It is not"
            f" known whether it is followed: look for its answer under {ANSWER_PREFIX}"
        )

    def _read(self, key: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(b"".join(self.stack.objects.lines(key)))
        return answer

    def _answers(self, order: str) -> Iterator[str]:
        """Yield the keys of the answers to orders of this name that were given lately."""
        since = datetime.fromtimestamp(self.clock(), BEIJING) - CLOCKS_DIFFER
        pages = self.stack.clients.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.stack.bucket,
            Prefix=ANSWER_PREFIX,
            StartAfter=f"{ANSWER_PREFIX}{since:%Y-%m-%d %H%M%S}",
        )
        for page in pages:
            for item in page.get("Contents", ()):
                if f" {order} " in item["Key"]:
                    yield item["Key"]

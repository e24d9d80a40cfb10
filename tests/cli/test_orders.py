"""Orders are given in the bucket, and each waits for its own answer."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest

from smsdrop.operations.answers import Answer
from smsdrop.operations.orders import Order
from smsdrop.reasons import Reason
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.orders import PATIENCE_SECONDS, Orders
from tests.support.fakes import nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW
from tests.support.terminal import EARLIER_ID, put

pytest_plugins = ["tests.support.cli_fixtures"]


def answer(stack: Stack, name: str, what: str, code: str, *, at: float = NOW + 1) -> None:
    """Write an answer, as Operate does."""
    order = Order(name=name, what=what, mark=f"{at:.0f}", principal="AWS:AIDA", at=at)
    said = Answer(order=order, at=at, said=(Reason(code, (what, "completed")),))
    put(stack, said.key, said.to_json("en"))


def orders(stack: Stack, *, meanwhile: Callable[[], object] = nothing) -> Orders:
    clock = Clock(NOW)

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        meanwhile()

    return Orders(stack=stack, clock=clock, sleep=sleep)


def test_an_order_is_an_object_that_names_the_campaign(deployed: Stack) -> None:
    given = orders(
        deployed, meanwhile=lambda: answer(deployed, "cancel", CAMPAIGN_ID, "order_cancelled")
    ).give("cancel", CAMPAIGN_ID)

    listed = deployed.clients.s3.list_objects_v2(Bucket=deployed.bucket, Prefix="orders/")
    assert [each["Key"] for each in listed["Contents"]] == [f"orders/cancel/{CAMPAIGN_ID}"]
    assert (given["code"], given["by"]) == ("order_cancelled", "AWS:AIDA")


def test_an_order_that_is_not_followed_cannot_be_done_for_the_reason_in_its_answer(
    deployed: Stack,
) -> None:
    order = orders(
        deployed, meanwhile=lambda: answer(deployed, "cancel", CAMPAIGN_ID, "order_ended")
    )

    with pytest.raises(CannotBeDone, match=f"{CAMPAIGN_ID} has ended .completed."):
        order.give("cancel", CAMPAIGN_ID)


def test_answers_to_others_and_to_earlier_orders_are_not_taken_for_its_own(deployed: Stack) -> None:
    answer(deployed, "pause", CAMPAIGN_ID, "order_ended", at=NOW - 5)

    def meanwhile() -> None:
        answer(deployed, "resume", CAMPAIGN_ID, "order_ended", at=NOW + 2)
        answer(deployed, "pause", EARLIER_ID, "order_ended", at=NOW + 3)
        answer(deployed, "pause", CAMPAIGN_ID, "order_paused", at=NOW + 4)

    given = orders(deployed, meanwhile=meanwhile).give("pause", CAMPAIGN_ID)

    assert given["code"] == "order_paused"


def test_an_order_that_nobody_answers_is_not_said_to_be_done(deployed: Stack) -> None:
    waiting = orders(deployed)

    with pytest.raises(CannotBeDone, match="not known whether it is followed"):
        waiting.give("pause")

    assert waiting.clock() >= NOW + PATIENCE_SECONDS


@dataclass(slots=True)
class Lambda:
    """Gives this answer to each invocation."""

    answer: bytes
    error: str = ""
    payload: str = ""

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self.payload = Payload
        failed = {"FunctionError": self.error} if self.error else {}
        return {"Payload": BytesIO(self.answer), **failed}


def test_a_redrive_is_asked_of_operate(deployed: Stack) -> None:
    function = Lambda(b'{"moved": 3, "left": 1}')
    vars(deployed.clients)["functions"] = function

    assert orders(deployed).redrive() == {"moved": 3, "left": 1}
    assert function.payload == '{"order": "redrive"}'


def test_a_redrive_that_fails_cannot_be_done(deployed: Stack) -> None:
    failing = Lambda(b'{"errorType": "ClientError", "errorMessage": "x"}', error="Unhandled")
    vars(deployed.clients)["functions"] = failing

    with pytest.raises(CannotBeDone, match="Operate has failed with ClientError"):
        orders(deployed).redrive()

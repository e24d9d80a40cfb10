"""The whole system with short times, and a gateway that has forgotten every earlier test."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from local.gateway.client import Gateway
from local.gateway_process import GatewayProcess
from local.stack import Stack
from tests.conftest import DeployStack
from tests.support.runbook import Operator
from tests.support.whole_system import System, new_numbers

SHORT_TIMES = {
    "SettleAfterSeconds": "1",
    "SendTimeoutSeconds": "6",  # a call gives up after three
    "BatchVisibilitySeconds": "8",
    "CallsPerSecond": "500",  # more than this machine makes
}


@pytest.fixture(scope="session")
def reset_gateway(standin: GatewayProcess) -> Iterator[Gateway]:
    with closing(Gateway(standin.endpoint())) as gateway:
        gateway.reset()
        yield gateway


@pytest.fixture(scope="session")
def left_alone(stack: Stack, reset_gateway: Gateway) -> tuple[System, str]:
    """
    A system whose books only the schedule closes, and the key of a file that was dropped there.

    Nothing wakes the closer, as if every such event were lost.

    The file is dropped before all else, so that its minute passes while other tests run.
    """
    system = System(stack=stack, gateway=reset_gateway)
    stack.stop_waking()
    key = system.drop("left alone.csv", new_numbers(3))
    system.wait_for_texts(3)
    return system, key


@pytest.fixture(scope="session")
def deploy_quick(deploy_stack: DeployStack, left_alone: object) -> DeployStack:
    """
    Deploy a stack with short times: `deploy_quick("a-name-of-its-own")`.

    Only the tests close its books: the schedule, and senders that are done, would do it at the
    wrong time.
    """

    def deploy(stack_name: str, **parameters: str) -> Stack:
        stack = deploy_stack(stack_name, **SHORT_TIMES | parameters)
        stack.stop_schedule()
        stack.stop_waking()
        return stack

    return deploy


@pytest.fixture(scope="session")
def system_stack(deploy_quick: DeployStack) -> Stack:
    """The stack of all modules that do not say that they have their own."""
    return deploy_quick("shared")


@pytest.fixture
def system(system_stack: Stack, reset_gateway: Gateway) -> System:
    """A system that the tests share, one after the other; each leaves its queues empty."""
    reset_gateway.reset()
    return System(stack=system_stack, gateway=reset_gateway)


@pytest.fixture(scope="session")
def woken_stack(deploy_stack: DeployStack, left_alone: object) -> Stack:
    """A stack whose books are closed only by closers that were woken."""
    stack = deploy_stack("woken", **SHORT_TIMES)
    stack.stop_schedule()
    return stack


@pytest.fixture
def woken(woken_stack: Stack, reset_gateway: Gateway) -> System:
    reset_gateway.reset()
    return System(stack=woken_stack, gateway=reset_gateway)


@pytest.fixture
def mailbox(system: System) -> Callable[[], list[str]]:
    """Subscribe a queue to the alarms; the fixture reads what has come in."""
    sns, sqs = system.stack.clients.sns, system.stack.clients.sqs
    open_to_all = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:*"}]}
    policy = {"Policy": json.dumps(open_to_all)}
    url = sqs.create_queue(QueueName=uuid4().hex, Attributes=policy)["QueueUrl"]  # type: ignore[arg-type] # stubs name the keys
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=system.stack.outputs["Alarms"], Protocol="sqs", Endpoint=arn["QueueArn"])

    def letters() -> list[str]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"])["Message"] for message in messages]

    return letters


@pytest.fixture
def operator(system: System, tmp_path: Path) -> Operator:
    """Somebody who handles the system by the runbook."""
    somebody = Operator(stack=system.stack, folder=tmp_path, values={"stack": system.stack.name})
    somebody.learn_the_outputs()
    return somebody

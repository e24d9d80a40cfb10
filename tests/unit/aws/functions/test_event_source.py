"""The queue is opened and shut to the senders, by calls that are as boto3 knows them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from smsdrop.aws.functions.event_source import EventSource

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

pytest_plugins = ["tests.support.aws_fixtures"]

ONE, TWO = "5f2b9f9e-8f0c-4f7a-9d8e-000000000001", "5f2b9f9e-8f0c-4f7a-9d8e-000000000002"
QUEUE_ARN = "arn:aws-cn:sqs:cn-north-1:123456789012:batches"


@pytest.fixture(scope="module")
def client(session: boto3.Session) -> "LambdaClient":
    return session.client("lambda")


@pytest.fixture
def stubber(client: "LambdaClient") -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def source(client: "LambdaClient") -> EventSource:
    return EventSource(client, function_name="send-batch", queue_arn=QUEUE_ARN)


def finds(stubber: Stubber, states: dict[str, str]) -> None:
    """Have mappings found in these states, by their ids."""
    stubber.add_response(
        "list_event_source_mappings",
        {"EventSourceMappings": [{"UUID": each, "State": states[each]} for each in states]},
        {"FunctionName": "send-batch", "EventSourceArn": QUEUE_ARN},
    )


def turns(stubber: Stubber, name: str, *, on: bool) -> None:
    stubber.add_response("update_event_source_mapping", {}, {"UUID": name, "Enabled": on})


@pytest.mark.parametrize("state", ["Disabled", "Disabling"])
def test_a_queue_that_is_shut_is_opened(source: EventSource, stubber: Stubber, state: str) -> None:
    finds(stubber, {ONE: state})
    turns(stubber, ONE, on=True)

    source.turn(on=True)


@pytest.mark.parametrize("state", ["Enabled", "Enabling"])
def test_a_queue_that_is_open_is_shut(source: EventSource, stubber: Stubber, state: str) -> None:
    finds(stubber, {ONE: state})
    turns(stubber, ONE, on=False)

    source.turn(on=False)


@pytest.mark.parametrize(
    ("state", "on"),
    [
        ("Enabled", True),
        ("Enabling", True),
        ("Disabled", False),
        ("Disabling", False),
        ("Creating", True),
        ("Updating", False),
    ],
)
def test_a_queue_that_is_so_already_or_about_to_change_is_left_alone(
    source: EventSource, stubber: Stubber, state: str, on: bool
) -> None:
    finds(stubber, {ONE: state})

    source.turn(on=on)


@pytest.mark.parametrize(
    ("states", "lets_through"),
    [
        (["Enabled"], True),
        (["Enabling"], True),
        (["Creating"], True),
        (["Disabled"], False),
        (["Enabled", "Disabling"], False),
    ],
)
def test_a_queue_lets_messages_through_unless_any_of_it_is_shut(
    source: EventSource, stubber: Stubber, states: list[str], lets_through: bool
) -> None:
    finds(stubber, dict(zip((ONE, TWO), states, strict=False)))

    assert source.lets_through() is lets_through


def test_of_two_mappings_each_is_turned_by_its_own_state(
    source: EventSource, stubber: Stubber
) -> None:
    finds(stubber, {ONE: "Enabled", TWO: "Disabled"})
    turns(stubber, TWO, on=True)

    source.turn(on=True)

"""CloseCampaigns is woken by an event, and a failure to send it raises nothing."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from smsdrop.aws.functions.closer import WAKE_CONFIG, Closer
from smsdrop.metrics import Measured, Metric
from smsdrop.sending.recording import WAKE_SECONDS
from tests.support.samples import CAMPAIGN_ID

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

pytest_plugins = ["tests.support.aws_fixtures"]

EVENT = {
    "FunctionName": "stack-CloseCampaigns",
    "InvocationType": "Event",
    "Payload": json.dumps({"campaign_id": CAMPAIGN_ID}).encode(),
}


@pytest.fixture(scope="module")
def client(session: boto3.Session) -> "LambdaClient":
    return session.client("lambda")


@pytest.fixture
def stubber(client: "LambdaClient") -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def measured() -> list[Measured]:
    return []


@pytest.fixture
def closer(client: "LambdaClient", measured: list[Measured]) -> Closer:
    return Closer(lambda: client, function_name="stack-CloseCampaigns", measure=measured.append)


def test_it_is_woken_for_one_campaign_and_not_waited_for(
    closer: Closer, stubber: Stubber, measured: list[Measured]
) -> None:
    stubber.add_response("invoke", {"StatusCode": 202}, EVENT)

    closer.wake(CAMPAIGN_ID)

    assert measured == []


@pytest.mark.parametrize("code", ["AccessDeniedException", "TooManyRequestsException"])
def test_a_wake_up_that_is_refused_is_counted_and_raises_nothing(
    closer: Closer, stubber: Stubber, measured: list[Measured], code: str
) -> None:
    stubber.add_client_error("invoke", code, expected_params=EVENT)

    closer.wake(CAMPAIGN_ID)

    assert measured == [{Metric.WAKES_FAILED: 1}]


def test_where_no_one_answers_it_is_given_up_after_one_try(measured: list[Measured]) -> None:
    nowhere = boto3.client(
        "lambda",
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=WAKE_CONFIG,
    )

    Closer(lambda: nowhere, function_name="close", measure=measured.append).wake(CAMPAIGN_ID)

    config: Any = nowhere.meta.config
    assert measured == [{Metric.WAKES_FAILED: 1}]
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout <= WAKE_SECONDS


def test_threads_that_wake_at_once_share_a_client_that_is_made_for_the_first(
    client: "LambdaClient", stubber: Stubber
) -> None:
    made: list[None] = []

    def make() -> "LambdaClient":
        made.append(None)
        return client

    closer = Closer(make, function_name="stack-CloseCampaigns")
    made_before = len(made)
    for _ in range(8):
        stubber.add_response("invoke", {"StatusCode": 202}, EVENT)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(closer.wake, [CAMPAIGN_ID] * 8))

    assert (made_before, len(made)) == (0, 1)

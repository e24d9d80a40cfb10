"""The clients are those that boto3 would make."""

from typing import Any

import boto3
import pytest

from smsdrop.aws.session import CLIENT_CONFIG, Session

SERVICES = ("dynamodb", "lambda", "s3", "secretsmanager", "sns", "sqs")


@pytest.fixture(autouse=True)
def sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Lambda gives a function: a region, and credentials that may change."""
    monkeypatch.setenv("AWS_REGION", "cn-north-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")


def told(client: Any) -> dict[str, Any]:
    """Return a client's settings: endpoint, credentials, time-outs, retries and connections."""
    credentials = client._request_signer._credentials
    config = vars(client.meta.config)
    return {
        "service": (client.meta.service_model.service_id, client.meta.service_model.api_version),
        "endpoint": (client.meta.endpoint_url, client.meta.region_name),
        "credentials": (credentials.access_key, credentials.secret_key, credentials.token),
        "config": {
            each: config[each]
            for each in ("connect_timeout", "read_timeout", "retries", "max_pool_connections")
        },
    }


@pytest.mark.parametrize("config", [None, CLIENT_CONFIG])
@pytest.mark.parametrize("service", SERVICES)
def test_a_client_goes_by_the_same_as_one_of_boto3(service: Any, config: Any) -> None:
    ours = Session().client(service, config=config)
    theirs = boto3.Session().client(service, config=config)

    assert told(ours) == told(theirs)

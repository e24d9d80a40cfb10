"""The key pair, from Secrets Manager; the fake passes what both can do."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from smsdrop.alibaba.ports import Keys
from smsdrop.alibaba.signing import AccessKey
from smsdrop.aws.secrets_manager import (
    KeySecret,
    SecretNotFilled,
    SecretUnreadable,
)
from smsdrop.aws.session import SECRET_CONFIG
from tests.support.fakes import FakeKeys
from tests.support.raw_server import refusing_port

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

pytest_plugins = ["tests.support.aws_fixtures"]

OLD = AccessKey(key_id="LTAI-old", secret="secret-old")
NEW = AccessKey(key_id="LTAI-new", secret="secret-new")


def written(key: AccessKey, margin: str = "") -> str:
    return json.dumps(
        {
            "access_key_id": f"{margin}{key.key_id}{margin}",
            "access_key_secret": f"{margin}{key.secret}{margin}",
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """A key pair in its secret, and how a test rotates it."""

    keys: Keys
    rotate: Callable[[AccessKey], object]


@pytest.fixture(params=["secret", "fake"])
def safe(request: pytest.FixtureRequest) -> Safe:
    if request.param == "fake":
        fake = FakeKeys(OLD)
        return Safe(keys=fake, rotate=lambda key: setattr(fake, "stored", key))
    secrets: SecretsManagerClient = request.getfixturevalue("secrets")
    secrets.create_secret(Name="keys", SecretString=written(OLD))
    return Safe(
        keys=KeySecret(secrets, "keys"),
        rotate=lambda key: secrets.put_secret_value(SecretId="keys", SecretString=written(key)),
    )


def test_the_key_pair_is_the_one_in_the_secret(safe: Safe) -> None:
    assert safe.keys.current() == OLD


def test_the_key_pair_is_remembered_until_it_is_asked_for_anew(safe: Safe) -> None:
    safe.keys.current()
    safe.rotate(NEW)

    assert safe.keys.current() == OLD
    assert safe.keys.refresh() == NEW
    assert safe.keys.current() == NEW


def test_white_space_that_was_pasted_along_is_dropped(secrets: "SecretsManagerClient") -> None:
    secrets.create_secret(Name="keys", SecretString=written(OLD, margin=" \n\t"))

    assert KeySecret(secrets, "keys").current() == OLD


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(" ", id="nothing"),
        pytest.param("LTAI-old:secret-old", id="no JSON"),
        pytest.param('["LTAI-old", "secret-old"]', id="a list"),
        pytest.param('"secret-old"', id="a text"),
        pytest.param("null", id="null"),
        pytest.param('{"access_key_id": "LTAI-old"}', id="half of it"),
        pytest.param('{"access_key_id": 1, "access_key_secret": "secret-old"}', id="a number"),
        pytest.param('{"id": "LTAI-old", "secret": "secret-old"}', id="other names"),
        pytest.param('{"access_key_id": "", "access_key_secret": "secret-old"}', id="empty"),
        pytest.param(
            '{"access_key_id": "LTAI-old\\nHost: x", "access_key_secret": "secret-old"}',
            id="two lines",
        ),
        pytest.param(
            '{"access_key_id": "密钥LTAI-old", "access_key_secret": "secret-old"}', id="Chinese"
        ),
        pytest.param(
            '{"access_key_id": "LTAI-old", "access_key_secret": "secret-old\\ud800"}',
            id="half a character",
        ),
        pytest.param("[" * 60_000, id="nested without end"),
    ],
)
def test_a_secret_of_another_form_is_refused_without_being_quoted(
    secrets: "SecretsManagerClient", content: str
) -> None:
    secrets.create_secret(Name="keys", SecretString=content)

    with pytest.raises(SecretNotFilled) as refusal:
        KeySecret(secrets, "keys").current()

    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None
    assert "secret-old" not in str(refusal.value)
    assert "LTAI-old" not in str(refusal.value)


def test_a_secret_that_nobody_filled_yet_is_said_to_be_so(secrets: "SecretsManagerClient") -> None:
    secrets.create_secret(Name="keys")

    with pytest.raises(SecretNotFilled):
        KeySecret(secrets, "keys").current()


def test_a_secret_of_bytes_alone_is_of_another_form(secrets: "SecretsManagerClient") -> None:
    secrets.create_secret(Name="keys", SecretBinary=written(OLD).encode())

    with pytest.raises(SecretNotFilled):
        KeySecret(secrets, "keys").current()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        pytest.param("AccessDeniedException", 400, id="no permission for secret or key"),
        pytest.param("DecryptionFailure", 400, id="KMS cannot decrypt it"),
        pytest.param("InvalidRequestException", 400, id="scheduled for deletion"),
        pytest.param("InternalServiceError", 500, id="Secrets Manager is down"),
    ],
)
def test_a_secret_that_aws_does_not_give_leaves_no_key_pair_and_says_why(
    session: boto3.Session, code: str, status: int
) -> None:
    secrets = session.client("secretsmanager")
    with Stubber(secrets) as stubber:
        stubber.add_client_error("get_secret_value", code, http_status_code=status)

        with pytest.raises(SecretUnreadable) as unreadable:
            KeySecret(secrets, "keys").current()

    assert unreadable.value.code == code


def test_secrets_manager_that_is_out_of_reach_is_given_up_soon(session: boto3.Session) -> None:
    with refusing_port() as url:
        secrets = session.client("secretsmanager", endpoint_url=url, config=SECRET_CONFIG)
        began = time.monotonic()

        with pytest.raises(SecretUnreadable) as unreadable:
            KeySecret(secrets, "keys").current()

    assert unreadable.value.code == "EndpointConnectionError"
    assert time.monotonic() - began < 20

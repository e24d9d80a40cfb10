"""The robots' secret is read once in some minutes, and what is wrong with it is a code."""

from typing import TYPE_CHECKING

import pytest
from botocore.stub import Stubber

from smsdrop.aws.robot_secret import ROBOTS_KEPT_SECONDS, RobotSecret
from tests.support.gateway_caller import Clock

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

pytest_plugins = ["tests.support.aws_fixtures"]

ROBOTS = '{"wecom": [{"url": "https://h/geheim"}]}'


@pytest.fixture
def clock() -> Clock:
    return Clock(1000)


@pytest.mark.parametrize(
    ("text", "names", "problem"),
    [
        pytest.param(ROBOTS, ["wecom 1"], "", id="a robot"),
        pytest.param(None, [], "", id="never filled"),
        pytest.param("{}", [], "", id="none"),
        pytest.param("geheim", [], "RobotsWrong", id="no JSON"),
    ],
)
def test_robots_are_those_in_their_secret(
    secrets: "SecretsManagerClient", clock: Clock, text: str | None, names: list[str], problem: str
) -> None:
    filled = {} if text is None else {"SecretString": text}
    secrets.create_secret(Name="robots", **filled)  # type: ignore[arg-type] # it is a text
    robots = RobotSecret(secrets, "robots", clock)

    assert ([each.name for each in robots.current()], robots.problem) == (names, problem)


def test_robots_that_cannot_be_read_are_a_code(
    secrets: "SecretsManagerClient", clock: Clock
) -> None:
    robots = RobotSecret(secrets, "robots", clock)
    with Stubber(secrets) as stub:
        stub.add_client_error("get_secret_value", "AccessDeniedException")

        assert (list(robots.current()), robots.problem) == ([], "AccessDeniedException")


def test_the_robots_secret_is_read_once_in_some_minutes(
    secrets: "SecretsManagerClient", clock: Clock
) -> None:
    secrets.create_secret(Name="robots", SecretString="geheim")
    robots = RobotSecret(secrets, "robots", clock)

    robots.current()
    secrets.put_secret_value(SecretId="robots", SecretString=ROBOTS)
    clock.now += ROBOTS_KEPT_SECONDS - 1
    assert list(robots.current()) == []
    clock.now += 1

    assert len(robots.current()) == 1
    assert robots.problem == ""

"""The channels are those that the stack has now: mail, and the robots of its secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest

from local.template.reading import Template
from smsdrop.aws.sns import ReportTopic
from smsdrop.robots.post import RobotChannel
from smsdrop.robots.robot import Robot
from smsdrop.telling.tell import Tell
from smsdrop.wiring.tell import Channels, tell
from tests.support.wired import wired

pytest_plugins = ["tests.support.aws_fixtures"]

MAIL = ReportTopic(cast("Any", None), "arn")
ROBOT = Robot(name="wecom 1", kind="wecom", url="https://h/x")


@dataclass(slots=True)
class FakeSecret:
    robots: Sequence[Robot] = ()
    problem: str = ""

    def current(self) -> Sequence[Robot]:
        return self.robots


def channels(secret: FakeSecret, mail: ReportTopic | None = MAIL) -> Channels:
    return Channels(mail, cast("Any", secret), lambda: 0)


def names(found: Channels) -> list[str]:
    return [each.name for each in found.current()]


@pytest.mark.parametrize(
    ("secret", "mail", "expected"),
    [
        pytest.param(FakeSecret(), None, [], id="nobody"),
        pytest.param(FakeSecret(), MAIL, ["mail"], id="mail"),
        pytest.param(FakeSecret((ROBOT,)), None, ["wecom 1"], id="a robot"),
        pytest.param(FakeSecret((), "RobotsWrong"), MAIL, ["mail"], id="a secret that is wrong"),
        pytest.param(FakeSecret((), "Throttled"), MAIL, ["mail", "robots"], id="one unreadable"),
    ],
)
def test_there_are_as_many_channels_as_can_be_known(
    secret: FakeSecret, mail: ReportTopic | None, expected: list[str]
) -> None:
    assert names(channels(secret, mail)) == expected


def test_robots_that_cannot_be_known_have_not_been_told() -> None:
    [unknown] = channels(FakeSecret((), "Throttled"), None).current()

    assert unknown.say("s", "t") == "Throttled"


def test_a_robot_keeps_its_connection_until_it_is_gone_from_the_secret() -> None:
    secret = FakeSecret((ROBOT,))
    found = channels(secret, None)

    [first], [second] = found.current(), found.current()
    secret.robots = ()

    assert isinstance(first, RobotChannel)
    assert first is second
    assert list(found.current()) == []


def test_a_problem_is_said_once_and_again_when_it_is_another() -> None:
    secret = FakeSecret()
    found = channels(secret)

    said = []
    for problem in ("", "RobotsWrong", "RobotsWrong", "Throttled", "", "Throttled"):
        secret.problem = problem
        said.append(found.new_problem())

    assert said == ["", "RobotsWrong", "", "Throttled", "", "Throttled"]


def test_the_use_case_is_built_of_its_own_adapters(template: Template) -> None:
    adapters = wired(template, "CloseCampaigns", REPORT_TOPIC="")

    use_case, found = tell(adapters)

    assert isinstance(use_case, Tell)
    assert use_case.channels is found
    assert use_case.wording.language == "en"
    assert {name for name, _ in adapters.session.made} == {"dynamodb", "secretsmanager"}

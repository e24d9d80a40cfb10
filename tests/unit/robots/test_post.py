"""A letter reaches each robot as the strict stand-in takes it; whatever fails is a code."""

import time
from dataclasses import replace

import pytest

from local.robots.client import RobotsClient
from smsdrop.robots.post import ANSWER_SECONDS, CONNECT_SECONDS, RobotChannel
from smsdrop.robots.robot import KINDS, Robot, robots_in
from smsdrop.telling.letters import MOST_BYTES
from tests.support.raw_server import refusing_port

pytest_plugins = ["tests.support.robots_fixtures"]

LONGEST = "长" * (MOST_BYTES // 3)


def robot_of(kind: str, robots: RobotsClient) -> Robot:
    [robot] = robots_in(robots.secret(kind))
    return robot


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["一\n二", LONGEST], ids=["short", "longest"])
def test_a_strict_robot_takes_it(kind: str, text: str, robots: RobotsClient) -> None:
    channel = RobotChannel(robot_of(kind, robots), time.time)

    assert channel.say("smsdrop: closed", text) == ""

    [entry] = robots.journal()
    assert (entry.kind, entry.text.replace("  \n", "\n"), entry.code) == (kind, text, 0)
    assert channel.name == f"{kind} 1"


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_a_wrong_secret_or_clock_is_refused(kind: str, robots: RobotsClient) -> None:
    robot = robot_of(kind, robots)

    wrong = RobotChannel(replace(robot, secret="another"), time.time).say("s", "t")
    late = RobotChannel(robot, lambda: time.time() - 3700).say("s", "t")

    assert wrong == late == {"dingtalk": "dingtalk 310000", "feishu": "feishu 19021"}[kind]


def test_a_robot_that_hangs_is_given_up_in_seconds(robots: RobotsClient) -> None:
    robots.behave("wecom", hangs=20)
    channel = RobotChannel(robot_of("wecom", robots), time.time)
    began = time.monotonic()

    failure = channel.say("s", "t")

    assert failure in ("ReadTimeout", "ConnectionError")
    assert time.monotonic() - began < CONNECT_SECONDS + ANSWER_SECONDS + 1
    assert CONNECT_SECONDS + ANSWER_SECONDS == 5


def test_where_nobody_listens_the_failure_names_no_address() -> None:
    with refusing_port() as url:
        [robot] = robots_in(f'{{"wecom": [{{"url": "{url}/send?key=geheim"}}]}}')

        assert RobotChannel(robot, time.time).say("s", "t") == "NotConnected"


def test_a_robot_that_refuses_is_a_code(robots: RobotsClient) -> None:
    robots.behave("feishu", refuses=11232)

    channel = RobotChannel(robot_of("feishu", robots), time.time)

    assert channel.say("s", "t") == "feishu 11232"

"""Stand-ins for the chat robots, in a process of their own."""

from collections.abc import Iterator

import pytest

from local.robots.client import RobotsClient, running_robots


@pytest.fixture(scope="session")
def robots_process() -> Iterator[RobotsClient]:
    with running_robots() as robots:
        yield robots


@pytest.fixture
def robots(robots_process: RobotsClient) -> RobotsClient:
    """Running robots that have forgotten every earlier test."""
    robots_process.reset()
    return robots_process

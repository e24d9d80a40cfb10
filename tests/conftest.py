"""What several test files share: the whole system, running in a local AWS."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from local.aws.local_aws import LocalAws, local_aws
from local.gateway_process import GatewayProcess, SmsKeys, running_gateway
from local.stack import Stack
from local.up import deployed
from tests.simulation.shown import pytest_terminal_summary
from tests.support import kept_calls

__all__ = ["pytest_terminal_summary"]  # a hook, here so that the process that prints has it

settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("unhurried")

DeployStack = Callable[..., Stack]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Forget what functions called in earlier runs, unless this run checks just those calls."""
    if not is_worker(session.config) and session.config.getoption("markexpr") != "last":
        kept_calls.forget(session.config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


def is_worker(config: pytest.Config) -> bool:
    """Say whether this process runs only a part of the tests."""
    return hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def cloud(request: pytest.FixtureRequest) -> Iterator[LocalAws]:
    """One local AWS for the session, with nothing in it."""
    with local_aws() as aws:
        yield aws
        kept_calls.keep(request.config, aws.calls())


@pytest.fixture(scope="session")
def sms_keys() -> SmsKeys:
    return SmsKeys()


@pytest.fixture(scope="session")
def standin(sms_keys: SmsKeys) -> Iterator[GatewayProcess]:
    """One stand-in SMS gateway for the session."""
    with running_gateway(sms_keys) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def deploy_stack(cloud: LocalAws, standin: GatewayProcess, sms_keys: SmsKeys) -> DeployStack:
    """Deploy the template once more: `deploy_stack("a-name-of-its-own", Parameter="value")`."""

    def deploy(stack_name: str, **parameters: str) -> Stack:
        return deployed(
            cloud,
            stack_name=stack_name,
            sms_endpoint=standin.endpoint(),
            sms_keys=sms_keys,
            parameters=parameters,
        )

    return deploy


@pytest.fixture(scope="session")
def stack(deploy_stack: DeployStack) -> Stack:
    """The whole system with the template's own defaults."""
    return deploy_stack("smsdrop")

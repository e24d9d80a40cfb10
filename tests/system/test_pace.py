"""The rate of calls that several senders keep together, as the gateway sees it."""

from bisect import bisect_left

import pytest

from local.aws.deploy import DeployFailedError
from local.gateway.client import Gateway
from local.gateway.faults import Fault
from tests.conftest import DeployStack
from tests.support.whole_system import System, new_numbers

pytestmark = pytest.mark.system
pytest_plugins = ["tests.support.system_fixtures"]

CALLS_PER_SECOND = 20


@pytest.fixture
def paced(deploy_quick: DeployStack, reset_gateway: Gateway) -> System:
    reset_gateway.reset()
    stack = deploy_quick(
        "paced",
        CallsPerSecond=str(CALLS_PER_SECOND),
        MaximumConcurrency="4",
        SendTimeoutSeconds="12",  # then the ten messages of an event all find their moments in it
        BatchVisibilitySeconds="72",
    )
    return System(stack=stack, gateway=reset_gateway)


def test_several_senders_keep_the_rate_together_and_use_most_of_it(paced: System) -> None:
    numbers = new_numbers(16_000)

    key = paced.drop("paced.csv", numbers)
    paced.wait_for_texts(len(numbers))

    starts = sorted(call.started_at for call in paced.calls())
    in_a_second = [bisect_left(starts, at + 1) - each for each, at in enumerate(starts)]
    assert max(in_a_second) <= 1.2 * CALLS_PER_SECOND
    assert len(starts) >= 0.8 * CALLS_PER_SECOND * (starts[-1] - starts[0])
    assert paced.closed(key).summary["sent"] == len(numbers)


def test_a_rate_whose_interval_is_longer_than_an_invocation_stalls_nothing(
    deploy_quick: DeployStack, reset_gateway: Gateway
) -> None:
    """AWS refuses such settings; here a sender has six seconds, and its interval would be four."""
    stack = deploy_quick("slow", CallsPerSecond="1", MaximumConcurrency="4")
    system = System(stack=stack, gateway=reset_gateway)
    numbers = new_numbers(1_000)

    key = system.drop("slow.csv", numbers)
    system.wait_for_texts(len(numbers))

    assert system.closed(key).summary["sent"] == len(numbers)
    assert stack.queue_counts().dead == 0


@pytest.mark.parametrize(
    ("senders", "rate"),
    [
        pytest.param("4", "0.1", id="a rate that is too low"),
        pytest.param("21", "49", id="too many senders for the rate"),
    ],
)
def test_settings_with_which_senders_would_wait_for_too_long_are_refused(
    deploy_quick: DeployStack, senders: str, rate: str
) -> None:
    with pytest.raises(DeployFailedError, match="CallsPerSecond"):
        deploy_quick("refused", CallsPerSecond=rate, MaximumConcurrency=senders)


def test_a_campaign_that_is_throttled_at_random_completes_without_dead_letters(
    paced: System,
) -> None:
    paced.gateway.add_fault(Fault(kind="throttle", rate=0.2, seed=1))
    numbers = new_numbers(2_000)

    key = paced.drop("throttled.csv", numbers)
    paced.wait_for_texts(len(numbers))

    assert paced.not_once(numbers) == {}
    assert paced.closed(key).is_balanced
    assert paced.gateway.summary().faults["throttle"] > 0
    assert paced.stack.queue_counts().dead == 0

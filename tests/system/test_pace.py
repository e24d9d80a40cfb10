"""The rate of calls that several senders keep together, as the gateway sees it."""

from bisect import bisect_left

import pytest

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
    stack = deploy_quick("paced", CallsPerSecond=str(CALLS_PER_SECOND), MaximumConcurrency="4")
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

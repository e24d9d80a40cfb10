"""The key pair is replaced by another of the same account: the whole system."""

import pytest

from local.gateway.client import Gateway
from local.gateway.faults import Fault
from local.stack import Stack
from tests.conftest import DeployStack
from tests.support.interference import put_secret
from tests.support.whole_system import System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def own_stack(deploy_quick: DeployStack) -> Stack:
    """A stack whose senders may remember a key pair that is gone; doubt lasts for seconds."""
    return deploy_quick("rotated", SettleAfterSeconds="5")


def test_what_is_in_doubt_when_the_key_is_rotated_is_sent_once(
    own_stack: Stack, reset_gateway: Gateway
) -> None:
    system = System(stack=own_stack, gateway=reset_gateway)
    system.gateway.reset()
    numbers = new_numbers(250)
    system.close()  # a minute with the first key pair
    system.gateway.add_fault(Fault(kind="drop_before", numbers=(1, 2)))
    system.gateway.add_fault(Fault(kind="drop_after", numbers=(3,)))
    key = system.drop("rotated.csv", numbers)
    system.wait(lambda: len(answered(system)) == 3, what="three calls in doubt")

    system.gateway.put_key("LTAI-another", "its-secret")
    put_secret(system, "its-secret", key_id="LTAI-another")
    system.gateway.put_key(system.stack.access_key_id, enabled=False)
    system.close()  # a minute with the second
    report = system.closed(key)

    assert answered(system)[:3] == ["no answer"] * 3
    assert system.not_once(numbers) == {}
    assert (report.summary["sent"], report.summary["unconfirmed"]) == (250, 0)
    assert {each.get("absent", {"N": "0"})["N"] for each in system.entries(key)} == {"0", "1"}
    assert len({each["account_id"]["S"] for each in system.ledger("account")}) == 1
    assert len(system.ledger("account")) == 2
    system.gateway.put_key(system.stack.access_key_id, enabled=True)
    system.wait_for_empty_queues()


def answered(system: System) -> list[str]:
    return [each.outcome for each in system.calls() if each.outcome]

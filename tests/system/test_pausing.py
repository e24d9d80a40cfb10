"""A fault of the account stops everything, and nothing is lost: the whole system."""

from collections.abc import Callable

import pytest

from local.gateway.client import Gateway
from local.stack import Stack
from tests.conftest import DeployStack
from tests.support.interference import event_source, put_secret
from tests.support.whole_system import System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

UNDER_WAY = 2 * 10
"""How many calls there may be: two senders by the template's default, each ten at a time."""


def test_without_balance_sending_pauses_and_the_rest_goes_out_after_a_person_resumes(
    system: System, mailbox: Callable[[], list[str]]
) -> None:
    numbers, later_numbers = new_numbers(20_000), new_numbers(250)
    system.gateway.set_balance(5000)
    system.gateway.change_settings(latency_seconds=0.1)
    key = system.drop("large.csv", numbers)
    system.wait(lambda: system.pause(), what="pause")
    system.queued(key)

    system.close()
    system.close()
    later = system.drop("while paused.csv", later_numbers)
    system.queued(later)
    waiting = system.stack.queue_counts()
    letters = mailbox()
    calls_while_paused = len(system.calls())
    system.gateway.change_settings(balance=None, latency_seconds=0)
    texts_before_resuming = system.gateway.summary().texts
    system.operate("resume")
    reports = [system.closed(key), system.closed(later)]

    assert texts_before_resuming == 5000
    assert 50 < calls_while_paused <= 50 + UNDER_WAY
    assert waiting.waiting + waiting.held + waiting.delayed == 150 + 3
    assert len(letters) == 1
    assert "isv.AMOUNT_NOT_ENOUGH" in letters[0]
    assert system.not_once([*numbers, *later_numbers]) == {}
    assert [each.summary["sent"] for each in reports] == [20_000, 250]
    assert all(each.is_balanced for each in reports)
    system.wait_for_empty_queues()


def test_the_queue_is_shut_while_sending_is_paused(system: System) -> None:
    system.gateway.set_balance(0)
    key = system.drop("shut.csv", new_numbers(3))
    system.wait(lambda: system.pause(), what="pause")

    system.close()
    while_paused = event_source(system)["State"]
    system.gateway.set_balance(None)
    resumed = system.operate("resume")
    report = system.closed(key)

    assert while_paused == "Disabled"
    assert (resumed["code"], resumed["paused"]) == ("order_stack_resumed", False)
    assert event_source(system)["State"] == "Enabled"
    assert report.summary["sent"] == 3


@pytest.fixture(scope="module")
def own_stack(deploy_quick: DeployStack) -> Stack:
    """A stack whose senders may remember a wrong key pair: nothing uses it after these tests."""
    return deploy_quick("own-keys")


@pytest.fixture
def own_system(own_stack: Stack, reset_gateway: Gateway) -> System:
    reset_gateway.reset()
    return System(stack=own_stack, gateway=reset_gateway)


def test_a_wrong_key_pair_pauses_and_the_right_one_sends(own_system: System) -> None:
    system = own_system
    numbers = new_numbers(250)
    put_secret(system, system.stack.access_key_secret[::-1])
    key = system.drop("wrong key.csv", numbers)
    system.wait(lambda: system.pause(), what="pause")
    system.close()
    texts_while_wrong = system.gateway.summary().texts

    put_secret(system, system.stack.access_key_secret)
    system.operate("resume")
    report = system.closed(key)

    assert texts_while_wrong == 0
    assert {each.outcome for each in system.calls()} == {"SignatureDoesNotMatch", "OK"}
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 250
    system.wait_for_empty_queues()


def test_a_key_pair_that_is_changed_in_time_pauses_nothing(own_system: System) -> None:
    system = own_system
    before, after = new_numbers(100), new_numbers(100)
    system.closed(system.drop("before.csv", before))

    system.gateway.put_key(system.stack.access_key_id, "another-secret")
    put_secret(system, "another-secret")
    report = system.closed(system.drop("after.csv", after))

    assert "SignatureDoesNotMatch" in {each.outcome for each in system.calls()}
    assert not system.pause()
    assert system.not_once([*before, *after]) == {}
    assert report.summary["sent"] == 100

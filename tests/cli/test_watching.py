"""A campaign is looked at until it has ended."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from smsdrop.ledger.campaign import Status
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.watching import Watching
from tests.support.fakes import nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW, campaign, changed

pytest_plugins = ["tests.support.cli_fixtures"]


def watching(stack: Stack, meanwhile: Callable[[], object] = nothing) -> Watching:
    clock = Clock(NOW)

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        meanwhile()

    return Watching(stack=stack, clock=clock, sleep=sleep)


def test_each_look_shows_how_far_it_is_and_the_last_one_its_end(deployed: Stack) -> None:
    deployed.ledger.write(None, campaign())

    def end() -> None:
        stands = deployed.ledger.campaign(CAMPAIGN_ID) or campaign()
        following = {Status.SENDING: Status.CLOSING, Status.CLOSING: Status.CLOSED}
        deployed.ledger.write(stands, changed(stands, status=following[stands.status]))

    looks = watching(deployed, meanwhile=end).until_ended(CAMPAIGN_ID)

    assert [each.status for each in looks] == ["sending", "closing", "closed"]


def test_a_file_that_was_just_dropped_is_waited_for(deployed: Stack) -> None:
    begun = replace(campaign(), status=Status.PARSING)

    found = watching(deployed, lambda: deployed.ledger.write(None, begun)).begun(CAMPAIGN_ID)

    assert found == begun


def test_a_campaign_that_does_not_begin_is_not_waited_for_for_ever(deployed: Stack) -> None:
    with pytest.raises(CannotBeDone, match="has not begun"):
        watching(deployed).begun(CAMPAIGN_ID)

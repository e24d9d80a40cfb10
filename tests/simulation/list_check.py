"""What must hold of people on suppression lists, once all is quiet."""

from collections.abc import Iterator

from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.codes import SUPPRESSED
from smsdrop.sending.suppression.listed_since import LOOK_SECONDS
from tests.simulation.campaign_check import Report
from tests.simulation.lists import SimulatedLists
from tests.simulation.world import CLAIM_SECONDS, World

STEP_SECONDS = 1
"""Longer than the step between a look at the clock and the call that follows it."""

BOUND_SECONDS = LOOK_SECONDS + CLAIM_SECONDS + STEP_SECONDS
"""For so long a listed person may still be called, and anybody while a list is spoiled."""


def faults_of_lists(world: World) -> Iterator[str]:
    if world.lists is None:
        return
    yield from _called_though_listed(world, world.lists)
    for campaign in world.ledger.all_campaigns():
        for fault in _untrue(world, world.lists, campaign):
            yield f"{fault} ({campaign.campaign_id})"


def _called_though_listed(world: World, lists: SimulatedLists) -> Iterator[str]:
    for call in world.provider.calls:
        campaign = world.ledger.campaign(call.batch.campaign_id)
        if campaign is None:
            continue
        for number in call.batch.phone_numbers:
            seconds = lists.listed_for(number, campaign, call.at)
            if seconds > BOUND_SECONDS:
                yield f"listed: {call.out_id} called {number}, {seconds:.1f} s after it was listed"
        seconds = lists.spoiled_for(campaign, call.at)
        if seconds > BOUND_SECONDS:
            yield f"spoiled: {call.out_id} began {seconds:.1f} s after a list was spoiled"


def _untrue(world: World, lists: SimulatedLists, campaign: Campaign) -> Iterator[str]:
    """A number reported as suppressed was on a list, and is not in `unsent.csv`."""
    report = Report.read(world, campaign)
    unsent = {row["phone_number"] for row in report.unsent}
    for row in report.rows:
        number = row["phone_number"]
        entry = world.ledger.batch(row["smsdrop_batch"]) if row["smsdrop_batch"] else None
        refused = entry is not None and (entry.state, entry.code) == (State.REFUSED, SUPPRESSED)
        if not refused and row["smsdrop_status"] != "suppressed":
            continue
        if not lists.was_listed(number, campaign):
            yield f"forgotten: {number} is down as suppressed, and never was on a list"
        if number in unsent:
            yield f"unsent: {number} is in unsent.csv, and on a list"

"""What must hold once all is quiet: nobody twice, nobody forgotten, books that balance."""

import traceback
from collections.abc import Iterator
from itertools import pairwise
from math import inf

from smsdrop.ledger.campaign import Status
from tests.simulation.books import CLOSER_SECONDS
from tests.simulation.campaign_check import CampaignCheck
from tests.simulation.canaries import faults_of_canaries
from tests.simulation.list_check import faults_of_lists
from tests.simulation.ports import StraightWire
from tests.simulation.provider import Call
from tests.simulation.repeat_check import faults_of_repeats
from tests.simulation.telling import faults_of_telling
from tests.simulation.terms import NO_TERMS
from tests.simulation.world import CLAIM_SECONDS, World

MOST_LOOKUPS = 100
"""Of one number, however often lookups fail while faults are dealt."""

MOST_LOOKUPS_CUT_OFF = 300
"""Of one number, where no lookup is answered for hours."""

STEP_SECONDS = 1
"""Longer than the step between a look at the clock and the call that follows it."""


def check(world: World) -> None:
    """Blame the world for every broken promise."""
    world.wire = StraightWire()
    world.files.unreachable.clear()
    try:
        for fault in _faults(world):
            world.blame(fault)
    except Exception:  # noqa: BLE001 - books that are broken enough can not even be read
        world.blame(f"exception: {traceback.format_exc()}")


def _faults(world: World) -> Iterator[str]:
    campaigns = {
        (each.bucket, each.key, each.version_id): each for each in world.ledger.all_campaigns()
    }
    for version in world.truth.drops:
        campaign = campaigns.get((version.bucket, version.key, version.version_id))
        if campaign is not None:
            yield from CampaignCheck(world, version, campaign).faults()
        elif version not in world.truth.deleted | world.truth.lost:
            yield f"forgotten: nothing is known of {version.key}"
    yield from faults_of_repeats(world)
    yield from faults_of_lists(world)
    yield from _untold(world)
    yield from faults_of_canaries(world)
    yield from _calls_against_orders(world)
    is_cut_off = world.provider.is_cut_off or world.provider.was_cut_off
    most = MOST_LOOKUPS_CUT_OFF if is_cut_off else MOST_LOOKUPS
    for number, count in world.provider.lookups.items():
        campaigns_of = {
            each.batch.campaign_id
            for each in world.provider.calls
            if number in each.batch.phone_numbers
        }
        if count > most * max(1, len(campaigns_of)):
            yield f"lookups: {number} was looked up {count} times"
    yield from _closers_at_the_same_lookups(world)
    out_ids = [call.out_id for call in world.provider.calls]
    for out_id in sorted({each for each in out_ids if out_ids.count(each) > 1}):
        yield f"out id: two calls had {out_id}"


def _untold(world: World) -> Iterator[str]:
    ended = {
        each.campaign_id: each.status
        for each in world.ledger.all_campaigns()
        if each.status in (Status.CLOSED, Status.REFUSED) and not each.is_open
    }
    outages = len(world.faulty_wire.outages)
    excused = world.excused_repeats + world.telling_dice.fired.total() + outages
    yield from faults_of_telling(world.channels, ended, excused=excused)


def _closers_at_the_same_lookups(world: World) -> Iterator[str]:
    """Only one closer looks up at a time; two would ask the same, and exceed the rate together."""
    spans = sorted(world.provider.closers.values())
    for (_, last), (first, _) in pairwise(spans):
        if first < last:
            yield f"lookups: two closers made them at once, {last - first:.1f} s long"


def _against_its_terms(world: World, call: Call) -> Iterator[str]:
    campaign = world.ledger.campaign(call.batch.campaign_id)
    if campaign is None:
        return
    terms = world.truth.terms.get(campaign.version, NO_TERMS)
    if reason := terms.forbid(call.at):
        yield f"terms: {call.out_id} began {reason}"
    gone_at = world.truth.gone.get(campaign.version, inf)
    if max(gone_at, campaign.started_at) + CLOSER_SECONDS < terms.start_at:
        yield f"withdrawn: {call.out_id} is of a file that was deleted before its start"
    approved_at = world.truth.approved.get(campaign.campaign_id, inf)
    if terms.needs_approval and call.at < approved_at:
        yield f"terms: {call.out_id} began before anybody had approved"


def _calls_against_orders(world: World) -> Iterator[str]:
    """No call begins once a campaign is halted, or sending paused, for longer than a look lasts."""
    grace = CLAIM_SECONDS + STEP_SECONDS
    for call in world.provider.calls:
        yield from _against_its_terms(world, call)
        halted_at = world.ledger.halted_at.get(call.batch.campaign_id, inf)
        if call.at > halted_at + grace:
            yield f"halted: {call.out_id} began {call.at - halted_at:.1f} s later"
        held = world.ledger.held.get(call.batch.campaign_id, [])
        for begin, end in [*world.ledger.pauses, *held]:
            if begin + grace < call.at < end:
                yield f"paused: {call.out_id} began {call.at - begin:.1f} s later"

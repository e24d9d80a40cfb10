"""Messages over all campaigns: none is sent by two of them, and none is held back for nothing."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO

from smsdrop.closing.reports import RESULTS
from smsdrop.drops import beijing_time_of, report_folder
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.reasons import Reason
from tests.simulation.provider import Text
from tests.simulation.repeats import rows_of
from tests.simulation.world import REPEAT_SECONDS, World


def faults_of_repeats(world: World) -> Iterator[str]:
    yield from _messages_sent_twice(world)
    for campaign in world.ledger.all_campaigns():
        yield from _held_for_nothing(world, campaign)


def _messages_sent_twice(world: World) -> Iterator[str]:
    """No two campaigns send the same message to the same number, unless by another word."""
    texts: dict[tuple[object, ...], list[Text]] = defaultdict(list)
    for text in world.provider.texts:
        texts[text.phone_number, text.template_code, text.message].append(text)
    for same in texts.values():
        senders = {each.campaign_id: each for each in same}
        for first in senders:
            for second in senders:
                may_be_had = not senders[first].is_excusable
                if first != second and may_be_had and _is_compared(world, first, second):
                    yield f"twice: {second} sent the same as {first} to the same number"


def _is_compared(world: World, first: str, second: str) -> bool:
    """Say whether the second campaign had to be compared with the first."""
    ledger, truth = world.ledger, world.truth
    if first in truth.without_plan or first not in ledger.ahead_of.get(second, ()):
        return False
    one, other = ledger.campaign(first), ledger.campaign(second)
    if one is None or other is None:
        return False
    word, other_word = truth.drops[one.version].again, truth.drops[other.version].again
    began_at = one.started_at if first in ledger.paused else ledger.began_at.get(first, 0)
    began_at -= _late_to_plan(world, first)
    if _waits_for_copies(world, one):
        began_at = min(began_at, _committed(world, first).begins_by)
    is_recent = began_at > ledger.planned_at[second] - REPEAT_SECONDS
    return is_recent and other_word in ("", word)


def _late_to_plan(world: World, campaign_id: str) -> float:
    """Return how long after its commit to the log, which counts, the campaign was planned."""
    return world.ledger.planned_at[campaign_id] - _committed(world, campaign_id).committed_at


def _committed(world: World, campaign_id: str) -> CommittedPlan:
    plans = {each.committed_by: each for each in world.ledger.all_of(CommittedPlan)}
    return plans[campaign_id]


def _waits_for_copies(world: World, campaign: Campaign) -> bool:
    """Say whether it begins only once the others in its place are judged, too."""
    return [each.key for each in world.truth.drops].count(campaign.key) > 1


def _held_for_nothing(world: World, campaign: Campaign) -> Iterator[str]:
    """A row held back as had was had: by a message that had not provably failed by then."""
    folder = report_folder(campaign.key, campaign.campaign_id)
    content = world.files.objects.get(folder + RESULTS, b"").decode("utf-8-sig")
    causes = {
        Reason("had_before", (each.campaign_id, beijing_time_of(each.campaign_id))).text(): each
        for each in world.ledger.all_campaigns()
    }
    for row in csv.DictReader(StringIO(content)):
        earlier = causes.get(row["smsdrop_reason"])
        if earlier is None:
            continue
        fault = _why_not_had(world, earlier, row, campaign)
        if fault:
            number = row["phone_number"]
            yield f"forgotten: {number} of {campaign.campaign_id} is down as had, but {fault}"


def _why_not_had(world: World, earlier: Campaign, row: dict[str, str], later: Campaign) -> str:
    drop = world.truth.drops[earlier.version]
    cells = ("phone_number", "name")
    if not any(all(row[cell] == each[cell] for cell in cells) for each in rows_of(drop)):
        return f"{earlier.campaign_id} has no such row"
    if earlier.campaign_id in world.truth.without_plan:
        return ""
    for entry in _entries_of(world, earlier, row["phone_number"]):
        if entry.state in (State.REFUSED, State.CANCELLED) and not _may_have_texted(entry):
            ended_at = world.ledger.ended_at[entry.batch_id]
            halted_at = world.ledger.halted_at.get(earlier.campaign_id, ended_at)
            is_never_begun = entry.state is State.CANCELLED and not entry.attempt
            failed_at = min(halted_at, ended_at) if is_never_begun else ended_at
            split_at = [world.ledger.ended_at[each.batch_id] for each in _wholes(world, entry)]
            if max(failed_at, *split_at, 0) < later.started_at:
                return f"{earlier.campaign_id} had not sent it by then"
    return ""


def _may_have_texted(entry: BatchEntry) -> bool:
    return bool(entry.accepted) or entry.absent > 0


def _entries_of(world: World, earlier: Campaign, phone_number: str) -> Iterator[BatchEntry]:
    """Yield the final entry of the earlier campaign that its report shows for a number."""
    folder = report_folder(earlier.key, earlier.campaign_id)
    content = world.files.objects.get(folder + RESULTS, b"").decode("utf-8-sig")
    for row in csv.DictReader(StringIO(content)):
        if row["phone_number"] == phone_number and row["smsdrop_batch"]:
            entry = world.ledger.batch(row["smsdrop_batch"])
            if entry is not None and not any(map(_may_have_texted, _wholes(world, entry))):
                yield entry


def _wholes(world: World, entry: BatchEntry) -> Iterator[BatchEntry]:
    """Yield the batches that this one is a part of."""
    batch_id = entry.batch_id
    while "." in batch_id:
        batch_id = batch_id.rpartition(".")[0]
        whole = world.ledger.batch(batch_id)
        if whole is not None:
            yield whole

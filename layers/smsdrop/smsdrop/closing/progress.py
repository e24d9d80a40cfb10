"""Whether all batches of a campaign have ended."""

from itertools import takewhile

from smsdrop.batches.batch import nth_batch_id, position_of
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import ReadsBatches
from smsdrop.ledger.splits import have_ended


def is_done(campaign: Campaign, ledger: ReadsBatches) -> bool:
    """
    Say whether every batch of the plan, and every part of it, has ended.

    Until the last one has ended, no other entry is read, and none is ever read behind the first
    open one: most checks of a campaign cost one read, however many batches it has.
    """
    batches = campaign.counts.batches
    if batches and not _has_ended(nth_batch_id(campaign.campaign_id, batches), ledger):
        return False
    entries = ledger.entries(campaign.campaign_id)
    return have_ended(entries, campaign.campaign_id, batches=batches)


def has_canary_ended(campaign: Campaign, ledger: ReadsBatches) -> bool:
    """Say whether all batches that go ahead have ended, unless that is noted already."""
    batches = campaign.terms.canary_batches
    if not campaign.awaits_canary or campaign.canary.canary_ended_at or campaign.queued < batches:
        return False
    if not _has_ended(nth_batch_id(campaign.campaign_id, batches), ledger):
        return False
    entries = takewhile(
        lambda entry: position_of(entry.batch_id) <= batches, ledger.entries(campaign.campaign_id)
    )
    return have_ended(entries, campaign.campaign_id, batches=batches)


def _has_ended(batch_id: str, ledger: ReadsBatches) -> bool:
    entry = ledger.batch(batch_id)
    return entry is not None and entry.is_final

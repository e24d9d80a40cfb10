"""The campaign of a dropped file: where it begins, and how it is found without the file."""

from smsdrop.drops import FileFacts, FileVersion, campaign_id
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import ReadsCampaigns, Writes


def begin(ledger: Writes, version: FileVersion, file: FileFacts, *, at: float) -> Campaign:
    """Return the file's campaign; it begins here unless an earlier run has begun it."""
    name = campaign_id(version, file.last_modified)
    begun = Campaign.begun(name, version, size=file.size, at=at, by=version.by)
    return ledger.write(None, begun)


def open_campaign_of(ledger: ReadsCampaigns, version: FileVersion) -> Campaign | None:
    """Return the campaign of a file that is gone, if there is one that is not closed."""
    for campaign in ledger.open_campaigns():
        if campaign.version == version:
            return campaign
    return None

"""End a file whose parsing has failed for good."""

from collections.abc import Callable
from dataclasses import dataclass

from smsdrop.drops import FileGone, FileVersion
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import update
from smsdrop.parsing.plan_file import ParsingLedger, begin, open_campaign_of
from smsdrop.ports import Drops


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpParsing:
    """The use case, with its ports."""

    bucket: Drops
    ledger: ParsingLedger
    clock: Callable[[], float]

    def give_up(self, version: FileVersion) -> Campaign | None:
        """Refuse the file, unless its plan stands: then queueing goes on without a parser."""
        try:
            with self.bucket.open(version) as file:
                campaign: Campaign | None = begin(self.ledger, version, file, at=self.clock())
        except FileGone:
            campaign = open_campaign_of(self.ledger, version)
        return update(self.ledger, campaign, self._given_up) if campaign else None

    def _given_up(self, campaign: Campaign) -> Campaign:
        return campaign.parsing_given_up(at=self.clock())

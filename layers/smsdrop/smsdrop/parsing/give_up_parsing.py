"""Give up on a file that could not be judged in the time it had."""

from collections.abc import Callable
from dataclasses import dataclass

from smsdrop.drops import FileGone, FileVersion
from smsdrop.ledger.campaign import PARSING_FAILED, Campaign
from smsdrop.ledger.ports import update
from smsdrop.parsing.beginning import begin, open_campaign_of
from smsdrop.parsing.plan_file import GONE, ParsingLedger
from smsdrop.ports import Drops
from smsdrop.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpParsing:
    """The use case, with its ports."""

    bucket: Drops
    ledger: ParsingLedger
    clock: Callable[[], float]

    def give_up(self, version: FileVersion) -> Campaign | None:
        """Refuse the file, unless its plan stands: then queueing goes on without a parser."""
        try:
            facts = self.bucket.facts(version)
        except FileGone:
            open_one = open_campaign_of(self.ledger, version)
            return open_one and self._given_up(open_one, GONE)
        campaign = begin(self.ledger, version, facts, at=self.clock())
        return self._given_up(campaign, PARSING_FAILED)

    def _given_up(self, campaign: Campaign, reason: Reason) -> Campaign:
        return update(
            self.ledger, campaign, lambda each: each.parsing_given_up(reason, at=self.clock())
        )

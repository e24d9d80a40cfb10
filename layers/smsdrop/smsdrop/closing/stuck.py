"""Notify a person of campaigns that stay open for too long, or that keep failing."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.ports import Writes, update
from smsdrop.ports import Topic

STUCK_SECONDS = {Status.PARSING: 3600, Status.PLANNED: 6 * 3600, Status.SENDING: 6 * 3600}
"""Our choice: a campaign open for longer than this is worth a person's look, once a day."""

FAILURES_TO_TELL = 2
"""Our choice: what is over by the next minute is not worth a person's look."""

REPEAT_SECONDS = 24 * 3600

NOTICE = "smsdrop: a campaign is stuck"
WHERE_TO_READ = "See 'A campaign is stuck' in docs/operations.md."

MOST_NAMED = 100
"""Our choice: how many campaigns one notice names; SNS takes 256 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfStuck:
    """The use case, with its ports."""

    ledger: Writes
    topic: Topic
    clock: Callable[[], float]

    def tell(self, seen: Iterable[Campaign]) -> None:
        """Notify a person of the campaigns worth a look; if that fails, retry in a minute."""
        campaigns = [each for each in seen if self._is_worth_a_look(each)][:MOST_NAMED]
        lines = [_line(each) for each in campaigns]
        if not lines or not self.topic.notify(NOTICE, "\n".join([*lines, WHERE_TO_READ])):
            return
        for campaign in campaigns:
            with suppress(Exception):  # then this one is named again in a minute
                update(self.ledger, campaign, self._alerted)

    def _is_worth_a_look(self, campaign: Campaign) -> bool:
        """Say whether to notify a person of an open campaign, now or again."""
        now = self.clock()
        if not campaign.is_open or campaign.alerted_at + REPEAT_SECONDS > now:
            return False
        stuck_after = STUCK_SECONDS.get(campaign.status)
        since = max(campaign.ages_from, campaign.opened_at)
        is_stuck = stuck_after is not None and now >= since + stuck_after
        return is_stuck or campaign.failures >= FAILURES_TO_TELL

    def _alerted(self, campaign: Campaign) -> Campaign:
        return campaign.alerted(at=self.clock()) if campaign.is_open else campaign


def _line(campaign: Campaign) -> str:
    if campaign.failures >= FAILURES_TO_TELL:
        return f"Campaign {campaign.campaign_id} has failed {campaign.failures} times in a row."
    return f"Campaign {campaign.campaign_id} is still {campaign.status}."

"""
Bring every open campaign closer to its end, once a minute, whatever happened to its messages.

    a campaign that is    has
    parsing               its file refused, once it is too old
    planned, sending      its released batches queued, lost ones queued again, and those ended
                          that are not to be sent; it is closing once all are at their end
    closing, refused      its report written
    closed, but open      its absent attempts looked up once more, after all else
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from smsdrop.batches.forms import LaterForm
from smsdrop.closing.close import Close
from smsdrop.closing.progress import is_done
from smsdrop.closing.repair import Repair
from smsdrop.closing.verify import VerifyAbsences
from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign, Status
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.ports import ReadsBatches, ReadsCampaigns, Writes, update
from smsdrop.ports import Topic
from smsdrop.sending.queue_plan import QueuePlan

T = TypeVar("T")

STUCK_SECONDS = {Status.PARSING: 3600, **dict.fromkeys(HAS_OPEN_BATCHES, 6 * 3600)}
"""Our choice: a campaign open for longer than this is worth a person's look, once a day."""

REPEAT_SECONDS = 24 * 3600

MARGIN_SECONDS = 60
"""Our choice: what it takes to finish what was begun when nothing more is to be begun."""

LOOKUPS = "stack"
"""The lease of who verifies: one for the whole stack, as the rate of its lookups is."""


class TickLedger(ReadsBatches, ReadsCampaigns, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The use case, with its ports."""

    ledger: TickLedger
    queue_plan: QueuePlan
    repair: Repair
    verify_absences: VerifyAbsences
    close: Close
    leases: Leases
    topic: Topic
    clock: Callable[[], float]
    max_age_seconds: float

    def run(self, *, is_paused: bool, deadline: float) -> Iterator[Campaign]:
        """
        Advance every open campaign, the oldest first, and yield what each has become.

        What is to be verified comes last, so that no campaign waits for another's lookups. A
        campaign whose plan or entries this release cannot read is left to one that can.
        """
        to_verify: list[Campaign] = []
        for each in self.ledger.open_campaigns():
            try:
                campaign = self.advance(each, is_paused=is_paused, deadline=deadline)
            except LaterForm:
                campaign = self._alert_if_stuck(each)
            yield campaign
            if campaign.awaits_verification and self.clock() >= campaign.verify_at:
                to_verify.append(campaign)
        if to_verify:
            self._alone(LOOKUPS, lambda: self._verify(to_verify, deadline), deadline)

    def advance(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        """Bring an open campaign as far towards its end as the time allows."""
        if campaign.status is Status.PARSING and self._is_too_old(campaign):
            campaign = update(self.ledger, campaign, self._parsing_given_up)
        if campaign.status in HAS_OPEN_BATCHES:
            campaign = self._advance_batches(campaign, is_paused=is_paused, deadline=deadline)
        if campaign.is_to_be_reported:
            report = partial(self._report, campaign)
            return self._alone(campaign.campaign_id, report, deadline) or campaign
        return self._alert_if_stuck(campaign)

    def _alone(self, name: str, job: Callable[[], T], deadline: float) -> T | None:
        return self.leases.alone(name, job, until=deadline + MARGIN_SECONDS)

    def _report(self, campaign: Campaign) -> Campaign:
        """Write the report, unless somebody has while the lease was another's."""
        stands = self.ledger.campaign(campaign.campaign_id) or campaign
        return self.close.close(stands) if stands.is_to_be_reported else stands

    def _verify(self, campaigns: Sequence[Campaign], deadline: float) -> None:
        """Give each campaign an equal share of the time; nobody reports it meanwhile."""
        for done, campaign in enumerate(campaigns):
            now = self.clock()
            share = (deadline - now) / (len(campaigns) - done)
            verify = partial(
                self.verify_absences.verify,
                campaign,
                is_too_old=self._is_too_old(campaign),
                deadline=now + share,
            )
            with suppress(LaterForm):
                self._alone(campaign.campaign_id, verify, deadline)

    def _advance_batches(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        if not is_done(campaign, self.ledger):
            campaign = self.queue_plan.resume(campaign, deadline=deadline)
            return self.repair.repair(
                campaign,
                is_too_old=self._is_too_old(campaign),
                is_paused=is_paused,
                deadline=deadline,
            )
        return update(
            self.ledger,
            campaign,
            lambda each: each.closing() if each.status in HAS_OPEN_BATCHES else each,
        )

    def _parsing_given_up(self, campaign: Campaign) -> Campaign:
        return campaign.parsing_given_up(at=self.clock())

    def _alert_if_stuck(self, campaign: Campaign) -> Campaign:
        now = self.clock()
        stuck_after = STUCK_SECONDS.get(campaign.status)
        if stuck_after is None or now < campaign.started_at + stuck_after:
            return campaign
        if campaign.alerted_at and now < campaign.alerted_at + REPEAT_SECONDS:
            return campaign
        self.topic.notify(
            "smsdrop: a campaign is stuck",
            f"Campaign {campaign.campaign_id} is still {campaign.status}. "
            "See 'A campaign is stuck' in docs/operations.md.",
        )
        return update(self.ledger, campaign, lambda each: each.alerted(at=now))

    def _is_too_old(self, campaign: Campaign) -> bool:
        return self.clock() - campaign.started_at > self.max_age_seconds

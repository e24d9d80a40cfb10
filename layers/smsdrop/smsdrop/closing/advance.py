"""
Bring one open campaign closer to its end, whatever happened to its messages.

    a campaign that is    gets
    parsing               its file refused, once it is too old
    planned, sending      its released batches queued, lost ones queued again, and batches ended
                          that must not be sent; it is closing once all have ended
    held                  its preview written, whenever something else holds it
    closing, refused      its report written
    closed, but open      its absent attempts looked up once more
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from smsdrop.batches.plan import PlanDamaged
from smsdrop.closing.progress import has_canary_ended, is_done
from smsdrop.closing.repair import Repair
from smsdrop.closing.verify import LOOKUPS, VerifyAbsences
from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign, Status
from smsdrop.ledger.gate import LISTS
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.ports import ReadsBatches, ReadsCampaigns, Writes, update
from smsdrop.ports import ObjectGone
from smsdrop.sending.preview import WritePreview
from smsdrop.sending.queue_plan import QueuePlan
from smsdrop.sending.suppression.listed_since import ListedSince
from smsdrop.sending.withdrawing import Standing, Withdrawing

ASK_SECONDS = 7 * 24 * 3600
"""
Our choice: how long the provider is asked about attempts in doubt of a campaign that is too old to
be sent. Blocked egress may be open again by then, and the provider still answers.
"""


class AdvanceLedger(ReadsBatches, ReadsCampaigns, Writes, Protocol): ...


class Closes(Protocol):
    def close(self, campaign: Campaign, *, has_plan: bool = True) -> Campaign:
        """Write the report, as `Close` does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """
    The use case, with its ports; without `listed_since` no suppression list is looked at.

    Raises whatever its ports raise, and `LaterForm`.
    """

    ledger: AdvanceLedger
    queue_plan: QueuePlan
    write_preview: WritePreview
    withdrawing: Withdrawing
    repair: Repair
    verify_absences: VerifyAbsences
    close: Closes
    leases: Leases
    clock: Callable[[], float]
    max_age_seconds: float
    ask_seconds: float = ASK_SECONDS
    listed_since: ListedSince | None = None

    def advance(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        """Bring an open campaign as far as the time allows; `verify` does its last lookups."""
        try:
            return self._advance(campaign, is_paused=is_paused, deadline=deadline)
        except (ObjectGone, PlanDamaged):
            if not self._is_too_old(campaign):
                raise
            return self._end_without_plan(campaign)

    def verify(self, campaign: Campaign, *, deadline: float) -> bool:
        """
        Look up its absent attempts once more unless another closer has it; say whether it did.

        No report of it is written meanwhile.
        """
        verify = partial(self._verify, campaign, deadline=deadline)
        return bool(self.leases.alone(campaign.campaign_id, verify))

    def _advance(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        if campaign.status is Status.PARSING and self._is_too_old(campaign):
            campaign = update(self.ledger, campaign, self._parsing_given_up)
        if campaign.status in HAS_OPEN_BATCHES:
            campaign = self._advance_batches(campaign, is_paused=is_paused, deadline=deadline)
        if campaign.is_to_be_reported:
            return self._reported(campaign)
        return campaign

    def _advance_batches(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        if is_done(campaign, self.ledger):
            return update(self.ledger, campaign, _closing)
        is_too_old = self._is_too_old(campaign)
        if not is_too_old:
            campaign = self._let_through(campaign, deadline=deadline)
            if self._is_left_alone(campaign):
                return self.write_preview.write(campaign)
        repair = partial(
            self.repair.repair,
            campaign,
            is_too_old=is_too_old,
            gives_up=self._gives_up(campaign),
            is_paused=is_paused,
            deadline=deadline,
        )
        if not is_too_old:
            return repair()
        return self.leases.alone(LOOKUPS, repair) or campaign  # it looks up attempts in doubt

    def _is_left_alone(self, campaign: Campaign) -> bool:
        """Say whether it is held: senders forget its queued batches."""
        return campaign.status is Status.HELD and not campaign.halt_code

    def _let_through(self, campaign: Campaign, *, deadline: float) -> Campaign:
        """Queue what the gate lets through, unless the file is withdrawn before that."""
        if campaign.waits_to_begin:
            standing = self.withdrawing.standing(campaign)
            if standing is Standing.REPLACED:
                return campaign
            if standing is Standing.WITHDRAWN:
                return self.withdrawing.withdraw(campaign)
        if has_canary_ended(campaign, self.ledger):
            campaign = update(self.ledger, campaign, self._canary_ended)
        return self.queue_plan.resume(self._looked_at_lists(campaign), deadline=deadline)

    def _looked_at_lists(self, campaign: Campaign) -> Campaign:
        """Check whether the lists that senders could not use are usable by now."""
        if not campaign.unusable_lists or self.listed_since is None:
            return campaign
        faults = self.listed_since.faults(campaign)
        return update(self.ledger, campaign, lambda each: each.held_for_lists(faults, reason=LISTS))

    def _reported(self, campaign: Campaign, *, has_plan: bool = True) -> Campaign:
        """Write the report, unless another closer is writing it or has just written it."""

        def report() -> Campaign:
            stands = self.ledger.campaign(campaign.campaign_id) or campaign
            if not stands.is_to_be_reported:
                return stands
            return self.close.close(stands, has_plan=has_plan)

        return self.leases.alone(campaign.campaign_id, report) or campaign

    def _end_without_plan(self, campaign: Campaign) -> Campaign:
        """Close a campaign whose plan is gone: every campaign must end."""
        campaign = self.ledger.campaign(campaign.campaign_id) or campaign
        if campaign.status in HAS_OPEN_BATCHES:
            if not self.repair.end_without_plan(campaign):
                return campaign
            campaign = update(self.ledger, campaign, _closing)
        if campaign.is_to_be_reported:
            return self._reported(campaign, has_plan=False)
        return campaign

    def _verify(self, campaign: Campaign, *, deadline: float) -> bool:
        gives_up = self._gives_up(campaign)
        try:
            self.verify_absences.verify(campaign, gives_up=gives_up, deadline=deadline)
        except (ObjectGone, PlanDamaged):
            if not self._is_too_old(campaign):
                raise
            campaign = update(self.ledger, campaign, _reopened)
            if campaign.is_to_be_reported:
                self.close.close(campaign, has_plan=False)
        return True

    def _canary_ended(self, campaign: Campaign) -> Campaign:
        return campaign.with_canary(campaign.canary.ended(at=self.clock()))

    def _parsing_given_up(self, campaign: Campaign) -> Campaign:
        return campaign.parsing_given_up(at=self.clock())

    def _is_too_old(self, campaign: Campaign) -> bool:
        return self.clock() - campaign.ages_from > self.max_age_seconds

    def _gives_up(self, campaign: Campaign) -> bool:
        """Say whether to stop waiting for what the provider has not answered by now."""
        age = self.clock() - campaign.ages_from
        return age > self.max_age_seconds + self.ask_seconds


def _reopened(campaign: Campaign) -> Campaign:
    return campaign.reopened() if campaign.awaits_verification else campaign


def _closing(campaign: Campaign) -> Campaign:
    return campaign.closing() if campaign.status in HAS_OPEN_BATCHES else campaign

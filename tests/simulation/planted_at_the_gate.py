"""Bugs to plant around the gate: the real use cases with one decision made wrongly."""

from dataclasses import replace

from smsdrop.closing.advance import Advance
from smsdrop.closing.repair import Repair
from smsdrop.ledger.campaign import Campaign
from smsdrop.sending.deferral import Deferred, Done
from smsdrop.sending.send_batch import Delivery, SendBatch
from smsdrop.sending.withdrawing import Standing, Withdrawing


class IgnoresTheGate(SendBatch):
    """Calls whatever the queue hands out."""

    def _is_forgotten(self, delivery: Delivery, campaign: Campaign) -> bool:
        return False


class OutlivesTheWindow(SendBatch):
    """Claims for a minute, however soon the gate closes."""

    def _claim_and_call(self, delivery: Delivery, campaign: Campaign) -> Deferred | Done:
        timing = replace(self.limits.timing, claim_seconds=60)
        patient = replace(self, limits=replace(self.limits, timing=timing))
        return SendBatch._claim_and_call(patient, delivery, replace(campaign, closes_at=0))


class QueuesNothingAgain(Repair):
    """Does not queue again what senders forgot while a campaign was held."""

    def _are_forgotten(self, campaign: Campaign) -> bool:
        return False


class RepairsTheHeld(Advance):
    """Takes the forgotten messages of a held campaign for lost."""

    def _is_left_alone(self, campaign: Campaign) -> bool:
        return False


class AgesFromTheDrop(Advance):
    """Ends a campaign that was dropped long ago, though it starts only now."""

    def _is_too_old(self, campaign: Campaign) -> bool:
        return self.clock() - campaign.started_at > self.max_age_seconds


class SendsTheWithdrawn(Withdrawing):
    """Never looks whether the file is still there when its campaign begins."""

    def standing(self, campaign: Campaign) -> Standing:
        return Standing.CURRENT

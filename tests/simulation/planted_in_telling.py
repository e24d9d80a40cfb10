"""Bugs to plant into telling people: the real use case with one decision made wrongly."""

from collections.abc import Sequence
from functools import partial

from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import update
from smsdrop.telling.letters import Letter
from smsdrop.telling.tell import Channel, Delivery, Pending, Tell


class NotesBeforeItTells(Tell):
    """Notes a notice as sent before it sends it."""

    def _delivered(self, letter: Letter, channels: Sequence[Channel]) -> list[Delivery]:
        for notice in letter.notices:
            campaign = self.ledger.campaign(notice.campaign_id)
            if campaign is not None:
                update(self.ledger, campaign, partial(Campaign.told, notice=notice.code))
        return super()._delivered(letter, channels)


class TakesTheTriedForTold(Tell):
    """Notes a notice as sent though a channel did not take it."""

    def _note(self, pending: Pending, *, heard_by: tuple[str, ...], is_told: bool) -> None:
        super()._note(pending, heard_by=heard_by, is_told=True)

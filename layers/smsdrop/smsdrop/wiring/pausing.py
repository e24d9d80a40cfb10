"""Pausing, as CloseCampaigns and Operate run it."""

from smsdrop.operations.pausing import Pausing
from smsdrop.wiring.adapters import Adapters


def pausing(adapters: Adapters) -> Pausing:
    return Pausing(
        ledger=adapters.ledger, switch=adapters.switch, topic=adapters.topic, clock=adapters.clock
    )

"""Orders, as Operate follows them."""

from time import sleep

from smsdrop.operations.follow_order import FollowOrder
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.pausing import pausing


def follow_order(adapters: Adapters) -> FollowOrder:
    return FollowOrder(
        ledger=adapters.ledger,
        answers=adapters.bucket,
        pausing=pausing(adapters),
        clock=adapters.clock,
        sleep=sleep,
        language=adapters.settings.language,
    )

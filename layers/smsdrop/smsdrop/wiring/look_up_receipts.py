"""Looking receipts up, as LookUpReceipts runs it."""

from time import sleep
from uuid import uuid4

from smsdrop.closing.receipts.look_up_receipts import LookUpReceipts
from smsdrop.ledger.leases import Leases
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.wiring.adapters import CONNECTIONS, Adapters
from smsdrop.wiring.side_by_side import SideBySide


def look_up_receipts(adapters: Adapters) -> LookUpReceipts:
    return LookUpReceipts(
        ledger=adapters.ledger,
        objects=adapters.bucket,
        lookup=adapters.gateway,
        keys=adapters.keys,
        rate=RateLimiter.shared(
            adapters.settings.lookups_per_second, senders=1, clock=adapters.clock, sleep=sleep
        ),
        side_by_side=SideBySide(CONNECTIONS),
        leases=Leases(
            ledger=adapters.ledger, clock=adapters.clock, fresh_token=lambda: uuid4().hex
        ),
        clock=adapters.clock,
    )

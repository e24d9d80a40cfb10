"""Looking receipts up, as LookUpReceipts runs it."""

from time import sleep
from uuid import uuid4

from smsdrop.closing.receipts.look_at_canary import LookAtCanary
from smsdrop.closing.receipts.look_at_part import LookAtPart
from smsdrop.closing.receipts.look_up_receipts import LookUpReceipts
from smsdrop.ledger.leases import Leases
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.wiring.adapters import CONNECTIONS, Adapters
from smsdrop.wiring.side_by_side import SideBySide


def look_up_receipts(adapters: Adapters) -> LookUpReceipts:
    ledger, clock = adapters.ledger, adapters.clock
    lookups_per_second = adapters.settings.lookups_per_second
    rate = RateLimiter.shared(lookups_per_second, senders=1, clock=clock, sleep=sleep)
    look_at_part = LookAtPart(
        ledger=ledger,
        objects=adapters.bucket,
        lookup=adapters.gateway,
        rate=rate,
        side_by_side=SideBySide(CONNECTIONS),
        clock=clock,
    )
    return LookUpReceipts(
        ledger=ledger,
        look_at_part=look_at_part,
        look_at_canary=LookAtCanary(ledger=ledger, look_at_part=look_at_part, clock=clock),
        keys=adapters.keys,
        rate=rate,
        leases=Leases(ledger=ledger, clock=clock, fresh_token=lambda: uuid4().hex),
        clock=clock,
    )

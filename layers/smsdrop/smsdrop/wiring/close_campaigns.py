"""The tick, and what else is done every minute, as CloseCampaigns runs it."""

import random
from functools import cached_property
from time import sleep
from typing import TYPE_CHECKING
from uuid import uuid4

from smsdrop.closing.advance import Advance
from smsdrop.closing.know_account import KnowAccount
from smsdrop.closing.repair import Repair
from smsdrop.closing.seen.page_failed import PageFailed, no_one
from smsdrop.closing.seen.write_index import WriteIndex
from smsdrop.closing.seen.write_pages import WritePages
from smsdrop.closing.stuck import TellOfStuck
from smsdrop.closing.tick import Tick
from smsdrop.closing.verify import VerifyAbsences
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.leases import Leases
from smsdrop.sending.deferral import Deferral
from smsdrop.sending.queue_plan import QueuePlan
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.settling import Settling
from smsdrop.sending.withdrawing import Withdrawing
from smsdrop.wiring.adapters import CONNECTIONS, Adapters
from smsdrop.wiring.listed_since import listed_since
from smsdrop.wiring.preview import write_preview
from smsdrop.wiring.side_by_side import SideBySide

if TYPE_CHECKING:
    from smsdrop.closing.close import Close


def tick(adapters: Adapters, *, page_failed: PageFailed = no_one) -> Tick:
    """Build the tick; `page_failed` is called with the reason why a page is not written."""
    ledger, bucket = adapters.ledger, adapters.bucket
    leases = Leases(ledger=ledger, clock=adapters.clock, fresh_token=lambda: uuid4().hex)
    return Tick(
        ledger=ledger,
        advance=advance(adapters, leases, page_failed=page_failed),
        write_pages=WritePages(
            ledger=ledger,
            objects=bucket,
            clock=adapters.clock,
            language=adapters.settings.language,
            price_per_segment=adapters.settings.price_per_segment,
            page_failed=page_failed,
        ),
        write_index=WriteIndex(
            ledger=ledger,
            objects=bucket,
            clock=adapters.clock,
            language=adapters.settings.language,
            page_failed=page_failed,
        ),
        tell_of_stuck=TellOfStuck(ledger=ledger, topic=adapters.topic, clock=adapters.clock),
        leases=leases,
        clock=adapters.clock,
    )


def advance(adapters: Adapters, leases: Leases, *, page_failed: PageFailed) -> Advance:
    ledger, bucket, queue = adapters.ledger, adapters.bucket, adapters.queue
    return Advance(
        ledger=ledger,
        queue_plan=QueuePlan(ledger=ledger, objects=bucket, queue=queue, clock=adapters.clock),
        write_preview=write_preview(adapters),
        withdrawing=Withdrawing(ledger=ledger, files=bucket),
        repair=Repair(
            ledger=ledger,
            objects=bucket,
            queue=queue,
            settling=Settling(
                ledger=ledger,
                lookup=adapters.gateway,
                keys=adapters.keys,
                deferral=Deferral(clock=adapters.clock, jitter=random.random),
                clock=adapters.clock,
                sleep=sleep,
                max_attempts=adapters.settings.max_attempts,
            ),
            clock=adapters.clock,
            calls_per_second=adapters.settings.calls_per_second,
        ),
        verify_absences=VerifyAbsences(
            ledger=ledger,
            objects=bucket,
            lookup=adapters.gateway,
            keys=adapters.keys,
            rate=RateLimiter.shared(
                adapters.settings.lookups_per_second, senders=1, clock=adapters.clock, sleep=sleep
            ),
            side_by_side=SideBySide(CONNECTIONS),
            clock=adapters.clock,
        ),
        close=CloseOnDemand(adapters, page_failed),
        leases=leases,
        clock=adapters.clock,
        max_age_seconds=adapters.settings.max_age_seconds,
        listed_since=listed_since(adapters),
    )


class CloseOnDemand:
    """Loads the report writer with the first report: most starts write none."""

    def __init__(self, adapters: Adapters, page_failed: PageFailed) -> None:
        self._adapters = adapters
        self._page_failed = page_failed

    def close(self, campaign: Campaign, *, has_plan: bool = True) -> Campaign:
        return self.loaded.close(campaign, has_plan=has_plan)

    @cached_property
    def loaded(self) -> "Close":
        from smsdrop.closing.close import Close

        settings = self._adapters.settings
        return Close(
            ledger=self._adapters.ledger,
            objects=self._adapters.bucket,
            clock=self._adapters.clock,
            language=settings.language,
            price_per_segment=settings.price_per_segment,
            page_failed=self._page_failed,
            has_receipts=settings.has_receipts,
        )


def know_account(adapters: Adapters) -> KnowAccount:
    return KnowAccount(
        ledger=adapters.ledger,
        identity=adapters.gateway,
        keys=adapters.keys,
        clock=adapters.clock,
    )

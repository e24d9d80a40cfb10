"""SendBatch, as its function runs it."""

import random
import time
from uuid import uuid4

from smsdrop.ledger.batch_entry import Timing
from smsdrop.sending.deferral import Deferral
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.recording import Recording
from smsdrop.sending.send_batch import Limits, SendBatch
from smsdrop.sending.settling import Settling
from smsdrop.wiring.adapters import Adapters


def rate_limiter(adapters: Adapters) -> RateLimiter:
    return RateLimiter.shared(
        adapters.settings.calls_per_second,
        senders=adapters.settings.maximum_concurrency,
        clock=adapters.clock,
        sleep=time.sleep,
    )


def send_batch(adapters: Adapters, rate: RateLimiter) -> SendBatch:
    settings, times = adapters.settings, adapters.call_times
    deferral = Deferral(clock=adapters.clock, jitter=random.random)
    return SendBatch(
        ledger=adapters.ledger,
        gateway=adapters.gateway,
        keys=adapters.keys,
        queue=adapters.queue,
        rate=rate,
        settling=Settling(
            ledger=adapters.ledger,
            lookup=adapters.gateway,
            keys=adapters.keys,
            deferral=deferral,
            clock=adapters.clock,
            sleep=time.sleep,
            max_attempts=settings.max_attempts,
        ),
        recording=Recording(ledger=adapters.ledger, clock=adapters.clock),
        deferral=deferral,
        limits=Limits(
            timing=Timing(
                claim_seconds=times.connect_seconds,  # a sender frozen for longer loses its claim
                call_seconds=times.total_seconds,
                settle_after_seconds=settings.settle_after_seconds,
            ),
            max_age_seconds=settings.max_age_seconds,
        ),
        clock=adapters.clock,
        fresh_token=lambda: uuid4().hex,
    )

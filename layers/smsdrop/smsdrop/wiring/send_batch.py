"""SendBatch, as its function runs it."""

import random
import time
from uuid import uuid4

from smsdrop.alibaba.client import CallTimes
from smsdrop.ledger.batch_entry import Timing
from smsdrop.sending.deferral import Deferral
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.recording import Recording
from smsdrop.sending.send_batch import Limits, SendBatch
from smsdrop.sending.settling import Settling
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.listed_since import listed_since

HANDLER_SECONDS = 1
"""Our choice: what the handler needs after the last batch to answer in time."""


def rate_limiter(adapters: Adapters) -> RateLimiter:
    settings = adapters.settings
    return RateLimiter.shared(
        settings.calls_per_second,
        senders=settings.maximum_concurrency,
        clock=adapters.clock,
        sleep=time.sleep,
        longest_interval_seconds=longest_interval_seconds(
            settings.send_timeout_seconds, timing(adapters).attempt_seconds
        ),
    )


def longest_interval_seconds(send_timeout_seconds: float, attempt_seconds: float) -> float:
    """Return half of what an invocation has before its last call; the rest is for settling."""
    return max(0.0, send_timeout_seconds - HANDLER_SECONDS - attempt_seconds) / 2


def timing(adapters: Adapters) -> Timing:
    times: CallTimes = adapters.call_times
    return Timing(
        claim_seconds=times.connect_seconds,  # a sender frozen for longer loses its claim
        call_seconds=times.total_seconds,
        settle_after_seconds=adapters.settings.settle_after_seconds,
    )


def send_batch(adapters: Adapters, rate: RateLimiter) -> SendBatch:
    settings = adapters.settings
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
        recording=Recording(ledger=adapters.ledger, closer=adapters.closer, clock=adapters.clock),
        deferral=deferral,
        limits=Limits(
            timing=timing(adapters),
            max_age_seconds=settings.max_age_seconds,
        ),
        clock=adapters.clock,
        fresh_token=lambda: uuid4().hex,
        listed_since=listed_since(adapters),
    )

"""SendBatch among its fakes, with one campaign in the ledger."""

from dataclasses import dataclass
from itertools import count
from typing import Self

from smsdrop.batches.batch import Batch
from smsdrop.ledger.batch_entry import BatchEntry, State, Timing
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.entries import Pause
from smsdrop.sending.deferral import Deferral, Deferred, Done
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.recording import Recording
from smsdrop.sending.send_batch import Limits, SendBatch
from smsdrop.sending.settling import Settling
from tests.support.fakes import FakeCloser, FakeKeys, FakeLedger, FakeProvider, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, KEY, NOW, campaign, changed

LIMITS = Limits(
    timing=Timing(claim_seconds=3, call_seconds=16, settle_after_seconds=900),
    max_age_seconds=13 * 24 * 3600,
)
MAX_ATTEMPTS = 3
RELEASED = 10
PLENTY_SECONDS = 60
AT_ONCE = RateLimiter(interval_seconds=0, clock=lambda: 0, sleep=lambda _: None)
SETTLED_SECONDS = 3 + 16 + 900
"""How long after a claim the provider's lists are believed about it."""


class Killed(BaseException):
    """The sandbox is gone."""


def killed(*_: object) -> None:
    raise Killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    clock: Clock
    ledger: FakeLedger
    provider: FakeProvider
    keys: FakeKeys
    queue: FakeQueue
    closer: FakeCloser
    use_case: SendBatch

    @classmethod
    def new(cls) -> Self:
        clock, ledger, queue, keys = Clock(NOW), FakeLedger(), FakeQueue(), FakeKeys(KEY)
        provider = FakeProvider(clock=clock)
        closer = FakeCloser()
        tokens = count(1)
        deferral = Deferral(clock=clock, jitter=lambda: 0.5)
        ledger.write(None, campaign(released=RELEASED))
        use_case = SendBatch(
            ledger=ledger,
            gateway=provider,
            keys=keys,
            queue=queue,
            rate=AT_ONCE,
            settling=Settling(
                ledger=ledger,
                lookup=provider,
                keys=keys,
                deferral=deferral,
                clock=clock,
                sleep=clock.sleep,
                max_attempts=MAX_ATTEMPTS,
            ),
            recording=Recording(ledger=ledger, closer=closer, clock=clock),
            deferral=deferral,
            limits=LIMITS,
            clock=clock,
            fresh_token=lambda: f"token{next(tokens)}",
        )
        return cls(
            clock=clock,
            ledger=ledger,
            provider=provider,
            keys=keys,
            queue=queue,
            closer=closer,
            use_case=use_case,
        )

    def deliver(
        self, batch: Batch, *, receive_count: int = 1, seconds: float = PLENTY_SECONDS
    ) -> Deferred | None:
        """Hand the batch's message out once; return None if it is done then."""
        result = self.handed_out(batch, receive_count=receive_count, seconds=seconds)
        return result if isinstance(result, Deferred) else None

    def handed_out(
        self, batch: Batch, *, receive_count: int = 1, seconds: float = PLENTY_SECONDS
    ) -> Deferred | Done:
        """Hand the batch's message out once, to a sender that has so many seconds."""
        return self.use_case.deliver(
            batch, receive_count=receive_count, deadline=self.clock() + seconds
        )

    def deliver_all_that_is_queued(self) -> None:
        """Hand out every message, including those that come in meanwhile."""
        while self.queue.messages:
            assert self.deliver(Batch.from_json(self.queue.messages.pop(0))) is None

    def entry(self, batch: Batch) -> BatchEntry:
        entry = self.ledger.snapshot(batch.batch_id).batch
        assert entry is not None
        return entry

    def state(self, batch: Batch) -> State:
        return self.entry(batch).state

    @property
    def campaign(self) -> Campaign:
        standing = self.ledger.campaign(CAMPAIGN_ID)
        assert standing is not None
        return standing

    def change_campaign(self, **changes: object) -> None:
        self.ledger.write(self.campaign, changed(self.campaign, **changes))

    def pause(self, *, paused: bool) -> None:
        """Put the flag up or down, as somebody else."""
        before = self.ledger.pause()
        self.ledger.write(before, Pause(paused=paused, revision=before.revision + 1))

    def most_texts_to_one(self) -> int:
        return max(self.provider.times_texted().values(), default=0)

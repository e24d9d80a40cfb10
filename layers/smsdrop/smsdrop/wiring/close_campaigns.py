"""The tick, as CloseCampaigns runs it."""

from smsdrop.closing.close import Close
from smsdrop.closing.repair import Repair
from smsdrop.closing.tick import Tick
from smsdrop.closing.verify import VerifyAbsences
from smsdrop.sending.queue_plan import QueuePlan
from smsdrop.wiring.adapters import Adapters


def tick(adapters: Adapters) -> Tick:
    ledger, bucket, queue = adapters.ledger, adapters.bucket, adapters.queue
    return Tick(
        ledger=ledger,
        queue_plan=QueuePlan(ledger=ledger, objects=bucket, queue=queue, clock=adapters.clock),
        repair=Repair(
            ledger=ledger,
            objects=bucket,
            queue=queue,
            clock=adapters.clock,
            calls_per_second=adapters.settings.calls_per_second,
        ),
        verify_absences=VerifyAbsences(
            ledger=ledger,
            objects=bucket,
            lookup=adapters.gateway,
            keys=adapters.keys,
            clock=adapters.clock,
        ),
        close=Close(
            ledger=ledger,
            objects=bucket,
            clock=adapters.clock,
            language=adapters.settings.language,
        ),
        topic=adapters.topic,
        clock=adapters.clock,
        max_age_seconds=adapters.settings.max_age_seconds,
    )

"""The use cases of parsing and closing, put together from fakes."""

from collections.abc import Callable
from itertools import count
from typing import Any

from smsdrop.closing.advance import Advance
from smsdrop.closing.close import Close
from smsdrop.closing.repair import Repair
from smsdrop.closing.seen.page_failed import PageFailed
from smsdrop.closing.seen.write_index import WriteIndex
from smsdrop.closing.seen.write_pages import WritePages, WrittenPages
from smsdrop.closing.stuck import TellOfStuck
from smsdrop.closing.tick import Tick, Turns
from smsdrop.closing.verify import VerifyAbsences
from smsdrop.ledger.leases import Leases
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.parsing.plan_file import Defaults, PlanFile
from smsdrop.parsing.repeats.earlier_messages import EarlierMessages
from smsdrop.parsing.repeats.fingerprints import MOST_FINGERPRINTS
from smsdrop.parsing.repeats.plan_log import PlanLog
from smsdrop.parsing.sign_check import SignCheck
from smsdrop.parsing.suppression.lists import SuppressionLists
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.sending.deferral import Deferral
from smsdrop.sending.preview import WritePreview
from smsdrop.sending.queue_plan import QueuePlan
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.settling import Settling
from smsdrop.sending.suppression.listed_since import ListedSince
from smsdrop.sending.withdrawing import Withdrawing
from tests.support.fakes import (
    FakeCloser,
    FakeFiles,
    FakeKeys,
    FakeLedger,
    FakeProvider,
    FakeQueue,
    nothing,
)
from tests.support.samples import KEY

PLENTY = float("inf")
MOST_MESSAGES = 2000
MAX_AGE_SECONDS = 13 * 24 * 3600


class Silence:
    """A topic to which nothing may be sent."""

    def notify(self, subject: str, text: str) -> bool:
        raise AssertionError(subject, text)


def parse_recipients(
    files: FakeFiles,
    ledger: FakeLedger,
    queue: FakeQueue,
    *,
    clock: Callable[[], float],
    defaults: Defaults | None = None,
    template_check: TemplateCheck | None = None,
    sign_check: SignCheck | None = None,
    batches_per_checkpoint: int = 10,
    repeat_seconds: float = 20 * 3600,
    most_fingerprints: int = MOST_FINGERPRINTS,
    sleep: Callable[[float], None] = nothing,
    closer: FakeCloser | None = None,
) -> ParseRecipients:
    tokens = count(1)
    plan_log = PlanLog(
        ledger=ledger,
        objects=files,
        earlier_messages=EarlierMessages(
            ledger=ledger, objects=files, sleep=sleep, most=MOST_MESSAGES, claim_seconds=3
        ),
        clock=clock,
        repeat_seconds=repeat_seconds,
        max_age_seconds=MAX_AGE_SECONDS,
        most_fingerprints=most_fingerprints,
    )
    return ParseRecipients(
        plan_file=PlanFile(
            bucket=files,
            ledger=ledger,
            defaults=defaults or Defaults(),
            template_check=template_check,
            sign_check=sign_check,
            plan_log=plan_log if repeat_seconds else None,
            lists=SuppressionLists(bucket=files),
            withdrawing=Withdrawing(ledger=ledger, files=files),
            clock=clock,
            fresh_token=lambda: f"token{next(tokens)}",
        ),
        queue_plan=queue_plan(
            files, ledger, queue, clock=clock, batches_per_checkpoint=batches_per_checkpoint
        ),
        write_preview=write_preview(files, ledger, clock=clock),
        closer=closer or FakeCloser(),
    )


def queue_plan(
    files: FakeFiles,
    ledger: FakeLedger,
    queue: FakeQueue,
    *,
    clock: Callable[[], float],
    **settings: Any,
) -> QueuePlan:
    return QueuePlan(ledger=ledger, objects=files, queue=queue, clock=clock, **settings)


def write_preview(
    files: FakeFiles, ledger: FakeLedger, *, clock: Callable[[], float], **settings: Any
) -> WritePreview:
    return WritePreview(
        **{"ledger": ledger, "objects": files, "clock": clock, "language": "en", **settings}
    )


def settling(
    ledger: FakeLedger, lookup: FakeProvider, *, clock: Callable[[], float], max_attempts: int = 5
) -> Settling:
    return Settling(
        ledger=ledger,
        lookup=lookup,
        keys=FakeKeys(KEY),
        deferral=Deferral(clock=clock, jitter=lambda: 0),
        clock=clock,
        sleep=nothing,
        max_attempts=max_attempts,
    )


def raised(_what: str, error: Exception) -> None:
    """Raise the error, where no page may fail."""
    raise error


def tick(
    files: FakeFiles,
    ledger: FakeLedger,
    queue: FakeQueue,
    *,
    clock: Callable[[], float],
    topic: Any = None,
    lookup: FakeProvider | None = None,
    max_age_seconds: float = 1000,
    calls_per_second: float = 50,
    language: str = "en",
    turns: Turns | None = None,
    written: WrittenPages | None = None,
    page_failed: PageFailed = raised,
) -> Tick:
    closers = count(1)
    lookup = lookup or FakeProvider(clock=clock)
    leases = Leases(ledger=ledger, clock=clock, fresh_token=lambda: f"closer{next(closers)}")
    advance = Advance(
        ledger=ledger,
        queue_plan=queue_plan(files, ledger, queue, clock=clock),
        write_preview=write_preview(files, ledger, clock=clock, language=language),
        withdrawing=Withdrawing(ledger=ledger, files=files),
        repair=Repair(
            ledger=ledger,
            objects=files,
            queue=queue,
            settling=settling(ledger, lookup, clock=clock),
            clock=clock,
            calls_per_second=calls_per_second,
        ),
        verify_absences=VerifyAbsences(
            ledger=ledger,
            objects=files,
            lookup=lookup,
            keys=FakeKeys(KEY),
            rate=RateLimiter.shared(PLENTY, senders=1, clock=clock, sleep=nothing),
            side_by_side=map,
            clock=clock,
        ),
        close=Close(ledger=ledger, objects=files, clock=clock, language=language),
        leases=leases,
        clock=clock,
        max_age_seconds=max_age_seconds,
        listed_since=ListedSince(
            bucket=files, read=SuppressionLists(bucket=files).read_one, clock=clock
        ),
    )
    return Tick(
        ledger=ledger,
        advance=advance,
        write_pages=WritePages(
            ledger=ledger,
            objects=files,
            clock=clock,
            language=language,
            page_failed=page_failed,
            written=written or WrittenPages(),
        ),
        write_index=WriteIndex(
            ledger=ledger, objects=files, clock=clock, language=language, page_failed=page_failed
        ),
        tell_of_stuck=TellOfStuck(ledger=ledger, topic=topic or Silence(), clock=clock),
        leases=leases,
        clock=clock,
        turns=turns or Turns(),
    )

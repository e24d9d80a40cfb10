"""One run of the simulation: the outside world, and the use cases put into it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from random import Random
from traceback import format_exception
from typing import Any

from smsdrop.batches.batch import Batch, nth_batch_id
from smsdrop.closing.advance import Advance
from smsdrop.closing.know_account import KnowAccount
from smsdrop.closing.receipts.look_up_receipts import LookUpReceipts
from smsdrop.closing.seen.write_index import WrittenIndex
from smsdrop.closing.seen.write_pages import WrittenPages
from smsdrop.closing.stuck import TellOfStuck
from smsdrop.closing.tick import Tick, Turns
from smsdrop.drops import FileVersion
from smsdrop.ledger.batch_entry import State, Timing
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.gate import gate_of
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.terms import Gate
from smsdrop.operations.pausing import Pausing
from smsdrop.parsing.asking import Asking
from smsdrop.parsing.give_up_parsing import GiveUpParsing
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.parsing.plan_file import Defaults
from smsdrop.parsing.repeats.plan_log import PlanLog
from smsdrop.parsing.retry_parsing import RetryParsing
from smsdrop.parsing.sign_check import SignCheck
from smsdrop.parsing.suppression.lists import SuppressionLists
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.ports import ObjectGone
from smsdrop.sending.deferral import Deferral
from smsdrop.sending.preview import WritePreview
from smsdrop.sending.queue_plan import QueuePlan
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.send_batch import Limits, SendBatch
from smsdrop.sending.settling import Settling
from smsdrop.sending.suppression.listed_since import ListedSince
from smsdrop.sending.withdrawing import Withdrawing
from smsdrop.telling.due import is_untold
from smsdrop.telling.notices import Wording
from smsdrop.telling.tell import Tell
from tests.simulation.books import WatchedLedger
from tests.simulation.canaries import Canaries, canary_dice
from tests.simulation.carrier import SimulatedCarrier
from tests.simulation.closer import SimulatedCloser
from tests.simulation.drops import Drop
from tests.simulation.faults import DEALT_SHARE, RECEIPT_FAULTS, TELLING_FAULTS, Dice
from tests.simulation.files import SimulatedFiles
from tests.simulation.lists import SimulatedLists
from tests.simulation.ports import Wire, Wired, WiredFiles, WiredLedger
from tests.simulation.product import REAL, Product, Settings
from tests.simulation.provider import ACCOUNT_ID, CALL_SECONDS, SimulatedProvider
from tests.simulation.queue import SimulatedQueue
from tests.simulation.scheduler import Scheduler
from tests.simulation.telling import SimulatedChannel, SimulatedChannels
from tests.simulation.terms import DropTerms
from tests.simulation.wire import Failed, FaultyWire, MortalWire
from tests.support.fakes import FakeKeys
from tests.support.samples import KEY, NOW

CLAIM_SECONDS = 3
SEND_SECONDS = 60
LONGEST_INTERVAL_SECONDS = (SEND_SECONDS - CLAIM_SECONDS - CALL_SECONDS) / 2
MAX_AGE_SECONDS = 3 * 3600
"""Longer than any outage and the delays it causes."""

ASK_SECONDS = 1800
REPEAT_SECONDS = 3600

MOST_FINGERPRINTS = 2
"""Some of the files have more messages, some have fewer."""

FEW_BATCHES = 3
"""Some of the campaigns have more, and are left to the tick."""

REFUSED_SECONDS = 600

STARTS = (0, 25, 13 * 3600 - 240)
"""In the morning in Beijing, early in a minute or late; or before midnight: lookups have dates."""


@dataclass(slots=True)
class Switch:
    is_on: bool = True

    def turn(self, *, on: bool) -> None:
        self.is_on = on

    def lets_through(self) -> bool:
        return self.is_on


@dataclass(slots=True)
class Topic:
    """Alarms that nobody has read yet."""

    dice: Dice
    unread: list[str] = field(default_factory=list)

    def notify(self, subject: str, text: str) -> bool:
        if self.dice.strikes("notice refused"):
            return False
        self.unread.append(subject)
        return True


@dataclass(slots=True)
class Truth:
    """
    What was done to the system from outside, by which its books are judged.

    No run can parse what is `doomed`. `lost` are those whose tries had all failed when the queue
    that takes them was away as well. `unseen` are those whose last pages were given up.
    """

    drops: dict[FileVersion, Drop] = field(default_factory=dict)
    terms: dict[FileVersion, DropTerms] = field(default_factory=dict)
    gone: dict[FileVersion, float] = field(default_factory=dict)
    approved: dict[str, float] = field(default_factory=dict)
    deleted: set[FileVersion] = field(default_factory=set)
    doomed: set[FileVersion] = field(default_factory=set)
    lost: set[FileVersion] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    without_plan: set[str] = field(default_factory=set)
    unreachable: set[str] = field(default_factory=set)
    unseen: set[str] = field(default_factory=set)


class World:
    """
    What happens in it is up to the actors; `busy` counts what they have not finished.

    Faults of receipts have dice of their own: without receipts all else stays the same. Once only
    receipts are left to look up, idle processes look for work rarely.
    Without `lists` nobody is on one.
    """

    def __init__(
        self,
        seed: int,
        *,
        product: Product = REAL,
        share: float = DEALT_SHARE,
        always: Collection[str] = (),
        tracing: bool = False,
        has_receipts: bool = False,
        lists: bool = False,
    ) -> None:
        self.product = product
        self.settings = Settings()
        self.violations: list[str] = []
        self.trace: list[str] = []
        self.truth = Truth()
        self.busy: Counter[str] = Counter()
        random = Random(seed)
        self.start = NOW + random.choice(STARTS)
        self.scheduler = Scheduler(self.start)
        tell = self.tell if tracing else None
        self.dice = Dice(random, share=share, always=always, tell=tell)
        self.faulty_wire = FaultyWire(self.scheduler, self.dice)
        self.wire: Wire = self.faulty_wire
        self.telling_dice = Dice(
            Random(f"telling {seed}"),
            share=share,
            tell=self.tell if tracing else None,
            faults=TELLING_FAULTS,
        )
        self.canaries = Canaries(
            dice=canary_dice(seed, share=share, always=always, tell=tell),
        )
        has_receipts = has_receipts or self.canaries.are_dealt
        self.receipts_dice = Dice(
            Random(f"receipts {seed}"),
            share=share if has_receipts else 0,
            always=always if has_receipts else (),
            tell=tell,
            faults=RECEIPT_FAULTS,
        )
        self.has_receipts = has_receipts
        self.carrier = SimulatedCarrier(
            dice=self.receipts_dice, clock=self.scheduler.clock, words_for=self.canaries.words
        )
        self.excused_repeats = 0
        self.channels = [
            SimulatedChannel(each, self.telling_dice, self.scheduler)
            for each in ("mail", "wecom 1")
        ]
        self.queue = SimulatedQueue(self.dice, self.scheduler.clock, self._check_queued)
        self.queue.is_away = lambda: bool(self.faulty_wire.away("queue"))
        self.provider = SimulatedProvider(
            scheduler=self.scheduler, dice=self.dice, carrier=self.carrier, key=KEY
        )
        self.ledger = WatchedLedger(
            self.dice, self.provider, self.queue, clock=self.scheduler.clock, blame=self.blame
        )
        self.gate_opens_at = 0.0
        self.is_left_to_receipts = False
        self.files = SimulatedFiles()
        self.lists = (
            SimulatedLists(self.files, self.scheduler, seed, share=share, tell=tell)
            if lists
            else None
        )
        self.closer = SimulatedCloser(self.dice)
        self.switch = Switch()
        self.topic = Topic(self.dice)
        self.turns = Turns()
        self.written_pages = WrittenPages()
        self.written_index = WrittenIndex()
        self._sandboxes: list[FakeKeys] = []

    def tell(self, text: str) -> None:
        seconds = self.scheduler.now - self.start
        self.trace.append(f"{seconds:9.2f}  {self.scheduler.who():12} {text}")

    def blame(self, text: str) -> None:
        self.dice.tell(f"VIOLATION {text}")
        self.violations.append(text)

    def _last_page_failed(self, campaign_id: str, error: Exception) -> None:
        self.truth.unseen.add(campaign_id)
        self._page_failed(campaign_id, error)

    def _page_failed(self, what: str, error: Exception) -> None:
        """Allow only planned faults to fail a page."""
        self.dice.tell(f"page of {what} not written: {error!r}")
        if not isinstance(error, (Failed, ObjectGone)):
            self.blame(f"exception: {''.join(format_exception(error))}")

    def _check_queued(self, batch: Batch) -> None:
        self.ledger.check_queued(batch)

    def has_work_for_the_tick(self) -> bool:
        return any(each.is_open or is_untold(each) for each in self.ledger.campaigns())

    def new_token(self) -> str:
        return self.dice.token()

    def new_keys(self) -> FakeKeys:
        """Give a new sandbox its memory for the key pair."""
        keys = FakeKeys(self.provider.key)
        self._sandboxes.append(keys)
        return keys

    def rotate_keys(self, account_id: str = ACCOUNT_ID) -> None:
        self.provider.rotate(account_id)
        for keys in self._sandboxes:
            keys.stored = self.provider.key

    def parse_recipients(self) -> ParseRecipients:
        settings = self.settings
        gateway = self._wired("gateway", self.provider)
        asking = Asking(keys=self._wired("keys", self.new_keys()), wait=self.scheduler.sleep)
        return ParseRecipients(
            plan_file=self.product.plan_file(
                bucket=self._wired_files(),
                ledger=self.wired_ledger(),
                defaults=Defaults(
                    template_code=settings.template_code,
                    sign_name=settings.sign_name,
                    max_rejected_percent=50,  # in so tiny a file, one row may be half of it
                ),
                clock=self.scheduler.clock,
                fresh_token=self.new_token,
                template_check=TemplateCheck(provider=gateway, asking=asking),
                sign_check=SignCheck(provider=gateway, asking=asking),
                plan_log=self._plan_log(),
                lists=self._suppression_lists(),
                withdrawing=self._withdrawing(),
                max_recipients=settings.max_recipients,
            ),
            queue_plan=self._queue_plan(),
            write_preview=self._write_preview(),
            closer=self._wired("closer", self.closer),
        )

    def _suppression_lists(self) -> SuppressionLists | None:
        if self.lists is None:
            return None
        wire = self._wire_of(self.lists.dice)
        bucket: Any = WiredFiles("files", self.files, wire)
        return self.product.suppression_lists(bucket=bucket, max_rejected_percent=50)

    def new_listed_since(self) -> ListedSince | None:
        """Give a new sandbox its memory of the lists."""
        lists = self._suppression_lists()
        if lists is None:
            return None
        return self.product.listed_since(
            bucket=lists.bucket, read=lists.read_one, clock=self.scheduler.clock
        )

    def _write_preview(self) -> WritePreview:
        return WritePreview(
            ledger=self.wired_ledger(),
            objects=self._wired_files(),
            clock=self.scheduler.clock,
            language="en",
        )

    def _withdrawing(self) -> Withdrawing:
        return self.product.withdrawing(ledger=self.wired_ledger(), files=self._wired_files())

    def _plan_log(self) -> PlanLog:
        return self.product.plan_log(
            ledger=self.wired_ledger(),
            objects=self._wired_files(),
            clock=self.scheduler.clock,
            repeat_seconds=REPEAT_SECONDS,
            max_age_seconds=MAX_AGE_SECONDS,
            most_fingerprints=MOST_FINGERPRINTS,
            earlier_messages=self.product.earlier_messages(
                ledger=self.wired_ledger(),
                objects=self._wired_files(),
                sleep=self.scheduler.sleep,
                most=1000,
                claim_seconds=CLAIM_SECONDS,
            ),
        )

    def retry_parsing(self) -> RetryParsing:
        return self.product.retry_parsing(
            parse_recipients=self.parse_recipients(),
            give_up_parsing=GiveUpParsing(
                bucket=self._wired_files(), ledger=self.wired_ledger(), clock=self.scheduler.clock
            ),
            clock=self.scheduler.clock,
            max_age_seconds=MAX_AGE_SECONDS,
        )

    def _queue_plan(self) -> QueuePlan:
        return self.product.queue_plan(
            ledger=self.wired_ledger(),
            objects=self._wired_files(),
            queue=self._wired("queue", self.queue),
            clock=self.scheduler.clock,
            gate=self.gate,
            batches_per_checkpoint=10,
        )

    def gate(self, campaign: Campaign, now: float) -> Gate:
        """Let half of a plan through at first, if that is dealt; the rest some time later."""
        gate = gate_of(campaign, now)
        return gate if now >= self.gate_opens_at else replace(gate, upto=gate.upto // 2)

    def check_goes_on(self, campaign_id: str, opened_at: float) -> None:
        """Blame the world for batches without a message though their gate is open."""
        campaign = self.ledger.campaign(campaign_id)
        is_away = any(each.end > opened_at for each in self.faulty_wire.outages)
        if campaign is None or is_away or campaign.opened_at != opened_at or campaign.halt_code:
            return
        if campaign.status is not Status.SENDING or campaign_id in self.truth.unreachable:
            return
        if campaign_id in self.truth.without_plan:
            return
        for position in range(1, campaign.queued + 1):
            batch_id = nth_batch_id(campaign_id, position)
            entry = self.ledger.batch(batch_id)
            is_open = entry is None or entry.state is State.WAITING
            if is_open and not self.queue.has_message_of(batch_id):
                self.blame(f"forgotten: nobody has queued {batch_id} again")

    def new_rate_limiter(self) -> RateLimiter:
        return self.product.rate_limiter.shared(
            self.settings.calls_per_second,
            senders=self.settings.senders,
            clock=self.scheduler.clock,
            sleep=self.scheduler.sleep,
            longest_interval_seconds=LONGEST_INTERVAL_SECONDS,
        )

    def send_batch(
        self, keys: FakeKeys, rate: RateLimiter, listed_since: ListedSince | None = None
    ) -> SendBatch:
        settings, clock = self.settings, self.scheduler.clock
        ledger, gateway = self.wired_ledger(), self._wired("gateway", self.provider)
        wired_keys = self._wired("keys", keys)
        deferral = Deferral(clock=clock, jitter=self.dice.random.random)
        return self.product.send_batch(
            ledger=ledger,
            gateway=gateway,
            keys=wired_keys,
            queue=self._wired("queue", self.queue),
            rate=rate,
            settling=self._settling(wired_keys),
            recording=self.product.recording(
                ledger=ledger,
                closer=self._wired("closer", self.closer),
                clock=clock,
                few_batches=FEW_BATCHES,
            ),
            deferral=deferral,
            limits=Limits(
                timing=Timing(
                    claim_seconds=CLAIM_SECONDS,
                    call_seconds=CALL_SECONDS,
                    settle_after_seconds=settings.settle_after_seconds,
                ),
                max_age_seconds=MAX_AGE_SECONDS,
            ),
            clock=clock,
            fresh_token=self.new_token,
            listed_since=listed_since,
        )

    def _settling(self, wired_keys: Any) -> Settling:
        clock = self.scheduler.clock
        return self.product.settling(
            ledger=self.wired_ledger(),
            lookup=self._wired("gateway", self.provider),
            keys=wired_keys,
            deferral=Deferral(clock=clock, jitter=self.dice.random.random),
            clock=clock,
            sleep=self.scheduler.sleep,
            max_attempts=self.settings.max_attempts,
            lookups_per_step=1,
            refused_seconds=REFUSED_SECONDS,
        )

    def tick(self, keys: FakeKeys) -> Tick:
        ledger, files, clock = self.wired_ledger(), self._wired_files(), self.scheduler.clock
        leases = self.product.leases(ledger=ledger, clock=clock, fresh_token=self.new_token)
        return self.product.tick(
            ledger=ledger,
            advance=self._advance(keys, leases),
            write_pages=self.product.write_pages(
                ledger=ledger,
                objects=files,
                clock=clock,
                language="en",
                page_failed=self._page_failed,
                written=self.written_pages,
            ),
            write_index=self.product.write_index(
                ledger=ledger,
                objects=files,
                clock=clock,
                language="en",
                page_failed=self._page_failed,
                written=self.written_index,
            ),
            tell_of_stuck=TellOfStuck(
                ledger=ledger, topic=self._wired("topic", self.topic), clock=clock
            ),
            leases=leases,
            clock=clock,
            turns=self.turns,
        )

    def _advance(self, keys: FakeKeys, leases: Leases) -> Advance:
        ledger, files, clock = self.wired_ledger(), self._wired_files(), self.scheduler.clock
        return self.product.advance(
            ledger=ledger,
            queue_plan=self._queue_plan(),
            write_preview=self._write_preview(),
            withdrawing=self._withdrawing(),
            repair=self.product.repair(
                ledger=ledger,
                objects=files,
                queue=self._wired("queue", self.queue),
                settling=self._settling(self._wired("keys", keys)),
                clock=clock,
                calls_per_second=self.settings.calls_per_second,
            ),
            verify_absences=self.product.verify_absences(
                ledger=ledger,
                objects=files,
                lookup=self._wired("gateway", self.provider),
                keys=self._wired("keys", keys),
                rate=RateLimiter.shared(
                    self.settings.lookups_per_second,
                    senders=1,
                    clock=clock,
                    sleep=self.scheduler.sleep,
                ),
                side_by_side=map,
                clock=clock,
            ),
            close=self.product.close(
                ledger=ledger,
                objects=files,
                clock=clock,
                language="en",
                page_failed=self._last_page_failed,
                has_receipts=self.has_receipts,
            ),
            leases=leases,
            clock=clock,
            max_age_seconds=MAX_AGE_SECONDS,
            ask_seconds=ASK_SECONDS,
            listed_since=self.new_listed_since(),
        )

    def know_account(self, keys: FakeKeys) -> KnowAccount:
        return self.product.know_account(
            ledger=self.wired_ledger(),
            identity=self._wired("gateway", self.provider),
            keys=self._wired("keys", keys),
            clock=self.scheduler.clock,
        )

    def look_up_receipts(self) -> LookUpReceipts:
        wire = self._wire_of(self.receipts_dice, MortalWire)
        ledger, clock = WiredLedger("ledger", self.ledger, wire), self.scheduler.clock
        rate = RateLimiter.shared(
            self.settings.lookups_per_second, senders=1, clock=clock, sleep=self.scheduler.sleep
        )
        look_at_part = self.product.look_at_part(
            ledger=ledger,
            objects=WiredFiles("files", self.files, wire),
            lookup=Wired("gateway", self.provider, wire),
            rate=rate,
            side_by_side=map,
            clock=clock,
        )
        return self.product.look_up_receipts(
            ledger=ledger,
            look_at_part=look_at_part,
            look_at_canary=self.product.look_at_canary(
                ledger=ledger, look_at_part=look_at_part, clock=clock
            ),
            keys=Wired("keys", self.new_keys(), wire),
            rate=rate,
            leases=self.product.leases(
                ledger=ledger, clock=clock, fresh_token=self.receipts_dice.token
            ),
            clock=clock,
        )

    def _wire_of(self, dice: Dice, kind: type[FaultyWire] = FaultyWire) -> Wire:
        """Return a wire with faults of its own, where the wire deals any."""
        if self.wire is not self.faulty_wire:
            return self.wire
        wire = kind(self.scheduler, dice)
        wire.outages = self.faulty_wire.outages
        return wire

    def telling(self) -> Tell:
        wire = self._wire_of(self.telling_dice)
        ledger = WiredLedger("ledger", self.ledger, wire)
        return self.product.tell(
            ledger=ledger,
            channels=SimulatedChannels(self.channels),
            wording=Wording(stack="smsdrop", language="en"),
            leases=Leases(
                ledger=ledger, clock=self.scheduler.clock, fresh_token=self.telling_dice.token
            ),
            side_by_side=map,
            clock=self.scheduler.clock,
        )

    def pausing(self) -> Pausing:
        return self.product.pausing(
            ledger=self.wired_ledger(),
            switch=self._wired("switch", self.switch),
            topic=self._wired("topic", self.topic),
            clock=self.scheduler.clock,
        )

    def wired_ledger(self) -> Any:
        return WiredLedger("ledger", self.ledger, self.wire)

    def _wired_files(self) -> Any:
        return WiredFiles("files", self.files, self.wire)

    def _wired(self, name: str, port: object) -> Any:
        return Wired(name, port, self.wire)

"""Campaigns that were closed just now, and a carrier that says what became of their texts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any

from smsdrop.alibaba.send_details import Listing, LookupFailed, SendDetail, beijing_date
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch, nth_batch_id
from smsdrop.batches.plan import BATCHES
from smsdrop.closing.receipts.look_at_canary import LookAtCanary
from smsdrop.closing.receipts.look_at_part import LookAtPart
from smsdrop.closing.receipts.look_up_receipts import LookTurn, LookUpReceipts
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.leases import Leases
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.looks import LOOKS, NO_LOOKS
from smsdrop.receipts.part import Place, part_of_position
from smsdrop.receipts.receipt import Delivery, Receipt
from smsdrop.sending.rate_limit import RateLimiter
from tests.support.fakes import FakeFiles, FakeKeys, FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, KEY, NOW, batch_of, campaign, rows_of

PLAN = "work/plan/"
SIZE = 2
RATE = 1000
SENT_AT = NOW - 60


def number(position: int, index: int) -> str:
    return f"138{position:06d}{index:02d}"


@dataclass(slots=True)
class Carrier:
    """Answers lookups by what a test says of each number: its rows, or failures in turn."""

    clock: Callable[[], float]
    rows: dict[str, list[SendDetail]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, list[LookupFailed]] = field(default_factory=lambda: defaultdict(list))
    asked: list[tuple[str, tuple[date, ...], str]] = field(default_factory=list)
    during_lookup: Callable[[str], None] = nothing

    def says(self, position: int, index: int, status: int, code: str = "", **row: Any) -> None:
        values: dict[str, Any] = {
            "out_id": f"{nth_batch_id(CAMPAIGN_ID, position)}-1",
            "template_code": "",
            "sent_at": SENT_AT,
            "status": status,
            "code": code,
            "received_at": SENT_AT + 7 if code else None,
        }
        self.rows[number(position, index)].append(SendDetail(**values | row))

    def receipts(
        self, phone_number: str, *, dates: Collection[date], biz_id: str, key: AccessKey
    ) -> Listing | LookupFailed:
        assert key == KEY
        self.asked.append((phone_number, tuple(dates), biz_id))
        self.during_lookup(phone_number)
        if self.failures[phone_number]:
            return self.failures[phone_number].pop()
        return Listing(rows=tuple(self.rows[phone_number]))

    def times_asked(self) -> Counter[str]:
        return Counter(phone_number for phone_number, *_ in self.asked)


@dataclass(slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    keys: FakeKeys = field(default_factory=lambda: FakeKeys(KEY))
    carrier: Carrier = field(init=False)
    rate: RateLimiter = field(init=False)
    tokens: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        self.carrier = Carrier(self.clock)
        self.rate = RateLimiter.shared(RATE, senders=1, clock=self.clock, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.clock.now += seconds

    def closed(self, *, batches: int = 1, is_sent: bool = True, **changes: Any) -> Campaign:
        """Let a campaign have been closed just now, all of it sent by the first attempts."""
        planned = [planned_batch(each).to_json() for each in range(1, batches + 1)]
        self.files.objects[PLAN + BATCHES] = "".join(f"{each}\n" for each in planned).encode()
        for position in range(1, batches + 1) if is_sent else ():
            self.stands(position)
        fields: dict[str, Any] = {
            "status": Status.CLOSED,
            "is_open": False,
            "plan": PLAN,
            "counts": Counts(batches=batches, sent=batches * SIZE),
            "looks": NO_LOOKS.begun(at=NOW),
        }
        return self.ledger.write(None, campaign(**fields | changes))

    def stands(self, position: int, **changes: Any) -> BatchEntry:
        fields: dict[str, Any] = {
            "state": State.SENT,
            "attempt": 1,
            "accepted": (1,),
            "biz_id": f"{position}^0",
            "first_claimed_at": SENT_AT,
            "filed_on": (f"{beijing_date(SENT_AT):%Y%m%d}",),
            "revision": 1,
        }
        entry = replace(untouched(planned_batch(position), at=NOW), **fields | changes)
        return self.ledger.write(None, entry)

    def run(
        self,
        *,
        seconds: float = 240,
        at: Any = map,
        through: Callable[[Any], Any] = lambda port: port,
    ) -> list[LookTurn]:
        """Run once; `through` may put something between the use case and its ports."""
        ledger, files, carrier = map(through, (self.ledger, self.files, self.carrier))
        look_at_part = LookAtPart(
            ledger=ledger,
            objects=files,
            lookup=carrier,
            rate=self.rate,
            side_by_side=at,
            clock=self.clock,
        )
        use_case = LookUpReceipts(
            ledger=ledger,
            look_at_part=look_at_part,
            look_at_canary=LookAtCanary(ledger=ledger, look_at_part=look_at_part, clock=self.clock),
            keys=self.keys,
            rate=self.rate,
            leases=Leases(
                ledger=ledger, clock=self.clock, fresh_token=lambda: str(next(self.tokens))
            ),
            clock=self.clock,
        )
        return list(use_case.run(deadline=self.clock() + seconds))

    def look(self, index: int) -> list[LookTurn]:
        """Move the clock on to this look of the schedule, and run once."""
        self.clock.now = max(self.clock.now, NOW + LOOKS[index])
        return self.run()

    def campaign(self) -> Campaign:
        stands = self.ledger.campaign(CAMPAIGN_ID)
        assert stands is not None
        return stands

    def known(self, position: int, index: int) -> Receipt:
        kept = KeptReceipts(objects=self.files, campaign_id=CAMPAIGN_ID)
        return kept.part(part_of_position(position)).of((position, index))

    def deliveries(self, *places: Place) -> list[Delivery]:
        return [self.known(*place).delivery for place in places]


def planned_batch(position: int) -> Batch:
    numbers = [number(position, index) for index in range(SIZE)]
    return batch_of(SIZE, position=position, rows=rows_of(numbers, ["a"] * SIZE))

"""LookUpReceipts in the simulation, as far as it looks at those who went ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from smsdrop.closing.receipts.look_at_part import LookAtPart
from smsdrop.closing.receipts.look_up_receipts import LookUpReceipts
from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign, Status
from smsdrop.ledger.leases import Leases
from smsdrop.operations.orders import CANCEL, RESUME
from smsdrop.sending.rate_limit import RateLimiter
from tests.simulation.actors import PLANNED, Lambda
from tests.simulation.canaries import goes_ahead
from tests.simulation.people import change, ordered
from tests.simulation.ports import Wire, Wired, WiredFiles, WiredLedger
from tests.simulation.scheduler import LOOKER
from tests.simulation.wire import MortalWire
from tests.simulation.world import World
from tests.support.fakes import FakeFiles

EVERY_SECONDS = 300
LOOK_SECONDS = 240
DECIDES_SECONDS = 120


class CanaryLedger(WiredLedger):
    """Has no campaigns but those that are open and have a canary."""

    def looked_at_campaign_ids(self) -> Iterator[str]:
        return iter(self._wire.io("ledger.looked_at", self._with_canary))

    def _with_canary(self) -> list[str]:
        return [
            each.campaign_id
            for each in self._port.all_of(Campaign)
            if each.terms.canary_batches and each.status in HAS_OPEN_BATCHES
        ]


class CanaryFiles(WiredFiles):
    """Keeps what is found apart from all else in the bucket: these carriers speak to none else."""

    def __init__(self, port: FakeFiles, kept: FakeFiles, wire: Wire) -> None:
        super().__init__("files", port, wire)
        self._kept = Wired("files", kept, wire)

    def content(self, key: str) -> tuple[bytes, str]:
        found: tuple[bytes, str] = self._kept.content(key)
        return found

    def put_over(self, key: str, content: bytes, *, mark: str) -> str:
        return str(self._kept.put_over(key, content, mark=mark))


@dataclass(frozen=True, slots=True)
class Looker:
    """Looks every five minutes, and has a person decide where that is to be done."""

    world: World
    functions: Lambda

    def start(self) -> None:
        if any(goes_ahead(each.key) for each in self.world.truth.drops):
            self.world.scheduler.spawn("five minutes", self._every_five_minutes)
            self.world.scheduler.spawn("decider", self._decide)

    def _every_five_minutes(self) -> None:
        while True:
            self.world.scheduler.sleep(EVERY_SECONDS)
            self.world.scheduler.spawn(LOOKER, self._invoke)

    def _invoke(self) -> None:
        self.world.busy["lookers"] += 1
        self.functions.survives(self._look)
        self.world.busy["lookers"] -= 1

    def _look(self) -> None:
        world = self.world
        for turn in self.use_case().run(deadline=world.scheduler.now + LOOK_SECONDS):
            world.dice.tell(f"{turn.campaign.campaign_id} looked up: {turn.campaign.canary}")
            if turn.error is not None and not isinstance(turn.error, PLANNED):
                raise turn.error

    def use_case(self) -> LookUpReceipts:
        world, clock = self.world, self.world.scheduler.clock
        wire = self._wire()
        ledger = CanaryLedger("ledger", world.ledger, wire)
        rate = RateLimiter.shared(
            world.settings.lookups_per_second, senders=1, clock=clock, sleep=world.scheduler.sleep
        )
        look_at_part = LookAtPart(
            ledger=ledger,
            objects=CanaryFiles(world.files, world.canaries.kept, wire),
            lookup=Wired("gateway", world.canaries, wire),
            rate=rate,
            side_by_side=map,
            clock=clock,
        )
        return LookUpReceipts(
            ledger=ledger,
            look_at_part=look_at_part,
            look_at_canary=world.product.look_at_canary(
                ledger=ledger, look_at_part=look_at_part, clock=clock
            ),
            keys=Wired("keys", world.new_keys(), wire),
            rate=rate,
            leases=Leases(ledger=ledger, clock=clock, fresh_token=self._token),
            clock=clock,
        )

    def _wire(self) -> Wire:
        """It has faults of its own, where the wire deals any."""
        world = self.world
        if world.wire is not world.faulty_wire:
            return world.wire
        wire = MortalWire(world.scheduler, world.canaries.dice)
        wire.outages = world.faulty_wire.outages
        return wire

    def _token(self) -> str:
        return f"{self.world.canaries.dice.random.getrandbits(64):016x}"

    def _decide(self) -> None:
        """Let the others follow those who went ahead in vain, or cancel them."""
        world = self.world
        while True:
            world.scheduler.sleep(DECIDES_SECONDS)
            for each in world.ledger.all_campaigns():
                if each.status is Status.HELD and each.held_for == "canary_failed":
                    name = world.canaries.dice.random.choice((RESUME, RESUME, CANCEL))
                    campaign_id = each.campaign_id
                    if name == CANCEL:
                        world.truth.cancelled.add(campaign_id)
                    else:
                        world.canaries.resumed.setdefault(campaign_id, world.scheduler.now)
                    follow = partial(ordered, name=name, clock=world.scheduler.clock)
                    order = partial(change, world.wired_ledger(), campaign_id, follow)
                    while not self.functions.survives(order):
                        world.scheduler.sleep(30)

"""A person who decides in the simulation when the receipts of those who went ahead do not."""

from dataclasses import dataclass
from functools import partial

from smsdrop.ledger.campaign import Status
from smsdrop.operations.orders import CANCEL, RESUME
from tests.simulation.actors import Lambda
from tests.simulation.people import change, ordered
from tests.simulation.world import World

DECIDES_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Decider:
    world: World
    functions: Lambda

    def start(self) -> None:
        if self.world.canaries.are_dealt:
            self.world.scheduler.spawn("decider", self._decide)

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

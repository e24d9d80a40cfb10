"""A run of the simulation: from a seed to what came of it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from random import Random

from tests.simulation.actors import Lambda
from tests.simulation.deciding import Decider
from tests.simulation.faults import DEALT_SHARE, RECEIPTS_SHARE
from tests.simulation.invariants import check
from tests.simulation.lists import has_lists
from tests.simulation.looking import Looking
from tests.simulation.people import People
from tests.simulation.product import REAL, Product
from tests.simulation.releases import newest_release, roll_forward
from tests.simulation.world import MAX_AGE_SECONDS, World

FAULTY_SECONDS = 1500
"""Then the dice rest, so that a run that does not end has no excuse."""

LONGEST_SECONDS = 3 * MAX_AGE_SECONDS
CHECK_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a seed came to."""

    seed: int
    violations: tuple[str, ...]
    fired: Counter[str]
    trace: tuple[str, ...]


def run(
    seed: int,
    *,
    product: Product = REAL,
    share: float = DEALT_SHARE,
    always: Collection[str] = (),
    tracing: bool = False,
    has_receipts: bool | None = None,
    lists: bool | None = None,
) -> Outcome:
    """
    Let everything happen that the seed holds; the same seed gives the same outcome.

    The seed decides, unless the caller does, whether receipts are looked up and whether there are
    suppression lists.
    """
    if has_receipts is None:
        has_receipts = Random(f"with receipts {seed}").random() < RECEIPTS_SHARE
    world = World(
        seed,
        product=product,
        share=share,
        always=always,
        tracing=tracing,
        has_receipts=has_receipts,
        lists=has_lists(seed) if lists is None else lists,
    )
    functions = Lambda(world)
    people = People(world, functions)
    people.drop_some()
    people.meddle()
    people.change_lists()
    with newest_release():
        live(world, functions, people)
    deeds = world.lists.dice.fired if world.lists else Counter[str]()
    return Outcome(
        seed=seed,
        violations=tuple(world.violations),
        fired=world.dice.fired
        + world.telling_dice.fired
        + world.receipts_dice.fired
        + world.canaries.dice.fired
        + deeds,
        trace=tuple(world.trace),
    )


def live(world: World, functions: Lambda, people: People) -> None:
    """Let the world go on until all is quiet, twice, and then for days; and judge it."""
    scheduler, looking = world.scheduler, Looking(world, functions)
    start = scheduler.now
    functions.start_senders()
    functions.start_ticking()
    looking.start()
    people.watch()
    Decider(world, functions).start()
    scheduler.at(start + FAULTY_SECONDS, partial(_rest, world))
    if _is_quiet_in_time(world):
        people.replay()
        if _is_quiet_in_time(world):
            roll_forward()
            looking.see_to_the_end()
            check(world)
    scheduler.end()


def _rest(world: World) -> None:
    world.dice.at_rest = world.telling_dice.at_rest = world.canaries.dice.at_rest = True
    if world.lists is not None:
        world.lists.dice.at_rest = True


def _is_quiet_in_time(world: World) -> bool:
    """Let time pass until nothing is left to do; blame the world if that never happens."""
    scheduler = world.scheduler
    deadline = scheduler.now + LONGEST_SECONDS
    quiet = False
    while not quiet and scheduler.now < deadline:
        scheduler.run(deadline=scheduler.now + CHECK_SECONDS)
        quiet = not (+world.busy or world.has_work_for_the_tick() or world.queue.holds_any)
    if not quiet and not world.violations:
        world.blame("ending: a campaign does not end, or a message is left")
    return quiet

"""
Instances that share a rate: how many calls leave in any second, and what comes of them all.

As on Lambda, each instance takes ten messages at a time into whichever sandbox is free, and takes
the next ten when it is done with those. The time between a call's moment and its leaving
varies; at times a whole sandbox freezes, and does everything at once afterwards.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TypeVar

from smsdrop.alibaba.answers import Answer
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.send_batch import SendBatch
from tests.simulation.actors import Lambda
from tests.simulation.drops import Drop
from tests.simulation.faults import Dice
from tests.simulation.product import REAL, Product, Settings
from tests.simulation.scheduler import Scheduler
from tests.simulation.world import LONGEST_INTERVAL_SECONDS, World

T = TypeVar("T")

CALLS_PER_SECOND = 20
INSTANCES = 4
SANDBOXES = 6
CALLS_AT_A_TIME = 10
LONGEST_SECONDS = 3600
LEAST_USED = 0.8
"""Of the rate, while there is work."""

ROUNDING_SECONDS = 1e-6


class BriskDice(Dice):
    """Makes the provider answer as fast as the real one, and throttle this share of the calls."""

    def __init__(self, random: Random, *, throttled: float) -> None:
        super().__init__(random, share=0)
        self._chances = {"throttled": throttled}

    def pause(self) -> float:
        return self.between(0.01, 0.05)


class SandboxWire:
    """Takes its time for everything but a call to the provider, which it lets leave at once."""

    def __init__(self, scheduler: Scheduler, dice: Dice, *, frozen: float) -> None:
        self._scheduler = scheduler
        self._dice = dice
        self._frozen = frozen
        self._thaws_at = 0.0

    def io(self, name: str, action: Callable[[], T]) -> T:
        if name != "gateway.send":
            now = self._scheduler.now
            if self._dice.random.random() < self._frozen:
                self._thaws_at = now + self._dice.between(1, 4)
            self._scheduler.sleep(max(self._dice.between(0.005, 0.05), self._thaws_at - now))
        return action()


@dataclass(frozen=True, slots=True)
class Sandbox:
    rate: RateLimiter
    use_case: SendBatch


def run_at_rate(
    seed: int,
    *,
    product: Product = REAL,
    batches: int = 400,
    calls_per_second: float = CALLS_PER_SECOND,
    frozen: float = 0.01,
    throttled: float = 0,
    first_throttled: int = 0,
) -> tuple[str, ...]:
    """
    Send a file of so many batches, and return the broken promises.

    `frozen` is the share of steps at which a sandbox freezes, `throttled` that of calls; the first
    so many calls are throttled, whatever the share.
    """
    world = World(seed, product=product, share=0)
    world.settings = Settings(calls_per_second=calls_per_second, senders=INSTANCES)
    world.dice = world.provider.dice = BriskDice(Random(seed), throttled=throttled)
    world.provider.first_answers += [Answer(code="Throttling.User")] * first_throttled
    drop = _file(recipients=batches * world.settings.max_recipients)
    functions = Lambda(world)
    functions.take_event(world.files.drop(drop.key, drop.content), after=0)
    sandboxes = [_sandbox(world, frozen=frozen) for _ in range(SANDBOXES)]
    for number in range(1, INSTANCES + 1):
        job = partial(_send_tens, functions, sandboxes)
        world.scheduler.spawn(f"instance {number}", job, after=world.dice.between(1, 2))
    world.scheduler.run(deadline=world.start + LONGEST_SECONDS)
    world.scheduler.end()
    world.violations += _faults(world, drop, is_hindered=bool(frozen or throttled))
    return tuple(world.violations)


def _file(*, recipients: int) -> Drop:
    numbers = tuple(f"138{each:08d}" for each in range(recipients))
    content = "\n".join(["phone_number,name", *(f"{each},张三" for each in numbers), ""])
    return Drop(
        key="incoming/paced.csv", content=content.encode(), recipients=numbers, rows=recipients
    )


def _sandbox(world: World, *, frozen: float) -> Sandbox:
    # A wire of its own, since it freezes as a whole.
    world.wire = SandboxWire(world.scheduler, world.dice, frozen=frozen)
    rate = world.new_rate_limiter()
    return Sandbox(rate, world.send_batch(world.new_keys(), rate))


def _send_tens(functions: Lambda, free: list[Sandbox]) -> None:
    world = functions.world
    while True:
        messages = [world.queue.receive() for _ in range(CALLS_AT_A_TIME)]
        sandbox = free.pop(world.dice.random.randrange(len(free)))
        sandbox.rate.start_invocation()
        under_way = []
        for message in filter(None, messages):
            job = partial(functions.deliver, message, sandbox.use_case)
            under_way.append(world.scheduler.spawn("thread", partial(functions.survives, job)))
        while not all(thread.dead for thread in under_way):
            world.scheduler.sleep(0.01)
        free.append(sandbox)
        world.scheduler.sleep(world.dice.between(0, 0.02) if under_way else 1)


def _faults(world: World, drop: Drop, *, is_hindered: bool) -> Iterator[str]:
    interval = min(INSTANCES / world.settings.calls_per_second, LONGEST_INTERVAL_SECONDS)
    seconds = max(1, interval)  # within less, each instance may have made a call
    allowed = round(INSTANCES * seconds / interval)
    left_at = sorted(call.at for call in world.provider.calls)
    close = [
        bisect_left(left_at, at + seconds - ROUNDING_SECONDS) - place
        for place, at in enumerate(left_at)
    ]
    if max(close, default=0) > allowed:
        yield f"rate: {max(close)} calls left within {seconds:.0f} s"
    if not is_hindered:
        used = len(left_at) / (left_at[-1] - left_at[0]) * interval / INSTANCES
        if used < LEAST_USED:
            yield f"rate: only {used:.0%} of it was used"
    texted = sorted(text.phone_number for text in world.provider.texts)
    if texted != sorted(drop.recipients):
        yield f"forgotten, or twice: {len(texted)} texts for {len(drop.recipients)} recipients"
    if world.queue.holds_any:
        yield f"ending: {len(world.queue.dead_letters)} dead letters, or messages are left"

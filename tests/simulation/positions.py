"""Every position at which a run can be hit: one call of one port, and one way to spoil it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from smsdrop.alibaba.answers import Answer
from tests.simulation.actors import Lambda
from tests.simulation.carrier import Word
from tests.simulation.drops import Drop
from tests.simulation.lists import KEYS
from tests.simulation.people import People
from tests.simulation.run import live
from tests.simulation.scheduler import LOOKER, Killed, Process, Scheduler, current_process
from tests.simulation.wire import Failed
from tests.simulation.world import World

STEP_SECONDS = 0.25

LISTED_AFTER_SECONDS = 45
"""Our choice: by then the small file is judged, and a scheduled one has not begun."""

SMALL_FILE = Drop(
    key="incoming/SMS_1/云通信/small.csv",
    content="""\
phone_number,name,sign_name
13800000001,a,
13800000002,b,阿里云
13800000001,again,
12,no number,
13800000003,c,
13800000004,d,阿里云
""".encode(),
    recipients=("13800000001", "13800000002", "13800000003", "13800000004"),
    rows=6,
)
"""Two batches of two recipients with a sign name each; a duplicate, and a rejected row."""

SCHEDULED_FILE = replace(SMALL_FILE, key="incoming/start=2026-01-02T1102/SMS_1/云通信/small.csv")
"""The same, to be sent two minutes later."""

AHEAD_FILE = replace(SMALL_FILE, key="incoming/canary=2/SMS_1/云通信/small.csv")
"""The same, but its first batch goes ahead, with good receipts."""

Action = Callable[[], Any]

Words = Mapping[str, tuple[Word, ...]]
"""What carriers say of the texts to a number; times count from when it is texted."""


def killed_before(_action: Action) -> Any:
    raise Killed


def killed_after(action: Action) -> Any:
    action()
    raise Killed


def fails_before(_action: Action) -> Any:
    raise Failed("nothing was done")


def fails_after(action: Action) -> Any:
    action()
    raise Failed("it was done, but its answer is lost")


def repeated(action: Action) -> Any:
    action()
    return action()


WAYS_OF_ALL_CALLS = (killed_before, killed_after, fails_before)
WAYS_OF_WRITES = (fails_after, repeated)
"""The SDK repeats a write whose answer was lost; where it gives up, the caller sees an error."""


def is_write(name: str) -> bool:
    return name == "ledger.write"


@dataclass(slots=True, kw_only=True)
class SpoiledWire:
    """
    Notes the calls by name, and spoils the one at this position, counted from 1.

    `by_lookers` has the positions of the calls that look receipts up.
    """

    scheduler: Scheduler
    position: int
    way: Callable[[Action], Any]
    calls: list[str] = field(default_factory=list)
    by_lookers: list[int] = field(default_factory=list)
    dead: list[Process] = field(default_factory=list)

    def io(self, name: str, action: Action) -> Any:
        process = current_process()
        if process in self.dead:
            raise Killed
        self.scheduler.sleep(STEP_SECONDS)
        self.calls.append(name)
        if process.name == LOOKER:
            self.by_lookers.append(len(self.calls))
        return self._spoiled(process, action) if len(self.calls) == self.position else action()

    def _spoiled(self, process: Process, action: Action) -> Any:
        """A killed looker does nothing more, not even in a `finally`."""
        try:
            return self.way(action)
        except Killed:
            if process.name == LOOKER:
                self.dead.append(process)
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What became of the small file."""

    world: World
    calls: tuple[str, ...]
    by_lookers: tuple[int, ...] = ()


def end_of_small_file(
    *,
    file: Drop = SMALL_FILE,
    is_paused: bool = False,
    first_answer: Answer | None = None,
    words: Words | None = None,
    lost_for: float = 0,
    listed: tuple[str, ...] = (),
    position: int = 0,
    way: Callable[[Action], Any] = killed_before,
) -> Ending:
    """
    Drop the small file, let the one call be spoiled, and go on until all is quiet.

    If it is paused, that is as soon as it is sent, and for longer than a tick. Receipts are
    looked up if carriers have `words` for the numbers. Some are `listed` once it is judged, if
    nothing was spoiled before.
    """
    world = World(0, share=0, has_receipts=words is not None, lists=bool(listed))
    world.carrier.prepared.update(words or {})
    wire = SpoiledWire(scheduler=world.scheduler, position=position, way=way)
    world.wire = wire
    world.excused_repeats = 1  # a process killed before it notes a thing does it again
    world.provider.lost_for = lost_for
    if first_answer is not None:
        world.provider.first_answers.append(first_answer)
    functions = Lambda(world)
    people = People(world, functions)
    people.drop(file)
    if world.lists is not None:
        put = partial(world.lists.put, KEYS[0], listed)
        world.scheduler.at(world.start + LISTED_AFTER_SECONDS, put)
    if is_paused:
        world.scheduler.spawn("person", people.pause_what_is_sent)
    live(world, functions, people)
    return Ending(world=world, calls=tuple(wire.calls), by_lookers=tuple(wire.by_lookers))

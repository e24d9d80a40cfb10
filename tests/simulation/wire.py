"""What can go wrong in a port's call: death, a freeze, an error on either side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tests.simulation.faults import Dice
from tests.simulation.scheduler import CLOSER, Killed, Scheduler, current_process

T = TypeVar("T")

DOOMED_SHARE = 0.2
"""How many calls kill a process that is doomed to fail for good."""

FREEZES = {
    "frozen for seconds": (2, 30),
    "frozen until others have settled": (150, 600),
}
"""A frozen process goes on where it was; after the longer time, others have settled its work."""

NEVER_FROZEN_LONG = (CLOSER,)
"""
A report is an object in S3 without fencing: a closer that thaws after others have closed the books
again, overwrites their report with an old one, and is killed at once, leaves the old one there.
"""

BEFORE = {
    "ledger": ("ledger fails before",),
    "files": ("files fail",),
}

OUTAGES = {
    "DynamoDB away": ("ledger",),
    "S3 away": ("files",),
    "SQS away": ("queue", "retries"),
    "KMS away": ("ledger", "files", "queue", "keys"),
}
"""
The ports that cannot be reached while a service is away.

A KMS key encrypts all that is kept, except the queue of retries.
"""

AFTER_WRITES = ("ledger fails after applying",)


class Failed(Exception):
    """AWS did not do it, or did not say that it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A service that is away from one time to another."""

    service: str
    begin: float
    end: float


class FaultyWire:
    """Gives way to the other processes at each call, and spoils some."""

    def __init__(self, scheduler: Scheduler, dice: Dice) -> None:
        self._scheduler = scheduler
        self._dice = dice
        self.outages: list[Outage] = []

    def away(self, port: str) -> str:
        """Return the service whose outage makes a port unreachable now, if any."""
        now = self._scheduler.now
        services = (each.service for each in self.outages if each.begin <= now < each.end)
        return next((each for each in services if port in OUTAGES[each]), "")

    def io(self, name: str, action: Callable[[], T]) -> T:
        """
        A call to the provider is not frozen before it leaves.

        Between the product's look at the clock and the request on the wire there is no port
        call to freeze at, only a few instructions; no program can close that gap by itself.
        """
        port, _, verb = name.partition(".")
        self._scheduler.sleep(self._dice.pause())
        self._die("killed before a call")
        if name != "gateway.send":
            self._freeze()
        fault = self.away(port) or self._dice.first_of(BEFORE.get(port, ()))
        if fault:
            raise Failed(fault)
        result = action()
        if port == "ledger" and verb.startswith("write"):
            if self._dice.strikes("ledger write repeated by the SDK"):
                self._scheduler.sleep(self._dice.pause())
                result = action()
            fault = self._dice.first_of(AFTER_WRITES)
            if fault:
                raise Failed(fault)
        self._die("killed after a call")
        self._freeze()
        return result

    def _die(self, fault: str) -> None:
        if self._dice.strikes(fault):
            raise Killed
        if current_process().is_doomed and self._dice.random.random() < DOOMED_SHARE:
            raise Killed

    def _freeze(self) -> None:
        faults = list(FREEZES.items())
        if current_process().name in NEVER_FROZEN_LONG:
            faults.pop()
        for fault, seconds in faults:
            if self._dice.strikes(fault):
                self._scheduler.sleep(self._dice.between(*seconds))


class MortalWire(FaultyWire):
    """The wire of one invocation; once that is killed, not even a `finally` does anything."""

    def __init__(self, scheduler: Scheduler, dice: Dice) -> None:
        super().__init__(scheduler, dice)
        self._is_dead = False

    def io(self, name: str, action: Callable[[], T]) -> T:
        if self._is_dead:
            raise Killed
        try:
            return super().io(name, action)
        except Killed:
            self._is_dead = True
            raise

"""
The pause of the whole stack, as a person and the queue see it.

The truth is the ledger's flag, which senders read before each claim; that the queue is shut while
it is up only saves vain tries.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from smsdrop.ledger.entries import Pause


class PauseLedger(Protocol):
    def pause(self) -> Pause: ...

    def write_pause(self, before: Pause, after: Pause) -> Pause:
        """Write `after` if `before` still stands, and return what stands then."""
        ...


class Switch(Protocol):
    """What lets messages from the queue through to the senders."""

    def turn(self, *, on: bool) -> None: ...


class Topic(Protocol):
    def notify(self, subject: str, text: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pausing:
    """The use cases, with their ports."""

    ledger: PauseLedger
    switch: Switch
    topic: Topic
    clock: Callable[[], float]

    def follow(self) -> Pause:
        """Open or shut the queue as the flag says, and tell a person of a new pause, once."""
        pause = self.ledger.pause()
        self.switch.turn(on=not pause.paused)
        if not pause.paused or pause.told:
            return pause
        self.topic.notify(
            "smsdrop: sending is paused",
            f"The provider answered {pause.code}. Sending rests for the whole stack; no message "
            "is lost. See 'Sending is paused' in docs/operations.md.",
        )
        told = replace(pause, told=True, revision=pause.revision + 1)
        return self.ledger.write_pause(pause, told)

    def resume(self) -> Pause:
        """Take the flag down and open the queue; a call under way can not put it up again."""
        pause = self.ledger.pause()
        while pause.paused:
            resumed = Pause(since=self.clock(), revision=pause.revision + 1)
            pause = self.ledger.write_pause(pause, resumed)
        self.switch.turn(on=True)
        return pause

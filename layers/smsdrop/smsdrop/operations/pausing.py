"""
The pause of the whole stack, as a person and the queue see it.

What counts is the ledger's flag, which senders read before each claim; that the queue is shut while
it is set only saves futile tries.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from smsdrop.ledger.entries import Pause
from smsdrop.ledger.ports import ReadsPause, Writes, update
from smsdrop.ports import Topic


class PausingLedger(ReadsPause, Writes, Protocol): ...


class Switch(Protocol):
    """What lets messages from the queue through to the senders."""

    def turn(self, *, on: bool) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pausing:
    """The use cases, with their ports."""

    ledger: PausingLedger
    switch: Switch
    topic: Topic
    clock: Callable[[], float]

    def stands(self) -> Pause:
        return self.ledger.pause()

    def follow(self, pause: Pause) -> Pause:
        """Open or shut the queue as the flag says, and notify a person of a new pause, once."""
        if pause.paused and not pause.notified and self._notify(pause):
            notified = replace(pause, notified=True, revision=pause.revision + 1)
            pause = self.ledger.write(pause, notified)
        self.switch.turn(on=not pause.paused)
        return pause

    def _notify(self, pause: Pause) -> bool:
        return self.topic.notify(
            "smsdrop: sending is paused",
            f"The provider answered {pause.code}. Sending is paused for the whole stack; no "
            "message is lost. See 'Sending is paused' in docs/operations.md.",
        )

    def resume(self) -> Pause:
        """Clear the flag and open the queue; a call under way cannot set it again."""
        pause = update(self.ledger, self.ledger.pause(), self._resumed)
        self.switch.turn(on=True)
        return pause

    def _resumed(self, pause: Pause) -> Pause:
        if not pause.paused:
            return pause
        return replace(
            pause,
            paused=False,
            code="",
            since=self.clock(),
            notified=False,
            revision=pause.revision + 1,
        )

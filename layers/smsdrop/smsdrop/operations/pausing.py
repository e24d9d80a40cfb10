"""
The pause of the whole stack, as a person and the queue see it.

What counts is the ledger's flag, which senders read before each claim; shutting the queue while it
is set only saves futile tries. A person who shuts the queue by hand has a reason: it is opened only
if smsdrop has shut it, or if a person resumes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from smsdrop.ledger.codes import PAUSED_BY_HAND
from smsdrop.ledger.entries import Pause
from smsdrop.ledger.ports import ReadsPause, Writes, update
from smsdrop.ports import Topic

NOTICE = "smsdrop: sending is paused"
BY_A_PERSON = "A person has ordered it, whom the answer under reports/orders/ names"
"""The notice itself names no one: without a key of your own the topic is not encrypted at rest."""

NO_MESSAGE_IS_LOST = (
    "Sending is paused for the whole stack; no message is lost. "
    "See 'Sending is paused' in docs/operations.md."
)

NOTICE_OF_SHUT = "smsdrop: the queue is shut by hand"
TEXT_OF_SHUT = (
    "Nothing is sent: somebody has disabled the trigger that hands the queue's messages to "
    "SendBatch. It stays so until somebody resumes. See 'The queue is shut by hand' in "
    "docs/operations.md."
)


class PausingLedger(ReadsPause, Writes, Protocol): ...


class Switch(Protocol):
    """What lets messages from the queue through to the senders."""

    def turn(self, *, on: bool) -> None: ...

    def lets_through(self) -> bool:
        """Say whether it is on, or about to be."""
        ...


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
        """
        Open or shut the queue as the flag says, and notify a person of a new pause, once.

        Shutting the queue is recorded before, opening it afterwards: a queue found shut without
        that record was shut by someone else, and is left alone.
        """
        if pause.paused and not pause.notified and self._notify(pause):
            pause = self._written(pause, notified=True)
        if pause.paused and not pause.shut:
            pause = self._written(pause, shut=True)
        if not (pause.paused or pause.shut):
            return self._told_if_shut(pause)
        self.switch.turn(on=not pause.paused)
        return pause if pause.paused else self._written(pause, shut=False)

    def _told_if_shut(self, pause: Pause) -> Pause:
        """Notify a person, once, of a queue that someone has shut."""
        is_shut = not self.switch.lets_through()
        if is_shut == pause.found_shut:
            return pause
        if is_shut and not self.topic.notify(NOTICE_OF_SHUT, TEXT_OF_SHUT):
            return pause
        return self._written(pause, found_shut=is_shut)

    def _written(self, pause: Pause, **done: Any) -> Pause:
        """Record what was done, unless the flag has moved; return what stands then."""
        return self.ledger.write(pause, replace(pause, **done, revision=pause.revision + 1))

    def _notify(self, pause: Pause) -> bool:
        why = BY_A_PERSON if pause.by else f"The provider answered {pause.code}"
        return self.topic.notify(NOTICE, f"{why}. {NO_MESSAGE_IS_LOST}")

    def pause(self, *, by: str, at: float = 0) -> Pause:
        """Set the flag for a person; `at` is when that was ordered, 0 for now."""
        return update(self.ledger, self.ledger.pause(), partial(self._paused, by=by, at=at))

    def _paused(self, pause: Pause, *, by: str, at: float) -> Pause:
        if pause.paused or is_late(pause, at):
            return ordered(pause, at)
        return replace(
            pause,
            paused=True,
            code=PAUSED_BY_HAND,
            by=by,
            since=self.clock(),
            notified=False,
            ordered_at=max(pause.ordered_at, at),
            revision=pause.revision + 1,
        )

    def resume(self, *, at: float = 0) -> Pause:
        """
        Clear the flag and open the queue even if shut by hand; calls under way cannot set it again.

        An order that comes late changes nothing: a newer pause may be in force.
        """
        before = self.ledger.pause()
        if is_late(before, at):
            return before
        pause = update(self.ledger, before, partial(self._resumed, at=at))
        self.switch.turn(on=True)
        return pause

    def _resumed(self, pause: Pause, *, at: float) -> Pause:
        if is_late(pause, at) or not (pause.paused or pause.found_shut):
            return ordered(pause, at)
        return replace(
            pause,
            paused=False,
            code="",
            by="",
            since=self.clock(),
            notified=False,
            found_shut=False,
            ordered_at=max(pause.ordered_at, at),
            revision=pause.revision + 1,
        )


def is_late(pause: Pause, at: float) -> bool:
    """Say whether this order, or one given later, has been followed already."""
    return 0 < at <= pause.ordered_at


def ordered(pause: Pause, at: float) -> Pause:
    """Remember when an order that changes nothing was given: an earlier one may still come."""
    if at <= pause.ordered_at:
        return pause
    return replace(pause, ordered_at=at, revision=pause.revision + 1)

"""A queue as SQS is on a bad day: at least once, in any order, at any time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from smsdrop.aws.sqs import QueueUnavailable
from smsdrop.batches.batch import Batch
from tests.simulation.faults import Dice
from tests.simulation.releases import newest_release

VISIBILITY_SECONDS = 90
"""How long a message stays with its receiver; short, so that others receive it meanwhile."""

MAX_RECEIVES = 40
"""Fewer than in the template, so that deferrals reach the dead letters sometimes."""


@dataclass(slots=True, eq=False)
class Message:
    body: str
    visible_at: float
    receive_count: int = 0

    @property
    def batch(self) -> Batch:
        return batch_of(self.body)


def batch_of(message: str) -> Batch:
    with newest_release():
        return Batch.from_json(message)


class SimulatedQueue:
    """
    The queue of batches with its dead letters.

    `acknowledged` holds the ids of all batches that the queue has said it has taken, and `others`
    counts messages of campaigns that are not simulated.
    """

    def __init__(
        self, dice: Dice, clock: Callable[[], float], check_sent: Callable[[Batch], None]
    ) -> None:
        self._dice = dice
        self._clock = clock
        self._check_sent = check_sent
        self._messages: list[Message] = []
        self.dead_letters: list[Message] = []
        self.sent: list[str] = []
        self.acknowledged: set[str] = set()
        self.others = 0
        self.is_away: Callable[[], bool] = lambda: False

    def send(self, messages: Sequence[str]) -> None:
        for each in messages:
            self._check_sent(batch_of(each))
        if len(messages) > 1 and self._dice.strikes("queue takes only some"):
            taken = self._dice.random.sample(messages, self._dice.random.randrange(len(messages)))
            self.take(taken)
            raise QueueUnavailable("some messages were refused")
        self.take(messages)
        if messages and self._dice.strikes("queue takes all, and its answer is lost"):
            raise QueueUnavailable("no answer")
        self.acknowledged.update(batch_of(each).batch_id for each in messages)

    def take(self, messages: Sequence[str]) -> None:
        for body in messages:
            delay = self._dice.strikes("message delayed") and self._dice.between(1, 300)
            self._messages.append(Message(body=body, visible_at=self._clock() + delay))
            self.sent.append(body)

    def backlog(self) -> int:
        """Return the messages here, and those of others: under steady traffic it is never 0."""
        if self._dice.strikes("queue counts are behind"):
            return self._dice.random.choice((0, 7))
        return len(self._messages) + self.others

    @property
    def holds_any(self) -> bool:
        return bool(self._messages or self.dead_letters)

    def has_message_of(self, batch_id: str) -> bool:
        everywhere = [*self._messages, *self.dead_letters]
        return any(each.batch.batch_id == batch_id for each in everywhere)

    def receive(self) -> Message | None:
        """Hand out a message that is visible; it stays hidden for a while, or so it should."""
        now = self._clock()
        visible = [each for each in self._messages if each.visible_at <= now]
        if not visible or self.is_away():
            return None
        message = visible[0]
        if len(visible) > 1 and self._dice.strikes("message overtaken by later ones"):
            message = self._dice.random.choice(visible)
        message.receive_count += 1
        if message.receive_count > MAX_RECEIVES or self._dice.strikes("message dead-lettered"):
            self._messages.remove(message)
            self.dead_letters.append(message)
            return None
        if not self._dice.strikes("message handed out twice"):
            message.visible_at = now + VISIBILITY_SECONDS
        return message

    def seconds_to_next(self) -> float | None:
        """Say how long until a message becomes visible; None means that there is none."""
        times = [each.visible_at for each in self._messages]
        return max(0.0, min(times) - self._clock()) if times else None

    def delete(self, message: Message) -> None:
        if self.is_away():
            return
        if not self._dice.strikes("message not deleted") and message in self._messages:
            self._messages.remove(message)

    def put_off(self, message: Message, *, seconds: float) -> None:
        if not self.is_away() and not self._dice.strikes("message not put off"):
            message.visible_at = self._clock() + round(seconds)

    def redrive(self) -> None:
        dead, self.dead_letters = self.dead_letters, []
        self.take([each.body for each in dead])

    def purge(self) -> None:
        self._messages.clear()

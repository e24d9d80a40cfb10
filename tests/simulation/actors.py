"""The actors of the simulation: Lambda with the functions' handlers."""

import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import floor

from smsdrop.aws.sqs import QueueUnavailable
from smsdrop.batches.batch import Batch
from smsdrop.batches.forms import LaterForm
from smsdrop.closing.repair import StillInDoubt
from smsdrop.closing.tick import Turn
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign
from smsdrop.parsing.retry_parsing import delay_seconds
from smsdrop.ports import ObjectGone
from smsdrop.sending.deferral import Deferred
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.send_batch import SendBatch
from smsdrop.sending.suppression.listed_since import ListedSince
from smsdrop.sending.suppression.standing import ListsUnusable
from tests.simulation.closer import REFUSED
from tests.simulation.queue import Message
from tests.simulation.scheduler import CLOSER, Killed, current_process
from tests.simulation.wire import Failed
from tests.simulation.world import MAX_AGE_SECONDS, SEND_SECONDS, World
from tests.support.fakes import FakeKeys

PLANNED = (Failed, QueueUnavailable, ObjectGone, LaterForm, ListsUnusable)
"""What an invocation fails with when a fault strikes."""

CLOSE_SECONDS = 840
POLL_SECONDS = 15
PARSE_TRIES = 3
RETRY_VISIBILITY_SECONDS = 5400
TICK_SECONDS = 60
FREQUENT_TICKS = 40
RARE_TICK_SECONDS = 300
"""Late in a run, only time has to pass: ticks then come less often."""


@dataclass(frozen=True, slots=True)
class Lambda:
    """Runs functions in the world, each as a process of its own."""

    world: World

    def __post_init__(self) -> None:
        self.world.closer.hand = self.wake_closer

    def start_senders(self) -> None:
        for number in range(1, self.world.settings.senders + 1):
            self.world.scheduler.spawn(f"sender {number}", self._send)

    def start_ticking(self) -> None:
        self.world.scheduler.spawn("minute", self._tick)

    def take_event(self, version: FileVersion, *, after: float, is_doomed: bool = False) -> None:
        """Have an S3 event handled, at this time or later, as Lambda does: with retries."""
        world = self.world
        world.busy["events"] += 1
        process = world.scheduler.spawn("parser", partial(self._take, version), after=after)
        process.is_doomed = is_doomed
        if is_doomed:
            world.truth.doomed.add(version)

    def wake_closer(self, campaign_id: str, after: float) -> None:
        """Have CloseCampaigns run for one campaign, in a sandbox of its own."""
        self.world.busy["closers"] += 1
        self.world.scheduler.spawn(CLOSER, partial(self._close_one, campaign_id), after=after)

    def survives(self, job: Callable[[], object]) -> bool:
        """Say whether the invocation finished; only planned faults may prevent it."""
        try:
            job()
        except Killed:
            self.world.dice.tell("killed")
            return False
        except PLANNED as error:
            self.world.dice.tell(f"failed: {error}")
            if str(error) == REFUSED:
                self.world.blame("woken: a wake-up that failed has failed more than itself")
            return False
        except Exception:  # noqa: BLE001 - a bug of the product is what we are looking for
            self.world.blame(f"exception: {traceback.format_exc()}")
            return False
        return True

    def _take(self, version: FileVersion) -> None:
        world = self.world
        if not self._is_parsed(version):
            self._take_up_again(version)
        world.busy["events"] -= 1

    def _is_parsed(self, version: FileVersion) -> bool:
        """Invoke ParseRecipients as Lambda does for an S3 event."""
        for _ in range(PARSE_TRIES):
            if self.survives(lambda: self.world.parse_recipients().parse(version)):
                return True
            self.world.scheduler.sleep(self.world.dice.between(1, 120))
        return False

    def _take_up_again(self, version: FileVersion) -> None:
        """Put the event through the queue of retries, if that can be reached."""
        world = self.world
        if world.faulty_wire.away("retries"):
            world.truth.lost.add(version)
            return
        failed_at = world.scheduler.now
        message = Message(body=version.key, visible_at=failed_at)
        while True:
            now = world.scheduler.now
            if now < message.visible_at or world.faulty_wire.away("retries"):
                world.scheduler.sleep(max(POLL_SECONDS, message.visible_at - now))
                continue
            if now - failed_at > MAX_AGE_SECONDS:
                current_process().is_doomed = False
            message.receive_count += 1
            message.visible_at = now + RETRY_VISIBILITY_SECONDS
            if self.survives(partial(self._retry, version, message, failed_at)):
                return

    def _retry(self, version: FileVersion, message: Message, failed_at: float) -> None:
        """Do as the handler does with a message of the queue of retries."""
        world = self.world
        try:
            world.retry_parsing().retry(version, failed_at=failed_at)
        except PLANNED:
            if not world.faulty_wire.away("retries"):
                rest = delay_seconds(message.receive_count)
                message.visible_at = world.scheduler.now + rest
            raise

    def _send(self) -> None:
        world = self.world
        keys, rate, lists = self._new_sandbox()
        while True:
            message = world.queue.receive() if world.switch.is_on else None
            if message is None:
                world.scheduler.sleep(self._until_next_poll())
                continue
            world.busy["messages"] += 1
            rate.start_invocation()
            use_case = world.send_batch(keys, rate, lists)
            if not self.survives(partial(self.deliver, message, use_case)):
                keys, rate, lists = self._new_sandbox()
            world.busy["messages"] -= 1

    def _new_sandbox(self) -> tuple[FakeKeys, RateLimiter, ListedSince | None]:
        """Return what a sender keeps in memory while its sandbox lives."""
        world = self.world
        return world.new_keys(), world.new_rate_limiter(), world.new_listed_since()

    def _until_next_poll(self) -> float:
        """Idle senders poll at the same full seconds, and so compete for the same messages."""
        now = self.world.scheduler.now
        wait = self.world.queue.seconds_to_next()
        longest = RARE_TICK_SECONDS if self.world.is_left_to_receipts else POLL_SECONDS
        wait = longest if wait is None else min(longest, wait)
        return floor(now + wait) + 1 - now

    def deliver(self, message: Message, use_case: SendBatch) -> None:
        world = self.world
        try:
            batch = Batch.from_json(message.body)
        except LaterForm:
            left = use_case.leave(receive_count=message.receive_count)
            world.queue.put_off(message, seconds=left.seconds)
            return
        if world.product.deletes_first:
            self._delete(message, batch)
        deadline = world.scheduler.now + SEND_SECONDS
        result = use_case.deliver(batch, receive_count=message.receive_count, deadline=deadline)
        if isinstance(result, Deferred):
            world.dice.tell(f"{batch.batch_id} deferred: {result.reason}, {result.seconds:.0f} s")
            world.queue.put_off(message, seconds=result.seconds)
        elif not world.product.deletes_first:
            self._delete(message, batch)

    def _delete(self, message: Message, batch: Batch) -> None:
        self.world.ledger.check_deleted(batch.batch_id)
        self.world.queue.delete(message)

    def _tick(self) -> None:
        world = self.world
        keys = world.new_keys()
        ticks = 0
        while True:
            ticks += 1
            world.scheduler.sleep(TICK_SECONDS if ticks < FREQUENT_TICKS else RARE_TICK_SECONDS)
            if not world.is_left_to_receipts or world.has_work_for_the_tick():
                world.scheduler.spawn(CLOSER, partial(self._close, keys))

    def _close(self, keys: FakeKeys) -> None:
        world = self.world
        world.busy["closers"] += 1
        self.survives(partial(self._close_all, keys))
        world.busy["closers"] -= 1

    def _close_one(self, campaign_id: str) -> None:
        self.survives(partial(self._wake, campaign_id))
        self.world.busy["closers"] -= 1

    def _wake(self, campaign_id: str) -> None:
        world = self.world
        deadline = world.scheduler.now + CLOSE_SECONDS
        is_paused = world.pausing().stands().paused
        woken = world.tick(world.new_keys())
        self._note(woken.wake(campaign_id, is_paused=is_paused, deadline=deadline))

    def _close_all(self, keys: FakeKeys) -> None:
        world = self.world
        deadline = world.scheduler.now + CLOSE_SECONDS
        seen: list[Campaign] = []
        pausing = world.pausing()
        pause = pausing.stands()
        try:
            pausing.follow(pause)
        finally:
            for turn in world.tick(keys).run(is_paused=pause.paused, deadline=deadline):
                self._note(turn)
                seen += [turn.campaign] if turn.campaign else []
            world.know_account(keys).know(is_sending=bool(world.turns.last))
            with suppress(*PLANNED):
                world.telling().tell(seen, deadline=deadline)

    def _note(self, turn: Turn) -> None:
        """Allow only planned faults to fail a turn."""
        world, error = self.world, turn.error
        status = turn.campaign and turn.campaign.status
        world.dice.tell(f"{turn.campaign_id} checked: {status}, {error!r}")
        is_planned = isinstance(error, (*PLANNED, StillInDoubt))
        if error is not None and not is_planned:
            world.blame(f"exception: {''.join(traceback.format_exception(error))}")

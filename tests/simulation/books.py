"""The ledger under watch: every single write is checked against the rules."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from math import inf
from typing import Any

from smsdrop.aws.ledger_items import key_of
from smsdrop.batches.batch import Batch, campaign_of, nth_batch_id, position_of
from smsdrop.ledger.batch_entry import MOVES, BatchEntry, State
from smsdrop.ledger.campaign import CAMPAIGN_MOVES, LONGEST_INVOCATION_SECONDS, Campaign, Status
from smsdrop.ledger.codes import SUPPRESSED
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import KeyAccount, Lease, Pause
from tests.simulation.faults import Dice
from tests.simulation.lists import KEPT
from tests.simulation.provider import SimulatedProvider
from tests.simulation.queue import SimulatedQueue
from tests.simulation.scheduler import LOOKER, current_name, current_process
from tests.support.fakes import FakeLedger

CLOSER_SECONDS = 900
"""Longer than a closer lives that read the campaign before it was held."""


class WatchedLedger(FakeLedger):
    """
    Blames every write that the rules forbid.

    `unknown_keys` are the keys whose account was asked for in vain when a batch was settled.
    `halted_at` is when each campaign was halted, `pauses` from when until when all sending was
    paused, `held` the same for each campaign. `planned_at` is when each campaign was planned,
    `ahead_of` whose plans came before its own. `ended_at` is when each batch's end was written; a
    sender that froze before the write got there earlier. `began_at` is when each campaign was first
    released, and `paused` are those that a person has paused. `closed_at` is when each campaign was
    first closed, and `looks_began` when each look at its receipts began.
    """

    def __init__(
        self,
        dice: Dice,
        provider: SimulatedProvider,
        queue: SimulatedQueue,
        *,
        clock: Callable[[], float],
        blame: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._dice = dice
        self._provider = provider
        self._queue = queue
        self._clock = clock
        self._blame = blame
        self.halted_at: dict[str, float] = {}
        self.unknown_keys: set[str] = set()
        self.pauses: list[list[float]] = []
        self.held: dict[str, list[list[float]]] = {}
        self.planned_at: dict[str, float] = {}
        self.ahead_of: dict[str, set[str]] = {}
        self.ended_at: dict[str, float] = {}
        self.began_at: dict[str, float] = {}
        self.closed_at: dict[str, float] = {}
        self.looks_began: dict[str, dict[int, float]] = {}
        self.paused: set[str] = set()

    def open_campaigns(self) -> Iterator[Campaign]:
        campaigns = list(super().open_campaigns())
        if campaigns and self._dice.strikes("index of open campaigns is behind"):
            campaigns.pop()
        return iter(campaigns)

    def key_accounts(self, key_ids: Collection[str]) -> dict[str, KeyAccount]:
        known = super().key_accounts(key_ids)
        if len(key_ids) > 1:
            self.unknown_keys.update(set(key_ids) - known.keys())
        return known

    def all_campaigns(self) -> list[Campaign]:
        return self.all_of(Campaign)

    def campaigns(self) -> Iterator[Campaign]:
        """Yield the same unsorted: thousands of looks need not pay for an order."""
        return (each for each in self.stored.values() if isinstance(each, Campaign))

    def write(self, before: Any, after: Any) -> Any:
        old = self.stored.get(key_of(after))
        stands = super().write(before, after)
        if stands is after and stands is not old:
            self._watch(old, after)
        return stands

    def _watch(self, old: Any, after: Any) -> None:
        if current_name() == LOOKER and not may_looker_write(old, after):
            self._blame(f"books: whoever looks receipts up has written {after}")
        if after.revision != (old.revision if old else 0) + 1:
            self._blame(f"revision: a write left it at {after.revision}")
        match after:
            case BatchEntry():
                attempt = f"attempt {after.attempt}"
                self._dice.tell(f"{after.batch_id} {attempt}: {after.state} {after.code}")
                self._check_batch(old, after)
            case Campaign():
                outcome = f"{after.outcome} {after.halt_code}"
                self._dice.tell(f"{after.campaign_id}: {after.status} {outcome}")
                self._check_campaign(old, after)
            case Pause():
                self._note_pause(old or Pause(), after)
            case CommittedPlan():
                self._note_place(after)

    def _note_place(self, after: CommittedPlan) -> None:
        plans = self.committed_plans(after.template_code)
        self.ahead_of[after.committed_by] = {
            each.committed_by for each in plans if each.place < after.place
        }

    def forget(self, batch_id: str) -> None:
        """Only a planted bug does this."""
        self.stored.pop((campaign_of(batch_id), f"batch#{batch_id}"), None)

    def _check_batch(self, old: BatchEntry | None, after: BatchEntry) -> None:
        state = old.state if old else None
        if after.is_final and not (old and old.is_final):
            self.ended_at[after.batch_id] = self._clock()
            if (after.state, after.code) == (State.REFUSED, SUPPRESSED):
                self._dice.note(KEPT)
        if after.state is not state and after.state not in MOVES.get(state, ()):
            self._blame(f"state: {state} became {after.state}")
        whole = self.batch(after.batch_id.rpartition(".")[0])
        if "." in after.batch_id and not (whole and whole.state is State.SPLIT):
            self._blame(f"state: {after.batch_id} is part of what was not split")
        if old and after.attempt < old.attempt:
            self._blame("attempt: its number went back")
        if after.absent > (old.absent if old else 0):
            shown = self._provider.shown
            if any((current_process(), out_id) in shown for out_id in after.out_ids):
                self._blame(f"settled: {after.batch_id} is absent, though it was listed")

    def _check_campaign(self, old: Campaign | None, after: Campaign) -> None:
        status = old.status if old else None
        if after.status is not status and after.status not in CAMPAIGN_MOVES[status]:
            self._blame(f"campaign: {status} became {after.status}")
        if after.halt_code and not (old and old.halt_code):
            self.halted_at[after.campaign_id] = self._clock()
        self._note_life(status, after)
        if after.looks.receipts_look:
            began = self.looks_began.setdefault(after.campaign_id, {})
            began[after.looks.receipts_look] = after.looks.receipts_since
        if old is None:
            return
        if after.plan and not old.plan:
            self.planned_at[after.campaign_id] = self._clock()
        if after.released < old.released or after.queued < old.queued:
            self._blame("campaign: a release or a checkpoint went back")
        if after.queued > old.queued:
            positions = range(1, after.queued + 1)
            wanted = {nth_batch_id(after.campaign_id, position) for position in positions}
            if not wanted <= self._queue.acknowledged:
                self._blame("checkpoint: it is ahead of what the queue has acknowledged")

    def _note_life(self, before: Status | None, after: Campaign) -> None:
        if after.status is Status.SENDING:
            self.began_at.setdefault(after.campaign_id, self._clock())
        if after.status is Status.CLOSED:
            self.closed_at.setdefault(after.campaign_id, self._clock())
        if after.paused_by:
            self.paused.add(after.campaign_id)
        spans = self.held.setdefault(after.campaign_id, [])
        if after.status is Status.HELD and before is not Status.HELD:
            spans.append([self._clock(), inf])
        elif before is Status.HELD and after.status is not Status.HELD:
            spans[-1][1] = self._clock()

    def _note_pause(self, old: Pause, after: Pause) -> None:
        if after.paused and not old.paused:
            self.pauses.append([self._clock(), inf])
        if old.paused and not after.paused:
            self.pauses[-1][1] = self._clock()

    def check_queued(self, batch: Batch) -> None:
        campaign = self.campaign(batch.campaign_id)
        if campaign is None:
            return
        if position_of(batch.batch_id) > campaign.released:
            self._blame(f"released: {batch.batch_id} is queued past {campaign.released}")
        held_since = max(
            (begin for begin, end in self.held[campaign.campaign_id] if end == inf), default=inf
        )
        is_part = "." in batch.batch_id  # senders queue the parts of a split, and forget them later
        is_long_held = self._clock() > held_since + CLOSER_SECONDS
        if is_long_held and not (is_part or campaign.halt_code):
            self._blame(f"held: {batch.batch_id} is queued though its campaign is held")

    def check_deleted(self, batch_id: str) -> None:
        entry = self.batch(batch_id)
        known = self.campaign(campaign_of(batch_id))
        if known and not (entry and entry.is_final) and not self._may_forget(known, batch_id):
            self._blame(f"message: that of {batch_id} was deleted before its end was written")

    def _may_forget(self, campaign: Campaign, batch_id: str) -> bool:
        """Say whether a sender may have seen its gate closed; it is queued again later."""
        since = self._clock() - LONGEST_INVOCATION_SECONDS
        was_held = any(end > since for _, end in self.held[campaign.campaign_id])
        return was_held or not campaign.may_be_called(position_of(batch_id), self._clock())


def may_looker_write(old: Any, after: Any) -> bool:
    """Say whether the books of sending stay the same, except for late evidence."""
    match old, after:
        case _, Lease():
            return True
        case BatchEntry(), BatchEntry():
            kept = replace(after, accepted=old.accepted, revision=old.revision)
            return kept == old and set(old.accepted) < set(after.accepted)
        case Campaign(), Campaign():
            return after in (
                old.reopened(evidence_at=after.reopened_at),
                old.looked(after.looks),
                old.with_canary(after.canary),
            )
    return False

"""Record the result of a call, and what follows from it for the campaign and the stack."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from smsdrop.alibaba.answers import Answer
from smsdrop.ledger.batch_entry import BatchEntry, State, holds_claim, recorded
from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign
from smsdrop.ledger.entries import Pause
from smsdrop.ledger.gate import LISTS
from smsdrop.ledger.ports import ReadsBatches, ReadsSnapshots, Writes, update
from smsdrop.ledger.splits import have_ended
from smsdrop.ports import Closer
from smsdrop.reasons import Reason

FEW_BATCHES = 10
"""Our choice: a thousand recipients. Reading so many entries takes one read unit, or two."""

WAKE_SECONDS = 3
"""A wake-up takes no longer, as its client is configured."""


class RecordingLedger(ReadsSnapshots, ReadsBatches, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """`woken` has the campaigns for which this sandbox wakes the closer, each with its waker."""

    ledger: RecordingLedger
    closer: Closer
    clock: Callable[[], float]
    few_batches: int = FEW_BATCHES
    woken: dict[str, object] = field(default_factory=dict)

    def record(
        self,
        claim: BatchEntry,
        answer: Answer,
        state: State,
        listed: frozenset[int] = frozenset(),
        *,
        into_singles: bool = False,
    ) -> BatchEntry:
        """Record the answer on the entry as it is now, retrying if it changes meanwhile."""
        current = claim
        while True:
            after = recorded(
                current,
                claim,
                answer,
                state,
                at=self.clock(),
                listed=listed,
                into_singles=into_singles,
            )
            if after == current:
                break
            if not holds_claim(current, claim):
                self._reopen(current.batch_id)
            current = self.ledger.write(current, after)
            if current == after:
                break
        return current

    def halt(self, campaign: Campaign, code: str) -> None:
        """Halt the campaign, unless all of it has ended meanwhile."""
        update(self.ledger, campaign, lambda each: each.halted(code))

    def hold_for_lists(self, campaign: Campaign, problems: tuple[Reason, ...]) -> Campaign:
        """Hold the campaign until the tick has seen that these lists can be used."""
        return update(
            self.ledger, campaign, lambda each: each.held_for_lists(problems, reason=LISTS)
        )

    def pause(self, before: Pause, code: str) -> None:
        """Pause, unless the flag has moved since before the call: a person may have resumed."""
        if not before.paused:
            after = replace(
                before,
                paused=True,
                code=code,
                since=self.clock(),
                notified=False,
                revision=before.revision + 1,
            )
            self.ledger.write(before, after)

    def wake_closer(self, campaign: Campaign, *, deadline: float) -> None:
        """
        Have a campaign of a few batches closed now, if all of them have ended.

        Nothing depends on it: whatever fails here, the tick closes the campaign within a minute.
        """
        batches, campaign_id = campaign.counts.batches, campaign.campaign_id
        is_small = 0 < batches <= self.few_batches and campaign.status in HAS_OPEN_BATCHES
        if not is_small or campaign_id in self.woken or self.clock() + WAKE_SECONDS > deadline:
            return
        with suppress(Exception):  # it must not fail the message, whose batch has ended
            if have_ended(self.ledger.entries(campaign_id), campaign_id, batches=batches):
                self._wake_once(campaign_id)

    def _wake_once(self, campaign_id: str) -> None:
        """Wake, unless another thread does: threads of an event end their batches together."""
        mine = object()
        if self.woken.setdefault(campaign_id, mine) is mine:
            self.closer.wake(campaign_id)

    def _reopen(self, batch_id: str) -> None:
        """
        Mark the campaign to be closed again; a close in progress loses its conditional write.

        Comes before the late evidence, so that the report is sure to be written with it.
        """
        campaign = self.ledger.snapshot(batch_id).campaign
        if campaign is not None:
            update(self.ledger, campaign, lambda each: each.reopened(evidence_at=self.clock()))

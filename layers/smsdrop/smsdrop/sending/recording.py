"""Write down what a call came to, and what follows from it for the campaign and the stack."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from smsdrop.alibaba.answers import Answer
from smsdrop.ledger.batch_entry import BatchEntry, State, holds_claim, recorded
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.entries import Pause
from smsdrop.ledger.ports import ReadsSnapshots, Writes, update


class RecordingLedger(ReadsSnapshots, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    ledger: RecordingLedger
    clock: Callable[[], float]

    def record(
        self,
        claim: BatchEntry,
        answer: Answer,
        state: State,
        listed: frozenset[int] = frozenset(),
        *,
        into_singles: bool = False,
    ) -> BatchEntry:
        """Record the answer on the entry as it is now, and again if it changes meanwhile."""
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
        """Halt the campaign, unless all of it has come to its end meanwhile."""
        update(self.ledger, campaign, lambda each: each.halted(code))

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

    def _reopen(self, batch_id: str) -> None:
        """
        Mark the campaign to be closed again; a close in progress loses its conditional write.

        Comes before the late evidence, so that the report is sure to be written with it.
        """
        campaign = self.ledger.snapshot(batch_id).campaign
        if campaign is not None:
            update(self.ledger, campaign, lambda each: each.reopened(evidence_at=self.clock()))

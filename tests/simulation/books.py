"""The ledger under watch: what the rules say of every single write."""

from collections.abc import Callable, Iterator

from smsdrop.batches.batch import campaign_of, nth_batch_id
from smsdrop.ledger.batch_entry import MOVES, BatchEntry, State
from smsdrop.ledger.campaign import Campaign
from tests.simulation.faults import Dice
from tests.simulation.provider import SimulatedProvider
from tests.simulation.queue import SimulatedQueue
from tests.simulation.scheduler import current_process
from tests.support.fakes import FakeLedger


class WatchedLedger(FakeLedger):
    """Blames whoever writes what the rules forbid."""

    def __init__(
        self,
        dice: Dice,
        provider: SimulatedProvider,
        queue: SimulatedQueue,
        blame: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._dice = dice
        self._provider = provider
        self._queue = queue
        self._blame = blame

    def open_campaigns(self) -> Iterator[Campaign]:
        campaigns = list(super().open_campaigns())
        if campaigns and self._dice.strikes("index of open campaigns is behind"):
            campaigns.pop()
        return iter(campaigns)

    def all_campaigns(self) -> list[Campaign]:
        return list(self._campaigns.values())

    def write_batch(self, before: BatchEntry | None, after: BatchEntry) -> BatchEntry:
        old = self._batches.get(after.batch_id)
        stands = super().write_batch(before, after)
        if stands is after and stands is not old:
            self._dice.tell(f"{after.batch_id} attempt {after.attempt}: {after.state} {after.code}")
            self._check_batch(old, after)
        return stands

    def write_campaign(self, before: Campaign | None, after: Campaign) -> Campaign:
        old = self._campaigns.get(after.campaign_id)
        stands = super().write_campaign(before, after)
        if stands is after and stands is not old:
            self._dice.tell(f"{after.campaign_id}: {after.status} {after.outcome} {after.halted}")
            self._check_campaign(old, after)
        return stands

    def forget(self, batch_id: str) -> None:
        """Only a planted bug does this."""
        self._batches.pop(batch_id, None)

    def _check_batch(self, old: BatchEntry | None, after: BatchEntry) -> None:
        state = old.state if old else None
        if after.state is not state and after.state not in MOVES.get(state, ()):
            self._blame(f"state: {state} became {after.state}")
        whole = self._batches.get(after.batch_id.rpartition(".")[0])
        if "." in after.batch_id and not (whole and whole.state is State.SPLIT):
            self._blame(f"state: {after.batch_id} is part of what was not split")
        if old and after.attempt < old.attempt:
            self._blame("attempt: its number went back")
        if after.absent > (old.absent if old else 0):
            shown = self._provider.shown
            if any((current_process(), out_id) in shown for out_id in after.out_ids):
                self._blame(f"settled: {after.batch_id} is absent, though it was listed")

    def _check_campaign(self, old: Campaign | None, after: Campaign) -> None:
        if old is None or after.queued <= old.queued:
            return
        positions = range(1, after.queued + 1)
        wanted = {nth_batch_id(after.campaign_id, position) for position in positions}
        if not wanted <= self._queue.acknowledged:
            self._blame("checkpoint: it is ahead of what the queue has acknowledged")

    def check_deleted(self, batch_id: str) -> None:
        entry = self._batches.get(batch_id)
        if campaign_of(batch_id) in self._campaigns and not (entry and entry.is_final):
            self._blame(f"message: that of {batch_id} was deleted before its end was written")

"""Look once more for texts that the provider may have listed late."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from smsdrop.alibaba.answers import LookupFailed
from smsdrop.alibaba.ports import Keys, Lookup
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.batches.plan import BATCHES
from smsdrop.ledger.batch_entry import BatchEntry, verified
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import ReadsBatches, Writes
from smsdrop.ports import Objects
from smsdrop.sending.lookups import attempts_listed, is_no_longer_listed


class VerifyingLedger(ReadsBatches, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAbsences:
    """The use case, with its ports."""

    ledger: VerifyingLedger
    objects: Objects
    lookup: Lookup
    keys: Keys
    clock: Callable[[], float]

    def verify(self, campaign: Campaign, *, is_too_old: bool, deadline: float) -> bool:
        """
        Look up the attempts that were believed absent, and note what is listed by now.

        Says whether all of them have been looked up, each a settling time after its batch's end.
        """
        doubtful = {
            entry.batch_id: entry
            for entry in self.ledger.entries(campaign.campaign_id)
            if entry.absent and not entry.verified_at
        }
        if not doubtful:
            return True
        key = self.keys.refresh()  # this sandbox does not learn of a rotation by itself
        verified_batches = 0
        for batch in map(Batch.from_json, self.objects.lines(campaign.plan + BATCHES)):
            for part in self._parts(batch, doubtful):
                entry = doubtful[part.batch_id]
                verified_batches += self._verify(
                    part, entry, key, is_too_old=is_too_old, deadline=deadline
                )
        return verified_batches == len(doubtful)

    def _verify(
        self,
        batch: Batch,
        entry: BatchEntry,
        key: AccessKey,
        *,
        is_too_old: bool,
        deadline: float,
    ) -> bool:
        now = self.clock()
        if now < entry.verify_after or now >= deadline:
            return False
        listed: frozenset[int] = frozenset()
        if not is_no_longer_listed(entry, now=now):
            attempts = attempts_listed(
                entry,
                batch,
                self.lookup,
                key=key,
                now=now,
                has_time=lambda: self.clock() < deadline,
            )
            try:
                listed = listed.union(*attempts)
            except LookupFailed:
                if not is_too_old:
                    return False
        after = verified(entry, listed, at=now)
        return self.ledger.write(entry, after) == after

    def _parts(self, batch: Batch, wanted: dict[str, BatchEntry]) -> Iterator[Batch]:
        """Yield the batch and the parts it was split into, as far as they are wanted."""
        if batch.batch_id in wanted:
            yield batch
        if any(batch_id.startswith(f"{batch.batch_id}.") for batch_id in wanted):
            whole = self.ledger.batch(batch.batch_id)
            for part in batch.parts(whole.parts) if whole else ():
                yield from self._parts(part, wanted)

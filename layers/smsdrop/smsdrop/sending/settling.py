"""Find out from the provider whether an attempt in doubt went through, and write that down."""

from collections.abc import Callable
from dataclasses import dataclass

from smsdrop.alibaba.answers import LookupFailed
from smsdrop.alibaba.ports import Keys, Lookup
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.ledger.batch_entry import BatchEntry, confirmed, proven_absent, unconfirmed
from smsdrop.ledger.ports import Writes
from smsdrop.sending.deferral import Deferral, Deferred
from smsdrop.sending.lookups import attempts_listed, is_out_of_reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    ledger: Writes
    lookup: Lookup
    keys: Keys
    deferral: Deferral
    clock: Callable[[], float]
    max_attempts: int

    def settle(
        self, batch: Batch, entry: BatchEntry, *, receive_count: int, deadline: float
    ) -> BatchEntry | Deferred:
        """Return the settled entry: it was sent, or it texted nobody, or that cannot be known."""
        now = self.clock()
        if now < entry.settle_after:
            return self.deferral.until_settled(entry)
        key = self.keys.current()
        if entry.access_key_id != key.key_id:
            key = self.keys.refresh()
        try:
            after = self._find_out(batch, entry, key, now=now, deadline=deadline)
        except LookupFailed:
            self.keys.refresh()  # this one may have been rotated away
            return self.deferral.growing(
                "the provider did not say what it has sent", receive_count=receive_count
            )
        if self.ledger.write(entry, after) != after:
            return self.deferral.growing("another sender settled it", receive_count=receive_count)
        return after

    def _find_out(
        self, batch: Batch, entry: BatchEntry, key: AccessKey, *, now: float, deadline: float
    ) -> BatchEntry:
        if is_out_of_reach(entry, batch, key, now=now):
            return unconfirmed(entry, at=now)
        listed = attempts_listed(
            entry,
            batch,
            self.lookup,
            key=key,
            now=now,
            has_time=lambda: self.clock() < deadline,
        )
        accepted = next(filter(None, listed), frozenset())
        if accepted or entry.accepted:
            return confirmed(entry, accepted, at=now)
        return proven_absent(entry, at=now, max_attempts=self.max_attempts)

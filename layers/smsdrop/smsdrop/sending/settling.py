"""Find out from the provider whether an attempt in doubt went through, and write that down."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from smsdrop.alibaba.ports import Keys, Lookup
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.ledger.batch_entry import (
    BatchEntry,
    confirmed,
    looked_up,
    settled_absent,
    unconfirmed,
)
from smsdrop.ledger.ports import Writes
from smsdrop.sending.deferral import Deferral, Deferred
from smsdrop.sending.lookups import LOOKUPS_PER_STEP, Finding, is_no_longer_listed, look_up
from smsdrop.sending.patient_lookup import PatientLookup

REFUSED_SECONDS = 24 * 3600
"""Our choice: how long a lookup may be refused until it is believed that it always will be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """
    The use case, with its ports.

    What was found out is kept in the entry, so that a delivery goes on where the one before ran
    out of time, or was throttled.
    """

    ledger: Writes
    lookup: Lookup
    keys: Keys
    deferral: Deferral
    clock: Callable[[], float]
    sleep: Callable[[float], object]
    max_attempts: int
    lookups_per_step: int = LOOKUPS_PER_STEP
    refused_seconds: float = REFUSED_SECONDS

    def settle(
        self, batch: Batch, entry: BatchEntry, *, receive_count: int, deadline: float
    ) -> BatchEntry | Deferred:
        """Return the settled entry: it was sent, or it texted nobody, or that cannot be known."""
        now = self.clock()
        if now < entry.settle_after:
            return self.deferral.until_settled(entry)
        if is_no_longer_listed(entry, now=now):
            return self._write(entry, unconfirmed(entry, at=now), receive_count)
        key = self._key(entry)
        lookup = self._patient(deadline)
        found = entry
        while found.looked_up < len(batch) and self.clock() < deadline:
            before, found = found, self._look_up_more(batch, found, lookup, key)
            if found.is_final:
                return self._write(entry, found, receive_count)
            if found == before:
                break
        if found.looked_up < len(batch):
            return self._put_off(entry, found, receive_count)
        return self._write(entry, self._absent(batch, found, key), receive_count)

    def _patient(self, deadline: float) -> PatientLookup:
        return PatientLookup(
            lookup=self.lookup,
            deadline=deadline,
            clock=self.clock,
            sleep=self.sleep,
            jitter=self.deferral.jitter,
        )

    def _look_up_more(
        self, batch: Batch, entry: BatchEntry, lookup: Lookup, key: AccessKey
    ) -> BatchEntry:
        """Return the entry after some more recipients, the same if the provider does not say."""
        now = self.clock()
        places = range(len(batch))[entry.looked_up :][: self.lookups_per_step]
        in_doubt = set(entry.in_doubt)
        done = entry.looked_up
        findings = look_up(entry, batch, places, lookup, key=key, now=now)
        accepted = [each for each in findings if isinstance(each, frozenset)]
        if accepted:
            return confirmed(entry, frozenset().union(*accepted), at=now)
        for place, finding in zip(places, findings, strict=True):
            is_patient = now < entry.settle_after + self.refused_seconds
            if finding is Finding.UNANSWERED or (finding is Finding.REFUSED and is_patient):
                break
            if finding is not Finding.ABSENT:
                in_doubt.add(place)
            done = place + 1
        return entry if done == entry.looked_up else looked_up(entry, done, in_doubt)

    def _absent(self, batch: Batch, entry: BatchEntry, key: AccessKey) -> BatchEntry:
        """Return the entry of which nothing is listed, for as much as that proves."""
        now = self.clock()
        if entry.accepted:
            return confirmed(entry, frozenset(), at=now)
        if batch.is_international or entry.access_key_id != key.key_id:
            # It is not documented how completely international texts are listed, and another
            # account's key lists nothing of this one's.
            return unconfirmed(entry, at=now)
        return settled_absent(entry, at=now, max_attempts=self.max_attempts)

    def _key(self, entry: BatchEntry) -> AccessKey:
        """Return the key pair to ask with; one that a sandbox remembers may be an older one."""
        key = self.keys.current()
        return key if entry.access_key_id == key.key_id else self.keys.refresh()

    def _put_off(self, entry: BatchEntry, found: BatchEntry, receive_count: int) -> Deferred:
        """Keep what was found out, and come back for the rest."""
        if found != entry:
            # One write keeps all steps of this delivery.
            self.ledger.write(entry, replace(found, revision=entry.revision + 1))
            return self.deferral.after(0, "some recipients are still to be looked up")
        self.keys.refresh()  # this one may have been rotated away
        return self.deferral.growing(
            "the provider did not say what it has sent", receive_count=receive_count
        )

    def _write(
        self, entry: BatchEntry, after: BatchEntry, receive_count: int
    ) -> BatchEntry | Deferred:
        after = replace(after, revision=entry.revision + 1)
        if self.ledger.write(entry, after) == after:
            return after
        return self.deferral.growing("another sender settled it", receive_count=receive_count)

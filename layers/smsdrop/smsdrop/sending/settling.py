"""Find out from the provider whether an attempt in doubt went through, and record that."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

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
from smsdrop.ledger.ports import ReadsKeyAccounts, Writes
from smsdrop.sending.deferral import Deferral, Deferred
from smsdrop.sending.lookups import (
    LOOKUPS_PER_STEP,
    Finding,
    HeardLookup,
    is_no_longer_listed,
    look_up,
)
from smsdrop.sending.patient_lookup import PatientLookup
from smsdrop.sending.witness import Witness, witness

REFUSED_SECONDS = 24 * 3600
"""
Our choice: how long a lookup may be refused, or the account of a new key pair be unknown, before
that is taken as permanent.
"""


class SettlingLedger(ReadsKeyAccounts, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """How the provider is asked, and what it proves if nothing is listed."""

    lookup: HeardLookup
    key: AccessKey
    seen_by: Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """
    The use case, with its ports.

    What was found out is kept in the entry, so that a delivery resumes where the one before ran out
    of time, or was throttled.
    """

    ledger: SettlingLedger
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
        seen_by = self._witness(entry, key)
        if seen_by is Witness.NOT_YET_KNOWN and self._is_patient(entry):
            reason = "the account of the new key pair is not known yet"
            return self.deferral.growing(reason, receive_count=receive_count)
        lookup = HeardLookup(lookup=self._patient(deadline))
        asking = _Asking(lookup=lookup, key=key, seen_by=seen_by)
        found = entry
        while found.looked_up < len(batch) and self.clock() < deadline:
            before, found = found, self._look_up_more(batch, found, asking)
            if found.is_final:
                return self._write(entry, found, receive_count)
            if found == before:
                break
        if found.looked_up < len(batch):
            return self._put_off(entry, found, receive_count, code=lookup.failure)
        return self._write(entry, self._absent(batch, found), receive_count)

    def _patient(self, deadline: float) -> PatientLookup:
        return PatientLookup(
            lookup=self.lookup,
            deadline=deadline,
            clock=self.clock,
            sleep=self.sleep,
            jitter=self.deferral.jitter,
        )

    def _look_up_more(self, batch: Batch, entry: BatchEntry, asking: _Asking) -> BatchEntry:
        """Return the entry after some more lookups, unchanged if the provider does not say."""
        now = self.clock()
        places = range(len(batch))[entry.looked_up :][: self.lookups_per_step]
        in_doubt = set(entry.in_doubt)
        done = entry.looked_up
        findings = look_up(entry, batch, places, asking.lookup, key=asking.key, now=now)
        accepted = [each for each in findings if isinstance(each, frozenset)]
        if accepted:
            return confirmed(entry, frozenset().union(*accepted), at=now)
        for place, finding in zip(places, findings, strict=True):
            is_refused = finding is Finding.REFUSED and self._is_patient(entry)
            if finding is Finding.UNANSWERED or is_refused:
                break
            if finding is not Finding.ABSENT or asking.seen_by is not Witness.OF_ABSENCE:
                in_doubt.add(place)
            done = place + 1
        return entry if done == entry.looked_up else looked_up(entry, done, in_doubt)

    def _absent(self, batch: Batch, entry: BatchEntry) -> BatchEntry:
        """Return the entry when nothing is listed, as far as that proves anything."""
        now = self.clock()
        if entry.accepted:
            return confirmed(entry, frozenset(), at=now)
        if batch.is_international:
            # It is not documented how completely international texts are listed.
            return unconfirmed(entry, at=now)
        return settled_absent(entry, at=now, max_attempts=self.max_attempts)

    def _key(self, entry: BatchEntry) -> AccessKey:
        """Return the key pair to ask with; the one that a sandbox remembers may be outdated."""
        key = self.keys.current()
        return key if entry.access_key_id == key.key_id else self.keys.refresh()

    def _is_patient(self, entry: BatchEntry) -> bool:
        return self.clock() < entry.settle_after + self.refused_seconds

    def _witness(self, entry: BatchEntry, key: AccessKey) -> Witness:
        return witness(entry, key, self.ledger)

    def _put_off(
        self, entry: BatchEntry, found: BatchEntry, receive_count: int, *, code: str
    ) -> Deferred:
        """Keep what was found out, and come back for the rest."""
        if found != entry:
            # One write keeps all steps of this delivery.
            self.ledger.write(entry, replace(found, revision=entry.revision + 1))
            return self.deferral.after(0, "some recipients are still to be looked up")
        self.keys.refresh()  # this one may have been rotated away
        return self.deferral.growing(
            "the provider did not say what it has sent",
            receive_count=receive_count,
            code=code,
            since=entry.settle_after,
        )

    def _write(
        self, entry: BatchEntry, after: BatchEntry, receive_count: int
    ) -> BatchEntry | Deferred:
        after = replace(after, revision=entry.revision + 1)
        if self.ledger.write(entry, after) == after:
            return after
        return self.deferral.growing("another sender settled it", receive_count=receive_count)

"""
Work that one closer does at a time.

A lease saves work and keeps a pace; it does not fence anyone off. What must hold even if two do the
same work is ensured by the conditional writes themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from smsdrop.ledger.campaign import LONGEST_INVOCATION_SECONDS
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.entries import Lease
from smsdrop.ledger.ports import Writes

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leases:
    ledger: Writes
    clock: Callable[[], float]
    fresh_token: Callable[[], str]

    def alone(self, name: str, job: Callable[[], T], *, until: float | None = None) -> T | None:
        """
        Return what the job returns, or None if another closer is doing it.

        A closer that crashes keeps the others off until `until`, or for as long as an invocation
        may last.
        """
        lease = self._taken(name, until or self.clock() + LONGEST_INVOCATION_SECONDS)
        if lease is None:
            return None
        try:
            done = job()
        except Exception:  # after any failure, the next one need not wait for the lease to end
            self._given_back(lease)
            raise
        self._given_back(lease)
        return done

    def _taken(self, name: str, until: float) -> Lease | None:
        now = self.clock()
        mine = Lease(
            name=name,
            holder=self.fresh_token(),
            until=until,
            expires_at=int(now) + KEPT_SECONDS,
        )
        stands = self.ledger.write(None, mine)
        if stands != mine and stands.until <= now:
            mine = replace(mine, revision=stands.revision + 1, unknown=stands.unknown)
            stands = self.ledger.write(stands, mine)
        return mine if stands == mine else None

    def _given_back(self, lease: Lease) -> None:
        self.ledger.write(lease, replace(lease, until=0, revision=lease.revision + 1))

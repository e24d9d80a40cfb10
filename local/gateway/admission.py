"""Which calls are let in: known keys, a time stamp that is close enough, each nonce once."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from .answers import Refusal
from .call import Call
from .signing import scheme_of

Clock = Callable[[], float]
"""Seconds since the epoch."""

WINDOW_SECONDS = 15 * 60
"""How much earlier or later than the gateway's clock a time stamp may be."""

ACCOUNT_ID = "1968132000120001"
"""The account that a key pair belongs to unless another is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKey:
    """A key pair of an account; calls with a disabled one are refused."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    enabled: bool = True
    account_id: str = ACCOUNT_ID


@dataclass(slots=True)
class Nonces:
    """The recent nonces in the order they came, each with its key and the time it was used."""

    spent: dict[tuple[str, str], float] = field(default_factory=dict)

    def spend(self, access_key_id: str, nonce: str, *, now: float) -> bool:
        """Use a nonce, and return whether it was new; kept while its call could be replayed."""
        self.forget_before(now - 2 * WINDOW_SECONDS)
        if (access_key_id, nonce) in self.spent:
            return False
        self.spent[access_key_id, nonce] = now
        return True

    def forget_before(self, moment: float) -> None:
        while self.spent:
            oldest = next(iter(self.spent))
            if self.spent[oldest] >= moment:
                return
            del self.spent[oldest]


@dataclass(slots=True)
class CallTimes:
    """When calls of each action were let in within the last second."""

    let_in: dict[str, deque[float]] = field(default_factory=dict)

    def let(self, action: str, *, most: int | None, now: float) -> None:
        """Let a call in, or raise `Refusal` if `most` were let in within a second."""
        if most is None:
            return
        times = self.let_in.setdefault(action, deque())
        while times and times[0] <= now - 1:
            times.popleft()
        if len(times) >= most:
            raise Refusal("Throttling.User")
        times.append(now)


def admit(call: Call, *, keys: dict[str, AccountKey], nonces: Nonces, now: float) -> AccountKey:
    """Use up the nonce of a correctly signed call, and return its key, or raise `Refusal`."""
    scheme = scheme_of(call)
    credentials = scheme.read(call)
    key = keys.get(credentials.access_key_id)
    if key is None:
        raise Refusal("InvalidAccessKeyId.NotFound")
    if not key.enabled:
        raise Refusal("InvalidAccessKeyId.Inactive")
    if abs(moment_of(credentials.timestamp) - now) > WINDOW_SECONDS:
        raise Refusal("InvalidTimeStamp.Expired")
    scheme.check(call, credentials, key.access_key_secret)
    if not nonces.spend(key.access_key_id, credentials.nonce, now=now):
        raise Refusal("SignatureNonceUsed")
    return key


@lru_cache(maxsize=16)
def moment_of(timestamp: str) -> float:
    """Read a UTC time stamp in seconds; strptime alone would accept `2026-1-2T3:4:5Z`."""
    try:
        moment = datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refusal("InvalidTimeStamp.Format") from error
    if moment.strftime("%Y-%m-%dT%H:%M:%SZ") != timestamp:
        raise Refusal("InvalidTimeStamp.Format")
    return moment.timestamp()

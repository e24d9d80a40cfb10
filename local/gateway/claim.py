"""What a call says of itself, and how such a claim is read and checked."""

from collections.abc import Callable
from dataclasses import dataclass

from .call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who a call says it is from, and the proof it brings."""

    access_key_id: str
    timestamp: str
    nonce: str
    signature: str
    signed_headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A way of signing: how to read the claim, and how to check it against the secret."""

    read: Callable[[Call], Claim]
    check: Callable[[Call, Claim, str], None]

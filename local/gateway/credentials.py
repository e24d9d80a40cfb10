"""What a call says of itself, and how such a credentials is read and checked."""

from collections.abc import Callable
from dataclasses import dataclass

from .call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who a call says it is from, and the proof it brings."""

    access_key_id: str
    timestamp: str
    nonce: str
    signature: str
    signed_headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureScheme:
    """A way of signing: how to read the credentials, and how to check it against the secret."""

    read: Callable[[Call], Credentials]
    check: Callable[[Call, Credentials, str], None]

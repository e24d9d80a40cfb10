"""What identifies the caller of a call, and the two steps of each way to sign."""

from collections.abc import Callable
from dataclasses import dataclass

from .call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The key that a call names, and its signature; not checked yet."""

    access_key_id: str
    timestamp: str
    nonce: str
    signature: str
    signed_headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureScheme:
    """A way to sign: reads the credentials of a call, and checks them with the secret."""

    read: Callable[[Call], Credentials]
    check: Callable[[Call, Credentials, str], None]

"""
Sign requests to Alibaba Cloud with `ACS3-HMAC-SHA256`, which its documents call V3.

Source: "V3 request body & signature", help.aliyun.com/document_detail/2593177.html.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


class NoAccessKey(Exception):
    """There is no key pair to sign with; `code` says why, in one word."""

    def __init__(self, message: str = "", *, code: str = "smsdrop.NoKeys") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """A key pair of Alibaba Cloud; the secret stays out of every repr."""

    key_id: str
    secret: str = field(repr=False)


def percent_encoded(text: str) -> str:
    """Encode everything but letters, digits and `-._~`, as RFC 3986 says."""
    return quote(text, safe="~")


def canonical_query(params: Mapping[str, str]) -> str:
    return "&".join(
        f"{percent_encoded(name)}={percent_encoded(params[name])}" for name in sorted(params)
    )


def canonical_request(
    *, method: str, query: str, headers: Mapping[str, str], body_sha256: str
) -> str:
    """
    Return the text that is signed; `query` is canonical already, and every header is signed.

    Header names may come in any case; they are signed in lower case, sorted.
    """
    lowered = {name.lower(): value.strip() for name, value in headers.items()}
    lines = "".join(f"{name}:{lowered[name]}\n" for name in sorted(lowered))
    return "\n".join([method, "/", query, lines, ";".join(sorted(lowered)), body_sha256])


def string_to_sign(request: str) -> str:
    return f"{ALGORITHM}\n{sha256(request.encode()).hexdigest()}"


def authorization(
    key: AccessKey, *, method: str, query: str, headers: Mapping[str, str], body_sha256: str
) -> str:
    """Return the `Authorization` header that signs all of this; `query` is canonical already."""
    request = canonical_request(
        method=method, query=query, headers=headers, body_sha256=body_sha256
    )
    signature = hmac.new(key.secret.encode(), string_to_sign(request).encode(), sha256)
    names = ";".join(sorted(name.lower() for name in headers))
    return (
        f"{ALGORITHM} Credential={key.key_id},SignedHeaders={names},"
        f"Signature={signature.hexdigest()}"
    )

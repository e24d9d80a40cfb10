"""
The server's side of `ACS3-HMAC-SHA256`, which stands in the Authorization header.

The server computes the signature from the request alone and compares. It decodes the
query and encodes it again first, because clients may write a space as `+` in the URL
and must sign it as `%20`.
"""

import hmac
import re
from hashlib import sha256
from urllib.parse import quote

from .answers import Refusal, missing
from .call import Call
from .credentials import Credentials, SignatureScheme

AUTHORIZATION = re.compile(
    r"\S+ +Credential=(?P<key>[^,]+),SignedHeaders=(?P<headers>[^,]+),"
    r"Signature=(?P<signature>[^,]+)"
)

ALWAYS_SIGNED = {
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
}


def read_acs3(call: Call) -> Credentials:
    match = AUTHORIZATION.fullmatch(call.headers["authorization"])
    if match is None:
        raise Refusal("IncompleteSignature")
    for header, param in (("x-acs-date", "Timestamp"), ("x-acs-signature-nonce", "SignatureNonce")):
        if not call.headers.get(header):
            raise missing(param)
    return Credentials(
        access_key_id=match["key"],
        timestamp=call.headers["x-acs-date"],
        nonce=call.headers["x-acs-signature-nonce"],
        signed_headers=tuple(match["headers"].split(";")),
        signature=match["signature"],
    )


def check_acs3(call: Call, credentials: Credentials, secret: str) -> None:
    """Refuse a wrong signature, and show what the server signed, as the real one does."""
    if not must_be_signed(call) <= set(credentials.signed_headers) <= call.headers.keys():
        raise Refusal("IncompleteSignature")
    canonical = canonical_request(call, credentials.signed_headers)
    to_sign = f"ACS3-HMAC-SHA256\n{sha256(canonical.encode()).hexdigest()}"
    expected = hmac.digest(secret.encode(), to_sign.encode(), "sha256").hex()
    if not hmac.compare_digest(expected.encode(), credentials.signature.encode()):
        raise Refusal(
            "SignatureDoesNotMatch",
            "Specified signature does not match our calculation. "
            f"server StringToSign is [{to_sign}]server CanonicalRequest is [{canonical}]",
        )


def must_be_signed(call: Call) -> set[str]:
    named = {name for name in call.headers if name.startswith("x-acs-")}
    return ALWAYS_SIGNED | named | ({"content-type"} if call.body else set())


def canonical_request(call: Call, signed_headers: tuple[str, ...]) -> str:
    """Return the text that both sides hash; its headers are sorted, in whatever order they came."""
    names = sorted(signed_headers)
    return "\n".join(
        (
            call.method,
            call.path,
            "&".join(f"{key}={value}" for key, value in sorted(encoded(call.query))),
            *(f"{name}:{call.headers[name]}" for name in names),
            "",
            ";".join(names),
            sha256(call.body).hexdigest(),
        )
    )


def encoded(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(quote(key, safe="~"), quote(value, safe="~")) for key, value in pairs]


ACS3 = SignatureScheme(read=read_acs3, check=check_acs3)

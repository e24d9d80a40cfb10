"""
The server's side of `HMAC-SHA1`, the older signature, which is sent as one of the params.

It signs the HTTP method and every other param. It does not matter whether a param is in the
query or in the form.
"""

import hmac
from base64 import b64decode, b64encode
from urllib.parse import quote

from .answers import Refusal, invalid, missing
from .call import Call
from .credentials import Credentials, SignatureScheme

REQUIRED = (
    "AccessKeyId",
    "SignatureMethod",
    "SignatureVersion",
    "SignatureNonce",
    "Timestamp",
    "Signature",
)

DIGEST_BYTES = 20


def read_hmac_sha1(call: Call) -> Credentials:
    params = call.params()
    for name in REQUIRED:
        if not params.get(name):
            raise missing(name)
    if params["SignatureVersion"] != "1.0":
        raise invalid("SignatureVersion")
    return Credentials(
        access_key_id=params["AccessKeyId"],
        timestamp=params["Timestamp"],
        nonce=params["SignatureNonce"],
        signature=params["Signature"],
    )


def check_hmac_sha1(call: Call, credentials: Credentials, secret: str) -> None:
    """Refuse a wrong signature, and show what the server signed, as the real one does."""
    to_sign = string_to_sign(call)
    if not is_a_digest(credentials.signature):
        raise Refusal(
            "IncompleteSignature",
            "The request signature does not conform to Aliyun standards. "
            f"server string to sign is:{to_sign}",
        )
    digest = hmac.digest(f"{secret}&".encode(), to_sign.encode(), "sha1")
    if not hmac.compare_digest(b64encode(digest), credentials.signature.encode()):
        raise Refusal(
            "SignatureDoesNotMatch",
            "Specified signature is not matched with our calculation. "
            f"server string to sign is:{to_sign}",
        )


def is_a_digest(signature: str) -> bool:
    try:
        return len(b64decode(signature, validate=True)) == DIGEST_BYTES
    except ValueError:
        return False


def string_to_sign(call: Call) -> str:
    return f"{call.method}&{encoded('/')}&{encoded(canonicalized_query(call))}"


def canonicalized_query(call: Call) -> str:
    params = call.params()
    names = sorted(params.keys() - {"Signature"})
    return "&".join(f"{encoded(name)}={encoded(params[name])}" for name in names)


def encoded(text: str) -> str:
    return quote(text, safe="~")


HMAC_SHA1 = SignatureScheme(read=read_hmac_sha1, check=check_hmac_sha1)

"""Finds out which of Alibaba Cloud's two signatures a call has."""

from .acs3 import ACS3
from .answers import Refusal, missing
from .call import Call
from .credentials import SignatureScheme
from .hmac_sha1 import HMAC_SHA1

BY_AUTHORIZATION = {"ACS3-HMAC-SHA256": ACS3}
"""The key is the first word of the Authorization header."""

BY_SIGNATURE_METHOD = {"HMAC-SHA1": HMAC_SHA1}
"""The key is the param SignatureMethod, if there is no Authorization header."""


def scheme_of(call: Call) -> SignatureScheme:
    if call.has_authorization:
        name = call.headers["authorization"].partition(" ")[0]
        return known(BY_AUTHORIZATION, name)
    params = call.params()
    if not params.get("AccessKeyId"):
        raise missing("AccessKeyId")
    return known(BY_SIGNATURE_METHOD, params.get("SignatureMethod") or "HMAC-SHA1")


def known(schemes: dict[str, SignatureScheme], name: str) -> SignatureScheme:
    if name not in schemes:
        raise Refusal("InvalidSignatureMethod")
    return schemes[name]

"""
Which account a key pair belongs to, according to the provider's STS.

Source: Sts 2015-04-01, `GetCallerIdentity`. `AccountId` is that of the account to which the key
pair's user belongs. An answer has no `Code`, unless it is a refusal.
"""

import json
import re

SMS_HOST = re.compile(r"https://dysmsapi(?P<region>[.][a-z0-9-]+)?[.]aliyuncs[.]com")


LONGEST_ID = 64
"""Our choice: the provider's have sixteen digits."""


def endpoint_beside(sms_endpoint: str) -> str:
    """
    Return the endpoint of STS: in the same region, or the same address if that is not a host of the
    provider, since a stand-in answers for both.
    """
    found = SMS_HOST.fullmatch(sms_endpoint)
    if found is None:
        return sms_endpoint
    return f"https://sts{found['region'] or ''}.aliyuncs.com"


def account_in(content: bytes) -> str:
    """Return the id of the account that an answer names, empty if it names none."""
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    account_id = fields.get("AccountId") if isinstance(fields, dict) else None
    if isinstance(account_id, str) and len(account_id) <= LONGEST_ID:
        return account_id
    return ""

"""
GetCallerIdentity: which account a call belongs to.

It is an action of another API, STS, which has its own hosts; here one server answers for both.
"""

import json
from collections.abc import Mapping

from .account import Account
from .answers import Answer, new_request_id

STS_VERSION = "2015-04-01"

USER_ID = "216959339000001"


def get_caller_identity(
    account: Account, params: Mapping[str, str], *, account_id: str, **_: object
) -> Answer:
    """Answer as STS does: without a code."""
    request_id = new_request_id()
    payload = {
        "IdentityType": "RAMUser",
        "AccountId": account_id,
        "RequestId": request_id,
        "PrincipalId": USER_ID,
        "UserId": USER_ID,
        "Arn": f"acs:ram::{account_id}:user/smsdrop",
    }
    return Answer(code="OK", body=json.dumps(payload), request_id=request_id)

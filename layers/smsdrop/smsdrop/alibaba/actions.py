"""
The calls of the SMS API that smsdrop makes, as signed HTTP requests.

Source: Dysmsapi 2017-05-25, the actions of these names; which params go into the query and which
into the form follows the official SDK. `GetCallerIdentity` is of Sts 2015-04-01.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from smsdrop.alibaba.form import batch_form
from smsdrop.alibaba.signing import AccessKey, authorization, canonical_query
from smsdrop.batches.batch import Batch

VERSION = "2017-05-25"

STS_VERSION = "2015-04-01"

CONTENT_TYPE = "application/x-www-form-urlencoded"

PAGE_SIZE = 50
"""`QuerySendDetails` returns no more rows than this at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One action with its params where the API wants them; the form is already encoded."""

    action: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    version: str = VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    url: str
    headers: Mapping[str, str]
    body: bytes


def send_batch_sms(batch: Batch, *, out_id: str) -> Call:
    return Call(
        action="SendBatchSms",
        query={"TemplateCode": batch.template_code, "OutId": out_id},
        form=batch_form(batch),
    )


def query_send_details(phone_number: str, *, on: date, page: int, biz_id: str = "") -> Call:
    """
    Ask what was sent to the number on that date in Beijing, in pages of `PAGE_SIZE`.

    With a `biz_id` only what that one call has sent.
    """
    return Call(
        action="QuerySendDetails",
        query={
            "PhoneNumber": phone_number,
            "SendDate": f"{on:%Y%m%d}",
            "PageSize": str(PAGE_SIZE),
            "CurrentPage": str(page),
        }
        | ({"BizId": biz_id} if biz_id else {}),
    )


def get_sms_template(code: str) -> Call:
    return Call(action="GetSmsTemplate", query={"TemplateCode": code})


def get_sms_sign(name: str) -> Call:
    return Call(action="GetSmsSign", query={"SignName": name})


def query_sms_template(code: str) -> Call:
    """Ask with the predecessor of `GetSmsTemplate`, whose documents say that it goes offline."""
    return Call(action="QuerySmsTemplate", query={"TemplateCode": code})


def get_caller_identity() -> Call:
    """Ask which account the signing key pair belongs to; any key pair may ask."""
    return Call(action="GetCallerIdentity", version=STS_VERSION)


def signed(call: Call, *, endpoint: str, key: AccessKey, nonce: str, at: datetime) -> SignedRequest:
    """Sign the call; each needs a new `nonce`, and `at` within 15 minutes of now."""
    body = call.form.encode()
    body_sha256 = sha256(body).hexdigest()
    query = canonical_query(call.query)
    headers = {
        "host": urlsplit(endpoint).netloc,
        "x-acs-action": call.action,
        "x-acs-version": call.version,
        "x-acs-date": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-content-sha256": body_sha256,
    }
    if call.form:
        headers["content-type"] = CONTENT_TYPE
    headers["authorization"] = authorization(
        key, method="POST", query=query, headers=headers, body_sha256=body_sha256
    )
    headers["accept"] = "application/json"  # older products of theirs answer in XML; not signed
    return SignedRequest(url=f"{endpoint}/?{query}", headers=headers, body=body)

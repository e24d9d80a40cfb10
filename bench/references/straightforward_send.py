"""
Sending as a good developer would write it at first.

A form by `json.dumps` and `urlencode`, signed as the provider documents it; a `requests.Session`;
a claim and an update in DynamoDB for each batch; one batch after another.
"""

import hmac
import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

import requests

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TIMEOUT_SECONDS = (3, 10)


def form(batch: Mapping[str, Any]) -> str:
    """Return the form of one `SendBatchSms` call."""
    recipients = batch["recipients"]
    return urlencode(
        {
            "PhoneNumberJson": json.dumps([each["phone_number"] for each in recipients]),
            "SignNameJson": json.dumps(
                [each["sign_name"] for each in recipients], ensure_ascii=False
            ),
            "TemplateParamJson": json.dumps(
                [each["params"] for each in recipients], ensure_ascii=False
            ),
        }
    )


def signed(
    endpoint: str, query: Mapping[str, str], body: bytes, *, key_id: str, secret: str
) -> tuple[str, dict[str, str]]:
    """Return the address and the headers of the call."""
    canonical = "&".join(
        f"{quote(name, safe='~')}={quote(query[name], safe='~')}" for name in sorted(query)
    )
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "host": urlsplit(endpoint).netloc,
        "x-acs-action": "SendBatchSms",
        "x-acs-content-sha256": sha256(body).hexdigest(),
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid4().hex,
        "x-acs-version": "2017-05-25",
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join(["POST", "/", canonical, lines, names, headers["x-acs-content-sha256"]])
    to_sign = f"ACS3-HMAC-SHA256\n{sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), sha256).hexdigest()
    headers["authorization"] = (
        f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    )
    return f"{endpoint}/?{canonical}", headers


def send(
    session: requests.Session, endpoint: str, message: str, *, key_id: str, secret: str
) -> dict[str, Any]:
    """Make the call of one queue message and return what was answered."""
    batch = json.loads(message)
    query = {"TemplateCode": batch["template_code"], "OutId": batch["batch_id"]}
    body = form(batch).encode()
    address, headers = signed(endpoint, query, body, key_id=key_id, secret=secret)
    response = session.post(address, data=body, headers=headers, timeout=TIMEOUT_SECONDS)
    answer: dict[str, Any] = response.json()
    return answer


def handle(
    messages: Sequence[str],
    *,
    dynamodb: "DynamoDBClient",
    table_name: str,
    session: requests.Session,
    endpoint: str,
    key_id: str,
    secret: str,
) -> list[str]:
    """Claim, send and record each message of an event, and return the codes of the answers."""
    codes = []
    for message in messages:
        batch_id = json.loads(message)["batch_id"]
        entry = {"campaign_id": {"S": "straightforward"}, "entry": {"S": batch_id}}
        dynamodb.put_item(
            TableName=table_name,
            Item={**entry, "state": {"S": "sending"}, "claimed_at": {"N": str(time.time())}},
            ConditionExpression="attribute_not_exists(entry)",
        )
        answer = send(session, endpoint, message, key_id=key_id, secret=secret)
        dynamodb.update_item(
            TableName=table_name,
            Key=entry,
            UpdateExpression="SET #state = :state, biz_id = :biz_id",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={
                ":state": {"S": "sent" if answer["Code"] == "OK" else "failed"},
                ":biz_id": {"S": answer.get("BizId", "")},
            },
        )
        codes.append(answer["Code"])
    return codes

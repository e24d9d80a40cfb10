"""A caller of the stand-in gateway, and what it says."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

import requests

ACCESS_KEY_ID = "test-key"
SECRET = "test-secret"
BODY = ["PhoneNumberJson", "SignNameJson", "TemplateParamJson", "SmsUpExtendCodeJson"]


@dataclass(slots=True)
class Clock:
    now: float

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass(slots=True)
class Caller:
    """Calls a gateway like a client that signs the required headers and no more."""

    endpoint: str
    secret: str = SECRET
    access_key_id: str = ACCESS_KEY_ID
    session: requests.Session = field(default_factory=requests.Session)

    def call(
        self,
        action: str,
        params: Mapping[str, str],
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        timeout: float = 10,
    ) -> requests.Response:
        query = {name: value for name, value in params.items() if name not in BODY}
        body = urlencode({name: params[name] for name in BODY if name in params}).encode()
        canonical = "&".join(f"{key}={quote(query[key], safe='~')}" for key in sorted(query))
        signed = {
            "host": urlsplit(self.endpoint).netloc,
            "x-acs-action": action,
            "x-acs-content-sha256": sha256(body).hexdigest(),
            "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid4().hex,
            "x-acs-version": "2017-05-25",
        }
        if body:
            signed["content-type"] = "application/x-www-form-urlencoded"
        signed |= headers or {}
        return self.session.request(
            method,
            f"{self.endpoint}/?{canonical}",
            data=body,
            headers=signed | {"Authorization": self.authorization(method, canonical, signed, body)},
            timeout=timeout,
            allow_redirects=False,
        )

    def authorization(
        self, method: str, canonical_query: str, signed: Mapping[str, str], body: bytes
    ) -> str:
        names = ";".join(sorted(signed))
        lines = [f"{name}:{signed[name]}" for name in sorted(signed)]
        request = [method, "/", canonical_query, *lines, "", names, sha256(body).hexdigest()]
        hashed = sha256("\n".join(request).encode()).hexdigest()
        to_sign = f"ACS3-HMAC-SHA256\n{hashed}"
        signature = hmac.digest(self.secret.encode(), to_sign.encode(), "sha256").hex()
        credential = f"Credential={self.access_key_id},SignedHeaders={names}"
        return f"ACS3-HMAC-SHA256 {credential},Signature={signature}"

    def send(self, *phone_numbers: str, **options: Any) -> requests.Response:
        return self.call("SendBatchSms", batch(*phone_numbers), **options)

    def look_up(self, phone_number: str) -> Any:
        return self.call("QuerySendDetails", lookup(phone_number, beijing_day())).json()


def batch(*phone_numbers: str, **changes: str) -> dict[str, str]:
    """Return the params of one SendBatchSms call, each number greeted as 张三."""
    params = {
        "PhoneNumberJson": json.dumps(phone_numbers),
        "SignNameJson": json.dumps(["云通信"] * len(phone_numbers), ensure_ascii=False),
        "TemplateParamJson": json.dumps([{"name": "张三"}] * len(phone_numbers)),
        "TemplateCode": "SMS_154950909",
        "OutId": "july-000001-1",
    }
    return params | changes


def lookup(phone_number: str, day: str, **changes: str) -> dict[str, str]:
    params = {"PhoneNumber": phone_number, "SendDate": day, "PageSize": "50", "CurrentPage": "1"}
    return params | changes


def beijing_day() -> str:
    return datetime.fromtimestamp(datetime.now(UTC).timestamp() + 8 * 3600, UTC).strftime("%Y%m%d")


def numbers(count: int) -> list[str]:
    return [f"138{each:08d}" for each in range(count)]

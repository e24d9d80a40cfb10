"""
What each robot takes, and how it refuses the rest: one function for each, free of I/O.

Codes and limits are those of the robots' own pages as far as these name them; the codes for a wrong
form are our own where they do not.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

HOUR_SECONDS = 3600
MINUTE_SECONDS = 60

MOST_A_MINUTE = {"dingtalk": 20, "feishu": 100, "wecom": 20}
MOST_BYTES = {"dingtalk": 20_000, "feishu": 20_000, "wecom": 4096}
"""The most for a whole request; for WeCom, for the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A request to a robot, and the secret that it must be signed with."""

    query: Mapping[str, str]
    content_type: str
    body: bytes
    secret: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a robot says to its group; `code` is 0 unless it refuses to."""

    text: str = ""
    code: int = 0
    why: str = ""


class Refused(Exception):
    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


def taken(kind: str, posted: Posted, *, lately: int) -> Taken:
    """Say what the robot does; `lately` is how many it got within this minute before."""
    if lately >= MOST_A_MINUTE[kind]:
        return Taken(code=TOO_FAST[kind], why="too many in a minute")
    try:
        return Taken(text=READERS[kind](posted))
    except Refused as refused:
        return Taken(code=refused.code, why=refused.why)


def _fields(posted: Posted, *, code: int) -> dict[str, Any]:
    if not posted.content_type.startswith("application/json"):
        raise Refused(code, "the content type is not JSON")
    try:
        fields = json.loads(posted.body.decode())
    except ValueError:
        raise Refused(code, "the body is not JSON in UTF-8") from None
    if not isinstance(fields, dict):
        raise Refused(code, "the body is no object")
    return fields


def _at(fields: Mapping[str, Any], *path: str, code: int) -> str:
    value: Any = fields
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, str) or not value:
        raise Refused(code, f"{'.'.join(path)} is missing")
    return value


def _check_keys(fields: Mapping[str, Any], keys: set[str], *, code: int) -> None:
    if fields.keys() != keys:
        raise Refused(code, f"the fields are {', '.join(sorted(fields))}")


def _check_sign(sign: str, expected: bytes, *, seconds_off: float, code: int) -> None:
    if abs(seconds_off) > HOUR_SECONDS:
        raise Refused(code, "the timestamp is more than an hour off")
    if sign != base64.b64encode(expected).decode():
        raise Refused(code, "the signature does not match")


def _digits(text: str, *, length: int, code: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == length):
        raise Refused(code, "the timestamp is of another unit")
    return int(text)


def _dingtalk(posted: Posted) -> str:
    if len(posted.body) > MOST_BYTES["dingtalk"]:
        raise Refused(460101, "the message is too long")
    if posted.secret:
        stamp = posted.query.get("timestamp", "")
        off = posted.at - _digits(stamp, length=13, code=310000) / 1000
        text = f"{stamp}\n{posted.secret}".encode()
        expected = hmac.new(posted.secret.encode(), text, hashlib.sha256).digest()
        _check_sign(posted.query.get("sign", ""), expected, seconds_off=off, code=310000)
    fields = _fields(posted, code=43004)
    _check_keys(fields, {"msgtype", "markdown"}, code=40035)
    if fields["msgtype"] != "markdown":
        raise Refused(40035, "the kind of message is none that is known here")
    _at(fields, "markdown", "title", code=40035)
    return _at(fields, "markdown", "text", code=40035)


def _feishu(posted: Posted) -> str:
    if len(posted.body) > MOST_BYTES["feishu"]:
        raise Refused(11225, "the message is too long")
    fields = _fields(posted, code=9499)
    if posted.secret:
        stamp = _at(fields, "timestamp", code=19021)
        off = posted.at - _digits(stamp, length=10, code=19021)
        key = f"{stamp}\n{posted.secret}".encode()
        expected = hmac.new(key, b"", hashlib.sha256).digest()
        _check_sign(_at(fields, "sign", code=19021), expected, seconds_off=off, code=19021)
    _check_keys(
        {name: each for name, each in fields.items() if name not in ("timestamp", "sign")},
        {"msg_type", "content"},
        code=9499,
    )
    if fields["msg_type"] != "text":
        raise Refused(9499, "the kind of message is none that is known here")
    return _at(fields, "content", "text", code=9499)


def _wecom(posted: Posted) -> str:
    fields = _fields(posted, code=44004)
    _check_keys(fields, {"msgtype", "markdown"}, code=40008)
    if fields["msgtype"] != "markdown":
        raise Refused(40008, "the kind of message is none that is known here")
    text = _at(fields, "markdown", "content", code=44004)
    if len(text.encode()) > MOST_BYTES["wecom"]:
        raise Refused(40058, "markdown.content exceeds 4096 bytes")
    return text


READERS: dict[str, Callable[[Posted], str]] = {
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "wecom": _wecom,
}
TOO_FAST = {"dingtalk": 130101, "feishu": 11232, "wecom": 45009}
CODE_FIELDS = {
    "dingtalk": ("errcode", "errmsg"),
    "feishu": ("code", "msg"),
    "wecom": ("errcode", "errmsg"),
}
"""How each answers; the message of what was taken is that of the page."""

SAID_OF_TAKEN = {"dingtalk": "ok", "feishu": "success", "wecom": "ok"}


def answer(kind: str, taken_: Taken) -> dict[str, Any]:
    code, message = CODE_FIELDS[kind]
    return {code: taken_.code, message: taken_.why or SAID_OF_TAKEN[kind]}

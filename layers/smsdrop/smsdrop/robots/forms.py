"""
What each kind of robot is posted, and what it answers.

    kind      signed by                                             takes            answers
    dingtalk  HMAC of "<ms>\\n<secret>", key the secret; in query    Markdown         errcode 0
    feishu    HMAC of nothing, key "<s>\\n<secret>"; in the body     text             code 0
    wecom     nothing: its URL is the secret                        Markdown         errcode 0

Requests to a robot without a secret are not signed: DingTalk and Feishu may check a keyword or an
address instead. The keyword may be `smsdrop`, which is in every text.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import new as hmac
from typing import Any
from urllib.parse import urlencode

from smsdrop.robots.robot import Robot


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A request to a robot; its URL is as secret as its key."""

    url: str
    body: bytes


def form(robot: Robot, *, subject: str, text: str, at: float) -> Form:
    """Return the request that makes the robot post the text; `at` is when it is signed."""
    url, fields = FORMS[robot.kind](robot, subject, text, at)
    return Form(url=url, body=json.dumps(fields, ensure_ascii=False).encode())


def refusal(robot: Robot, status: int, body: bytes) -> str:
    """Return an empty text if the robot has taken it, else a code that quotes nothing."""
    if status != 200:
        return f"HTTP {status}"
    try:
        code = json.loads(body)[ANSWERS[robot.kind]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "NotUnderstood"
    if code == 0:
        return ""
    return f"{robot.kind} {code}" if isinstance(code, int) else "NotUnderstood"


def _dingtalk(robot: Robot, subject: str, text: str, at: float) -> tuple[str, dict[str, Any]]:
    lines = text.replace("\n", "  \n")  # Markdown's own line break
    fields = {"msgtype": "markdown", "markdown": {"title": subject, "text": lines}}
    if not robot.secret:
        return robot.url, fields
    timestamp = f"{at * 1000:.0f}"
    sign = _hmac(key=robot.secret, message=f"{timestamp}\n{robot.secret}")
    between = "&" if "?" in robot.url else "?"
    return f"{robot.url}{between}{urlencode({'timestamp': timestamp, 'sign': sign})}", fields


def _feishu(robot: Robot, _subject: str, text: str, at: float) -> tuple[str, dict[str, Any]]:
    fields: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if not robot.secret:
        return robot.url, fields
    timestamp = f"{at:.0f}"
    sign = _hmac(key=f"{timestamp}\n{robot.secret}", message="")
    return robot.url, {"timestamp": timestamp, "sign": sign, **fields}


def _wecom(robot: Robot, _subject: str, text: str, _at: float) -> tuple[str, dict[str, Any]]:
    return robot.url, {"msgtype": "markdown", "markdown": {"content": text}}


def _hmac(*, key: str, message: str) -> str:
    return b64encode(hmac(key.encode(), message.encode(), sha256).digest()).decode()


FORMS: dict[str, Callable[[Robot, str, str, float], tuple[str, dict[str, Any]]]] = {
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "wecom": _wecom,
}
ANSWERS = {"dingtalk": "errcode", "feishu": "code", "wecom": "errcode"}
"""The field that is 0 if the text was taken."""

"""The robots that a secret names; nothing that it says leaves this module in an exception."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

KINDS = ("dingtalk", "feishu", "wecom")

MOST_ROBOTS = 20
"""Our choice: each has a thread while a letter goes out."""

URL = re.compile(
    r"(https://[A-Za-z0-9.-]+|http://(localhost|127[.]0[.]0[.]1))(:[0-9]{1,5})?/[!-~]+"
)
"""As for `SmsEndpoint`, plain HTTP is for a stand-in on the same machine."""


class RobotsWrong(Exception):
    """The secret is not in the expected form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """One robot; `name` is its kind and its place among those, as logs and the ledger name it."""

    name: str
    kind: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)


def robots_in(text: str) -> Sequence[Robot]:
    """
    Read `{"dingtalk": [{"url": "...", "secret": "..."}], "feishu": [...], "wecom": [...]}`.

    An empty text names none. Raises `RobotsWrong` if any of it is not understood.
    """
    if not text.strip():
        return ()
    try:
        kinds = json.loads(text)
        robots = [
            _robot(kind, place, each)
            for kind, listed in kinds.items()
            for place, each in enumerate(listed, start=1)
        ]
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        robots = None
    if robots is None or len(robots) > MOST_ROBOTS:
        raise RobotsWrong("the secret of the robots is not in its form")
    return tuple(robots)


def _robot(kind: str, place: int, values: dict[str, Any]) -> Robot:
    url, secret = values["url"].strip(), values.get("secret", "").strip()
    if kind not in KINDS or not URL.fullmatch(url) or values.keys() - {"url", "secret"}:
        raise ValueError(kind)
    return Robot(name=f"{kind} {place}", kind=kind, url=url, secret=secret)

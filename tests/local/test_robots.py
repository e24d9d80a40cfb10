"""The stand-ins for the chat robots take what the real ones take, and nothing else."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest

from local.robots.strict import MOST_A_MINUTE, Posted, taken

AT = 1_767_322_800.25
SECRET = "SEC"


def hmac_of(key: str, message: str) -> str:
    digest = hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def posted(fields: Any, *, secret: str = SECRET, **query: str) -> Posted:
    body = json.dumps(fields, ensure_ascii=False).encode()
    return Posted(query=query, content_type="application/json", body=body, secret=secret, at=AT)


def dingtalk(at: float = AT) -> Posted:
    stamp = f"{at * 1000:.0f}"
    fields = {"msgtype": "markdown", "markdown": {"title": "t", "text": "文"}}
    return posted(fields, timestamp=stamp, sign=hmac_of(SECRET, f"{stamp}\n{SECRET}"))


def feishu(at: float = AT) -> Posted:
    stamp = f"{at:.0f}"
    sign = hmac_of(f"{stamp}\n{SECRET}", "")
    return posted({"timestamp": stamp, "sign": sign, "msg_type": "text", "content": {"text": "文"}})


def wecom(text: str = "文") -> Posted:
    return posted({"msgtype": "markdown", "markdown": {"content": text}}, secret="")


GOOD = {"dingtalk": dingtalk(), "feishu": feishu(), "wecom": wecom()}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_request_is_taken_as_often_as_the_robot_may_speak(kind: str) -> None:
    most = MOST_A_MINUTE[kind]

    assert taken(kind, GOOD[kind], lately=most - 1).text == "文"
    assert taken(kind, GOOD[kind], lately=most).code != 0


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        pytest.param("dingtalk", dingtalk(AT - 3601), id="DingTalk's too old"),
        pytest.param("dingtalk", dingtalk(AT / 1000), id="DingTalk's in seconds"),
        pytest.param("dingtalk", replace(dingtalk(), secret="other"), id="another key"),
        pytest.param("dingtalk", replace(dingtalk(), query={}), id="DingTalk's not signed"),
        pytest.param("dingtalk", replace(dingtalk(), body=wecom().body), id="WeCom's fields"),
        pytest.param("feishu", feishu(AT + 3601), id="Feishu's too new"),
        pytest.param("feishu", feishu(AT * 1000), id="Feishu's in milliseconds"),
        pytest.param("feishu", replace(feishu(), secret="other"), id="another secret"),
        pytest.param("feishu", replace(feishu(), body=wecom().body), id="Feishu's not signed"),
        pytest.param("wecom", replace(wecom(), content_type="text/plain"), id="no JSON type"),
        pytest.param("wecom", replace(wecom(), body=b"\xff"), id="no UTF-8"),
        pytest.param("wecom", replace(wecom(), body=b"[]"), id="no object"),
        pytest.param("wecom", wecom(""), id="nothing to say"),
        pytest.param("wecom", wecom("长" * 1366), id="over 4,096 bytes"),
    ],
)
def test_anything_else_is_refused(kind: str, wrong: Posted) -> None:
    answer = taken(kind, wrong, lately=0)

    assert answer.code != 0
    assert answer.text == ""


def test_the_longest_text_of_wecom_is_counted_in_bytes() -> None:
    assert taken("wecom", wecom("长" * 1365), lately=0).code == 0

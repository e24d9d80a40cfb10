"""
Each robot's request, to the letter.

The signatures were computed by OpenSSL, not by Python: for DingTalk
`printf '1767322800250\\nSECabc' | openssl dgst -sha256 -hmac SECabc -binary | base64`, for Feishu
`printf '' | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(printf '1767322800\\nfsabc' | xxd -p)"
-binary | base64`.
"""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from smsdrop.robots.forms import form, refusal
from smsdrop.robots.robot import KINDS, Robot
from tests.support.samples import NOW

DINGTALK_SIGN = "1c45AavyWaEn9auWerLzH7z3xRiwq0Ijzl5KuPqriEc="
FEISHU_SIGN = "DHECnWh8IwmtHGYXkU6e+VjKhUEzb+PyctqMG6/s6Cg="

DINGTALK = Robot(
    name="dingtalk 1",
    kind="dingtalk",
    url="https://oapi.dingtalk.com/robot/send?access_token=t",
    secret="SECabc",
)
FEISHU = Robot(
    name="feishu 1",
    kind="feishu",
    url="https://open.feishu.cn/open-apis/bot/v2/hook/h",
    secret="fsabc",
)
WECOM = Robot(
    name="wecom 1", kind="wecom", url="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"
)


def test_dingtalk_has_markdown_signed_in_the_query() -> None:
    request = form(DINGTALK, subject="title", text="一\n二", at=NOW)

    address, query = request.url.split("?")
    assert address == "https://oapi.dingtalk.com/robot/send"
    assert parse_qs(query, strict_parsing=True) == {
        "access_token": ["t"],
        "timestamp": ["1767322800250"],
        "sign": [DINGTALK_SIGN],
    }
    assert not set("+/ ") & set(query.partition("sign=")[2])
    assert json.loads(request.body) == {
        "msgtype": "markdown",
        "markdown": {"title": "title", "text": "一  \n二"},
    }


def test_feishu_has_text_signed_in_the_body() -> None:
    request = form(FEISHU, subject="title", text="一\n二", at=NOW)

    assert request.url == FEISHU.url
    assert json.loads(request.body) == {
        "timestamp": "1767322800",
        "sign": FEISHU_SIGN,
        "msg_type": "text",
        "content": {"text": "一\n二"},
    }


def test_wecom_has_markdown_and_no_signature() -> None:
    request = form(WECOM, subject="title", text="一\n二", at=NOW)

    assert request.url == WECOM.url
    assert json.loads(request.body) == {"msgtype": "markdown", "markdown": {"content": "一\n二"}}


@pytest.mark.parametrize("robot", [DINGTALK, FEISHU], ids=lambda each: each.kind)
def test_a_robot_without_a_secret_is_not_signed_for(robot: Robot) -> None:
    bare = Robot(name=robot.name, kind=robot.kind, url=robot.url)

    request = form(bare, subject="title", text="text", at=NOW)

    assert request.url == robot.url
    assert b"sign" not in request.body


def test_an_address_without_a_query_gets_one() -> None:
    robot = Robot(name="dingtalk 1", kind="dingtalk", url="https://proxy/robot", secret="SECabc")

    assert set(parse_qs(urlsplit(form(robot, subject="t", text="t", at=NOW).url).query)) == {
        "timestamp",
        "sign",
    }


def test_letters_stand_as_themselves_so_that_the_limits_count_them_once() -> None:
    assert "一" in form(WECOM, subject="", text="一", at=NOW).body.decode()


@pytest.mark.parametrize(
    ("robot", "body"),
    [
        (DINGTALK, b'{"errcode":0,"errmsg":"ok"}'),
        (FEISHU, b'{"code":0,"msg":"success","data":{}}'),
        (WECOM, b'{"errcode":0,"errmsg":"ok"}'),
    ],
    ids=KINDS,
)
def test_an_answer_of_nought_is_taken(robot: Robot, body: bytes) -> None:
    assert refusal(robot, 200, body) == ""


@pytest.mark.parametrize(
    ("robot", "status", "body", "code"),
    [
        pytest.param(DINGTALK, 200, b'{"errcode":310000,"errmsg":"t"}', "dingtalk 310000", id="no"),
        pytest.param(FEISHU, 200, b'{"code":19021,"msg":"fsabc"}', "feishu 19021", id="Feishu's"),
        pytest.param(WECOM, 200, b'{"errcode":45009}', "wecom 45009", id="WeCom's"),
        pytest.param(WECOM, 200, b'{"code":0}', "NotUnderstood", id="another's field"),
        pytest.param(WECOM, 200, b'{"errcode":"k"}', "NotUnderstood", id="no number"),
        pytest.param(WECOM, 200, b"<html>k</html>", "NotUnderstood", id="a page"),
        pytest.param(WECOM, 200, b"[]", "NotUnderstood", id="no object"),
        pytest.param(WECOM, 302, b'{"errcode":0}', "HTTP 302", id="a redirect"),
        pytest.param(WECOM, 502, b"", "HTTP 502", id="a gateway's"),
    ],
)
def test_any_other_answer_is_a_code_that_quotes_nothing(
    robot: Robot, status: int, body: bytes, code: str
) -> None:
    assert refusal(robot, status, body) == code

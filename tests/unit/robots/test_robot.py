"""The secret names robots, or is wrong as a whole; nothing quotes it."""

import json

import pytest

from smsdrop.robots.robot import MOST_ROBOTS, Robot, RobotsWrong, robots_in

URL = "https://oapi.dingtalk.com/robot/send?access_token=geheim"


@pytest.mark.parametrize("text", ["", " \n", "{}", '{"dingtalk": []}'])
def test_a_secret_may_name_no_robot(text: str) -> None:
    assert robots_in(text) == ()


def test_each_robot_has_its_name_address_and_secret() -> None:
    text = json.dumps(
        {
            "dingtalk": [{"url": f" {URL}\n", "secret": "SEC"}, {"url": URL}],
            "wecom": [{"url": "http://127.0.0.1:8080/x"}],
        }
    )

    assert robots_in(text) == (
        Robot(name="dingtalk 1", kind="dingtalk", url=URL, secret="SEC"),
        Robot(name="dingtalk 2", kind="dingtalk", url=URL),
        Robot(name="wecom 1", kind="wecom", url="http://127.0.0.1:8080/x"),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("geheim", id="no JSON"),
        pytest.param('["geheim"]', id="no object"),
        pytest.param('{"dingtalk": {"url": "https://geheim/x"}}', id="no list"),
        pytest.param('{"dingtalk": ["https://geheim/x"]}', id="an address alone"),
        pytest.param('{"slack": [{"url": "https://geheim/x"}]}', id="another kind"),
        pytest.param('{"feishu": [{"secret": "geheim"}]}', id="without an address"),
        pytest.param('{"feishu": [{"url": "http://geheim/x"}]}', id="plain HTTP"),
        pytest.param('{"feishu": [{"url": "https://u:geheim@h/x"}]}', id="with a password"),
        pytest.param('{"feishu": [{"url": "https://geheim/x y"}]}', id="a space"),
        pytest.param('{"feishu": [{"url": "https://geheim/x", "sign": "y"}]}', id="another field"),
        pytest.param('{"feishu": [{"url": "https://geheim/x", "secret": 7}]}', id="no text"),
        pytest.param(
            json.dumps({"wecom": [{"url": "https://geheim/x"}] * (MOST_ROBOTS + 1)}), id="too many"
        ),
    ],
)
def test_a_secret_of_another_form_is_refused_without_a_word_of_it(wrong: str) -> None:
    with pytest.raises(RobotsWrong) as caught:
        robots_in(wrong)

    assert "geheim" not in str(caught.value)


def test_a_robot_shows_neither_its_address_nor_its_secret() -> None:
    [robot] = robots_in(json.dumps({"dingtalk": [{"url": URL, "secret": "SEC"}]}))

    assert "geheim" not in repr(robot)
    assert "SEC" not in repr(robot)

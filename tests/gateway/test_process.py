"""The stand-in gateway as a program: one line when it is ready, and a clean stop."""

import json
import signal
import subprocess
import sys

import pytest
import requests

from local.gateway.client import running_gateway
from tests.support.gateway_caller import ACCESS_KEY_ID, SECRET


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_cleanly_when_told(sign: signal.Signals) -> None:
    command = [sys.executable, "-m", "local.gateway", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        answer = requests.get(f"{ready['sms_endpoint']}/_standin/summary", timeout=10)

        process.send_signal(sign)
        rest, errors = process.communicate(timeout=10)

    assert ready.keys() == {"sms_endpoint"}
    assert answer.json()["texts"] == 0
    assert (process.returncode, rest, errors) == (0, b"", b"")


def test_it_is_gone_once_its_block_has_ended() -> None:
    with running_gateway(access_key_id=ACCESS_KEY_ID, access_key_secret=SECRET) as gateway:
        endpoint = gateway.endpoint
        assert gateway.summary().texts == 0

    with pytest.raises(requests.ConnectionError):
        requests.get(f"{endpoint}/_standin/summary", timeout=5)


def test_two_run_side_by_side_and_keep_books_of_their_own() -> None:
    with (
        running_gateway(access_key_id=ACCESS_KEY_ID, access_key_secret=SECRET) as one,
        running_gateway(access_key_id=ACCESS_KEY_ID, access_key_secret=SECRET) as other,
    ):
        one.set_balance(7)

        assert one.endpoint != other.endpoint
        assert [each.settings()["balance"] for each in (one, other)] == [7, None]

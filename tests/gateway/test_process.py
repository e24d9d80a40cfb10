"""The stand-in gateway as a program: one line when it is ready, and a clean stop."""

import json
import signal
import subprocess
import sys
from contextlib import closing

import pytest
import requests

from local import ROOT
from local.aws.waiting import wait_until
from local.gateway.client import Gateway
from local.gateway_process import SmsKeys, running_gateway


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
    with running_gateway(SmsKeys()) as process:
        endpoint = process.endpoint()
        assert answers(endpoint)

    assert not answers(endpoint)


OWNER = """
from local.gateway_process import SmsKeys, running_gateway

with running_gateway(SmsKeys()) as process:
    print(process.endpoint(), flush=True)
    input()
"""


def test_it_is_gone_once_its_owner_was_killed_outright() -> None:
    with subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-c", OWNER],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        endpoint = owner.stdout.readline().strip()
        assert answers(endpoint)

        owner.kill()

        wait_until(lambda: not answers(endpoint), timeout=10, what="end of the gateway")


def test_two_run_side_by_side_and_keep_books_of_their_own() -> None:
    with running_gateway(SmsKeys()) as first, running_gateway(SmsKeys()) as second:
        one, other = Gateway(first.endpoint()), Gateway(second.endpoint())
        with closing(one), closing(other):
            one.set_balance(7)

            assert one.endpoint != other.endpoint
            assert [each.settings()["balance"] for each in (one, other)] == [7, None]


def answers(endpoint: str) -> bool:
    try:
        return requests.get(f"{endpoint}/_standin/summary", timeout=5).ok
    except requests.ConnectionError:
        return False

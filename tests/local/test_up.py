"""`python -m local up`, as a person or a script uses it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local import ROOT
from local.aws.clients import Clients
from local.aws.local_aws import free_port
from local.aws.waiting import wait_until

pytestmark = pytest.mark.system

PROMISED = {
    "aws_endpoint",
    "region",
    "bucket",
    "ledger_table",
    "queue_url",
    "dead_letter_queue_url",
    "sms_endpoint",
    "access_key_id",
    "access_key_secret",
    "aws_access_key_id",
    "aws_secret_access_key",
}


@contextmanager
def up(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command with this folder for temporary files, to see what is left there."""
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "local", "up", *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ready(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    line: dict[str, Any] = json.loads(process.stdout.readline())
    return line


def left_behind(folder: Path) -> list[str]:
    """The temporary folders that are still there, and the processes that were given one."""
    folders = [path.name for path in folder.iterdir()]
    processes = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                processes.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # it has ended
    return folders + processes


def stopped(process: subprocess.Popen[str], number: signal.Signals) -> int:
    process.send_signal(number)
    return process.wait(timeout=20)


def test_one_line_says_where_everything_is(tmp_path: Path) -> None:
    with up(tmp_path) as process:
        line = ready(process)
        clients = Clients(line["aws_endpoint"])
        secrets = clients.secrets.list_secrets()["SecretList"]
        [keys] = [each["ARN"] for each in secrets if "SmsKeys" in each["Name"]]
        secret = clients.secrets.get_secret_value(SecretId=keys)["SecretString"]
        clients.s3.head_bucket(Bucket=line["bucket"])
        clients.dynamodb.describe_table(TableName=line["ledger_table"])
        clients.sqs.get_queue_attributes(QueueUrl=line["queue_url"])
        clients.sqs.get_queue_attributes(QueueUrl=line["dead_letter_queue_url"])
        process.terminate()
        more_output, _ = process.communicate(timeout=20)

    assert set(line) >= PROMISED
    assert json.loads(secret) == {
        "access_key_id": line["access_key_id"],
        "access_key_secret": line["access_key_secret"],
    }
    assert more_output == ""


def test_the_lines_to_paste_let_smsdrop_speak_to_it(tmp_path: Path) -> None:
    with up(tmp_path) as process:
        ready(process)
        assert process.stderr
        pasted: list[str] = []
        while not pasted or "smsdrop status" not in pasted[-1]:
            pasted += [line for line in [process.stderr.readline()] if line.startswith("    ")]
        bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

        typed = subprocess.run(  # noqa: S603 - our own lines
            ["sh", "-e", "-c", "".join(pasted)],  # noqa: S607 - the shell is on the PATH
            cwd=ROOT,
            env=bare,
            capture_output=True,
            text=True,
            check=False,
        )

    assert typed.stderr == ""
    assert "no campaign" in typed.stdout


def test_port_keys_gateway_and_parameters_are_the_ones_asked_for(tmp_path: Path) -> None:
    port = free_port()
    arguments = [
        f"--port={port}",
        "--sms-endpoint=http://127.0.0.1:9",
        "--access-key-id=mine",
        "--access-key-secret=my-secret",
        "--parameter=MaxAttempts=3",
        "--parameter=DefaultSignName=云通信=",
    ]

    with up(tmp_path, *arguments) as process:
        line = ready(process)
        clients = Clients(line["aws_endpoint"])
        [stack] = clients.cloudformation.describe_stacks()["Stacks"]
        functions = clients.functions.list_functions()["Functions"]

    environments = [each["Environment"]["Variables"] for each in functions]
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    assert line["aws_endpoint"] == f"http://127.0.0.1:{port}"
    assert line["sms_endpoint"] == "http://127.0.0.1:9"
    assert (line["access_key_id"], line["access_key_secret"]) == ("mine", "my-secret")
    assert parameters["MaxAttempts"] == "3"
    assert parameters["DefaultSignName"] == "云通信="
    assert "http://127.0.0.1:9" in [each.get("SMS_ENDPOINT") for each in environments]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly_and_nothing_stays(
    tmp_path: Path, number: signal.Signals
) -> None:
    with up(tmp_path) as process:
        ready(process)
        while_running = left_behind(tmp_path)

        exit_code = stopped(process, number)

        assert exit_code == 0
        assert left_behind(tmp_path) == []
        assert any("local.aws.server" in each for each in while_running)
        assert any("local.gateway" in each for each in while_running)


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.0])
def test_a_signal_during_start_up_stops_it_cleanly_too(tmp_path: Path, seconds: float) -> None:
    with up(tmp_path) as process:
        assert process.stderr
        process.stderr.readline()
        time.sleep(seconds)

        exit_code = stopped(process, signal.SIGTERM)

        assert exit_code == 0
        wait_until(lambda: not left_behind(tmp_path), timeout=5, what="end of the children")


def test_nothing_stays_when_it_is_killed_outright(tmp_path: Path) -> None:
    with up(tmp_path) as process:
        ready(process)

        stopped(process, signal.SIGKILL)

        wait_until(lambda: not left_behind(tmp_path), timeout=10, what="end of the children")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--parameter", "MaxAttempts"], "Name=Value", id="no value"),
        pytest.param(["--parameter", "MaxAttempts=0"], "MaxAttempts", id="value out of range"),
        pytest.param(["--parameter", "NoSuch=1"], "NoSuch", id="unknown parameter"),
        pytest.param(["--access-key-id", "mine"], "go together", id="half a key pair"),
    ],
)
def test_a_wrong_argument_is_named(tmp_path: Path, arguments: list[str], said: str) -> None:
    with up(tmp_path, *arguments) as process:
        output, errors = process.communicate(timeout=30)

    assert process.returncode not in {0, None}
    assert output == ""
    assert said in errors.splitlines()[-1]
    assert left_behind(tmp_path) == []


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with up(tmp_path, f"--port={port}") as process:
            _, errors = process.communicate(timeout=30)

    assert process.returncode == 1
    assert f"port {port}: Address already in use" in errors


def test_it_says_so_and_ends_when_the_local_aws_dies(tmp_path: Path) -> None:
    with up(tmp_path) as process:
        ready(process)
        server = next(
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/environ")
            if is_server(path, tmp_path)
        )

        os.kill(server, signal.SIGKILL)
        _, errors = process.communicate(timeout=20)

    assert process.returncode == 1
    assert "aws ended" in errors
    assert left_behind(tmp_path) == []


def is_server(environ: Path, folder: Path) -> bool:
    try:
        command = (environ.parent / "cmdline").read_bytes().split(b"\0")
        return (
            b"local.aws.server" in command
            and command[1] == b"-m"
            and (str(folder).encode() in environ.read_bytes())
        )
    except OSError:
        return False

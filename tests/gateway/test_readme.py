"""The gateway's README is complete, and what it shows works."""

import ast
import json
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, fields
from typing import Any, get_args

import pytest
import requests
from aiohttp.web import RouteDef

from local import ROOT
from local.aws.local_aws import free_port
from local.gateway import control
from local.gateway.actions import ACTIONS
from local.gateway.catalogue import CatalogueTemplate
from local.gateway.catalogue import Status as ReviewStatus
from local.gateway.client import Gateway, Summary
from local.gateway.delivery import Delivery, Status
from local.gateway.faults import FAULT_KINDS, Fault
from local.gateway.journal import Message
from local.gateway.receipts import Receipt
from local.gateway.request_log import LoggedRequest
from local.gateway.settings import Settings

FOLDER = ROOT / "local" / "gateway"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
SHOWN_ENDPOINT = "127.0.0.1:8650"
CONTROL_PATHS = {
    f"{each.method} {each.path}" for each in control.routes if isinstance(each, RouteDef)
}


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table whose head begins with this."""
    _, _, below = README.partition(f"\n| {heading} |")
    lines = below.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def first_cells(heading: str) -> set[str]:
    return {name for row in rows(heading) for name in re.findall(r"`([^`]+)`", row[0])}


def names(of: type) -> set[str]:
    return {each.name for each in fields(of)}


def blocks() -> list[str]:
    """Return the blocks that are indented, which are commands and code."""
    found = re.findall(r"^(    .*(?:\n+    .*)*)", README, re.MULTILINE)
    return [textwrap.dedent(each) for each in found]


def only_block(sign: str) -> str:
    [block] = [each for each in blocks() if sign in each]
    return block


def at(endpoint: str, block: str) -> str:
    """Return the block with the address of this gateway in place of the one shown."""
    assert SHOWN_ENDPOINT in block
    return block.replace(SHOWN_ENDPOINT, endpoint)


@pytest.fixture(scope="module")
def started() -> Iterator[str]:
    """Run the start command as it is shown, but on a free port, and return the address."""
    port = free_port()
    command = shlex.split(only_block("-m local.gateway").replace("8650", str(port)))
    assert command[0] == ".venv/bin/python"
    with (
        subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, *command[1:]], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line == at(f"127.0.0.1:{port}", only_block('{"sms_endpoint"'))
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("heading", "there_are"),
    [
        pytest.param("request", CONTROL_PATHS, id="control paths"),
        pytest.param("setting", names(Settings), id="settings"),
        pytest.param("action", set(ACTIONS), id="actions"),
        pytest.param("kind", set(FAULT_KINDS), id="kinds of fault"),
        pytest.param("a fault has", names(Fault), id="faults"),
        pytest.param("a delivery has", names(Delivery), id="delivery"),
        pytest.param("a message has", names(Message), id="the journal"),
        pytest.param("a receipt has", names(Receipt), id="the receipts"),
        pytest.param("a request has", names(LoggedRequest), id="the request log"),
        pytest.param("the summary has", names(Summary), id="the summary"),
        pytest.param("a template has", names(CatalogueTemplate), id="the catalogue"),
    ],
)
def test_a_table_names_all_that_there_is(heading: str, there_are: set[str]) -> None:
    assert first_cells(heading) == there_are


@pytest.mark.parametrize(
    ("heading", "defaults"),
    [
        pytest.param("setting", Settings().to_json(), id="settings"),
        pytest.param("a delivery has", Delivery().to_json(), id="delivery"),
        pytest.param("a fault has", Fault(kind="lag").to_json(), id="faults"),
        pytest.param("a template has", asdict(CatalogueTemplate(content="")), id="the catalogue"),
    ],
)
def test_the_defaults_are_as_they_are_shown(heading: str, defaults: dict[str, Any]) -> None:
    shown = {row[0].strip("`"): row[1].strip("`") for row in rows(heading) if "`" in row[1]}

    assert len(shown) > 2
    for name, default in shown.items():
        assert json.loads(default) == json.loads(json.dumps(defaults[name]))


def test_the_statuses_of_a_review_are_named() -> None:
    [row] = [line for line in README.splitlines() if line.startswith('| `status` | `"approved"`')]

    assert set(re.findall(r"`(\w+)`", row)) == {"status", *get_args(ReviewStatus)}


def test_the_fates_are_named() -> None:
    [row] = [row for row in rows("a receipt has") if row[0] == "`fate`"]

    assert set(re.findall(r"`(\w+)`", row[1])) == {each.name.lower() for each in Status}


def test_the_options_are_those_that_the_command_has() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "local.gateway", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert first_cells("option") == set(re.findall(r"--[a-z-]+", answer.stdout)) - {"--help"}


def test_there_is_an_example_of_each_control_path_and_each_works(started: str) -> None:
    sms, *lines = at(started, only_block("curl")).replace("\n    ", " ").splitlines()
    _, _, base = sms.partition("=")
    examples = [shlex.split(line.replace("$sms", base)) for line in lines]

    used = set()
    for example in examples:
        assert example.pop(0) == "curl"
        method = example[example.index("-X") + 1] if "-X" in example else "GET"
        body = example[example.index("-d") + 1].encode() if "-d" in example else None
        [address] = [each for each in example if each.startswith("http")]
        answer = requests.request(method, address, data=body, timeout=10)
        assert answer.ok, (example, answer.text)
        used.add(f"{method} {address.removeprefix(base).partition('?')[0]}")

    assert used == CONTROL_PATHS


def test_the_official_client_is_used_as_it_is_shown(started: str) -> None:
    with closing(Gateway(f"http://{started}")) as gateway:
        gateway.reset()
        code = at(started, only_block("alibabacloud"))

        done = subprocess.run(  # noqa: S603 - our own example
            [sys.executable, "-W", "ignore", "-c", code],
            capture_output=True,
            text=True,
            check=False,
        )

        [message] = gateway.journal()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["OK", message.biz_id]
    assert message.params == {"name": "张三"}


def test_the_gateway_imports_nothing_of_the_rest_of_the_project() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert str(node.module).partition(".")[0] not in {"local", "smsdrop"}

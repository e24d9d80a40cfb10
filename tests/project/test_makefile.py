"""Orders by make: what is handed to smsdrop, and when make fails."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local import ROOT

SMSDROP = """#!{python}
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + chr(10))
print("answered")
sys.exit(int(os.environ["EXIT"]))
"""
"""Stands in for smsdrop: notes how it is called, and exits as a test wants it."""

Order = Callable[..., tuple[int, str]]


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


@pytest.fixture
def order(tmp_path: Path, calls: Path) -> Order:
    """Run make; return its exit code and what it printed."""
    smsdrop = tmp_path / "smsdrop"
    smsdrop.write_text(SMSDROP.format(python=sys.executable))
    smsdrop.chmod(0o755)

    def run(*arguments: str, exit_code: int = 0) -> tuple[int, str]:
        done = subprocess.run(  # noqa: S603 - our own Makefile
            ["make", "--no-print-directory", *arguments, f"SMSDROP={smsdrop}"],  # noqa: S607 - make is on the PATH
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "CALLS": str(calls), "EXIT": str(exit_code)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return run


def called(calls: Path) -> list[str]:
    """Return the only call of smsdrop, word by word."""
    [line] = calls.read_text().splitlines()
    words: list[str] = json.loads(line)
    return words


@pytest.mark.parametrize("name", ["pause", "resume", "cancel", "approve"])
@pytest.mark.parametrize(
    "campaign",
    [
        "",
        "20260102T030405Z-0123456789abcdef",
        "SMS_9/云通信/7月 VIP+老客户 100% \"a\" 'b'.csv",
        "--json",
    ],
)
def test_an_order_is_handed_to_smsdrop_whatever_signs_a_path_holds(
    order: Order, calls: Path, name: str, campaign: str
) -> None:
    code, said = order(name, f"CAMPAIGN={campaign}")

    assert (code, said.splitlines()[-1]) == (0, "answered")
    assert called(calls) == [name, "--", campaign]


def test_an_order_is_for_the_stack_that_is_named(order: Order, calls: Path) -> None:
    order("redrive", "STACK=another")

    assert called(calls) == ["--stack", "another", "redrive"]


@pytest.mark.parametrize("name", ["pause", "resume", "cancel", "approve", "redrive"])
def test_make_fails_where_smsdrop_does(order: Order, name: str) -> None:
    code, _ = order(name, "CAMPAIGN=x", exit_code=1)

    assert code != 0

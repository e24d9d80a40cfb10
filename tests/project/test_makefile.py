"""Orders by make: what is handed to the AWS CLI, and when make fails."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local import ROOT

AWS = """#!{python}
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + chr(10))
print("answers" if sys.argv[1] == "cloudformation" else os.environ["ANSWER"])
sys.exit(int(os.environ["EXIT"]))
"""
"""Stands in for the AWS CLI: notes how it is called, and answers as a test wants it."""

Order = Callable[..., tuple[int, str]]


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


@pytest.fixture
def order(tmp_path: Path, calls: Path) -> Order:
    """Run make; return its exit code and what it printed."""
    aws = tmp_path / "aws"
    aws.write_text(AWS.format(python=sys.executable))
    aws.chmod(0o755)

    def run(*arguments: str, answer: str = "{}", exit_code: int = 0) -> tuple[int, str]:
        done = subprocess.run(  # noqa: S603 - our own Makefile
            ["make", "--no-print-directory", *arguments],  # noqa: S607 - make is on the PATH
            cwd=ROOT,
            env={
                "PATH": f"{tmp_path}:{os.environ['PATH']}",
                "CALLS": str(calls),
                "ANSWER": answer,
                "EXIT": str(exit_code),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return run


def called(calls: Path) -> list[str]:
    """Return the last call of the AWS CLI, word by word."""
    words: list[str] = json.loads(calls.read_text().splitlines()[-1])
    return words


@pytest.mark.parametrize("name", ["pause", "resume", "cancel", "redrive"])
@pytest.mark.parametrize(
    "campaign",
    [
        "",
        "20260102T030405Z-0123456789abcdef",
        "SMS_9/云通信/7月 VIP+老客户 100% \"a\" 'b'.csv",
    ],
)
def test_an_order_is_handed_to_operate_whatever_signs_a_path_holds(
    order: Order, calls: Path, name: str, campaign: str
) -> None:
    answer = '{"answer": "done"}'

    assert order(name, f"CAMPAIGN={campaign}", answer=answer) == (0, f"{answer}\n")

    words = called(calls)
    assert words[:2] == ["lambda", "invoke"]
    payload = json.loads(words[words.index("--payload") + 1])
    assert payload == {"order": name, "what": campaign}


@pytest.mark.parametrize(
    ("answer", "exit_code"),
    [
        pytest.param('{"error": "no such campaign"}', 0, id="the order was not followed"),
        pytest.param('{"FunctionError": "Unhandled"}', 0, id="Operate has failed"),
        pytest.param("", 254, id="the CLI has failed"),
    ],
)
def test_make_fails_where_an_order_was_not_followed(
    order: Order, answer: str, exit_code: int
) -> None:
    code, _ = order("cancel", "CAMPAIGN=x", answer=answer, exit_code=exit_code)

    assert code != 0


def test_an_approval_is_an_object_so_that_s3_says_by_whom_it_is(order: Order, calls: Path) -> None:
    code, said = order("approve", "CAMPAIGN=SMS_9/云 通信/a+b.csv")

    assert code == 0
    assert "s3://answers/reports/orders/" in said
    words = called(calls)
    assert words[:2] == ["s3api", "put-object"]
    assert words[words.index("--key") + 1] == "orders/approve/SMS_9/云 通信/a+b.csv"


def test_an_approval_of_nothing_is_not_given(order: Order, calls: Path) -> None:
    assert order("approve")[0] != 0
    assert not calls.exists()

"""
Contenders measured side by side: interleaved, each round in a fresh process on one core.

A contender is a function, named as `module:function`. It gets a `Stopwatch`, which it runs around
what is to be measured, and settings; it returns facts about what it did.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from local import ROOT
from local.aws.child import CLEAN_ENVIRONMENT

ROUND_SECONDS = 1800
"""No round takes this long unless it hangs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The medians of a contender's rounds, and the facts of its last one."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float
    facts: Mapping[str, Any]


class RoundFailed(Exception):
    """A contender ended with an error; the text ends with what it last wrote."""


def measured(
    contenders: Mapping[str, str], *, rounds: int, core: int | None, **settings: Any
) -> dict[str, Measured]:
    """Run each contender this many times, one after the other, and return what each took."""
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            taken[name].append(one_round(contender, core=core, **settings))
    return {name: _medians(each) for name, each in taken.items()}


def one_round(contender: str, *, core: int | None, **settings: Any) -> dict[str, Any]:
    arguments = json.dumps({"contender": contender, "core": core, "settings": settings})
    with tempfile.TemporaryDirectory(prefix="smsdrop-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bench.harness.contender"],
            input=arguments,
            capture_output=True,
            text=True,
            timeout=ROUND_SECONDS,
            cwd=ROOT,
            env={**CLEAN_ENVIRONMENT, "TMPDIR": folder, "HOME": folder, "POLARS_MAX_THREADS": "1"},
            check=False,
        )
    if done.returncode:
        raise RoundFailed(f"{contender}: {done.stderr[-3000:].strip()}")
    taken: dict[str, Any] = json.loads(done.stdout)
    return taken


def _medians(taken: list[dict[str, Any]]) -> Measured:
    return Measured(
        wall_seconds=median(each["wall_seconds"] for each in taken),
        cpu_seconds=median(each["cpu_seconds"] for each in taken),
        peak_megabytes=median(each["peak_megabytes"] for each in taken),
        facts=taken[-1]["facts"],
    )

"""smsdrop as a person types it, in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local import ROOT
from local.aws.clients import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from tests.support.whole_system import System

SMSDROP = Path(sys.executable).parent / "smsdrop"


def environment(system: System, **more: str) -> dict[str, str]:
    """Return what a person exports before, as `make local` prints it."""
    return {
        "PATH": os.environ["PATH"],
        "AWS_ENDPOINT_URL": system.stack.aws.endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "SMSDROP_STACK": system.stack.name,
        **more,
    }


def smsdrop(
    system: System, *words: str, by: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [SMSDROP, *words],
        cwd=ROOT,
        env=environment(system, **(by or {})),
        capture_output=True,
        text=True,
        check=False,
    )


def answer(system: System, *words: str, by: Mapping[str, str] | None = None) -> Any:
    """Return the JSON that a command writes; it has to succeed."""
    done = smsdrop(system, *words, "--json", by=by)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

"""The Python that the functions run on, where this machine has one."""

import shutil
import subprocess

import pytest


def python313() -> str:
    """Return a python3.13 of the PATH that runs and has pip, or skip the test."""
    path = shutil.which("python3.13")
    if path is None or not answers(path, "-m", "pip", "--version"):
        pytest.skip("there is no python3.13 with pip on the PATH")
    return path


def answers(*command: str) -> bool:
    return not subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603 - found on the PATH

"""A function is imported without garbage collection, which runs from then on."""

import subprocess
import sys

import pytest

from local import ROOT

START = """
import gc, typing  # Lambda has loaded these by then
def collections(): return sum(each["collections"] for each in gc.get_stats())
before = collections()
import functions.{}.app
print(collections() - before, gc.isenabled(), gc.get_freeze_count() > len(gc.get_objects()))
"""
"""Prints how often garbage was collected, whether it is from then on, and if most is frozen."""

NAMES = sorted(each.parent.name for each in ROOT.glob("functions/*/app.py"))


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_imported_without_looking_for_garbage(name: str) -> None:
    command = [sys.executable, "-c", START.format(name)]

    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, env={}, capture_output=True, text=True, timeout=60, check=True
    )

    looked, *after = done.stdout.split()
    assert int(looked) < 10  # around a hundred times otherwise; compiling the handler may look
    assert after == ["True", "True"]

"""Run the fast tests against a copy of the project in which one thing is mutated."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from local import ROOT
from tests.mutation.mutations import Mutation

PACKAGE = Path("layers/smsdrop/smsdrop")

COPIED = (
    "bench",
    "events",
    "functions",
    "layers",
    "local",
    "tests",
    "pyproject.toml",
    "template.yaml",
)

TESTED = ("sending", "ledger", "closing", "operations", "parsing", "batches", "aws")
"""
The packages whose unit tests are run; those of the mutated module's own come first.

Those of alibaba wait for real time, and fail on a machine that is busy with something else.
"""

SEEDS = 250

LONGEST_SECONDS = 240
"""Our choice: many times what an unmutated run takes; a mutation that never ends is noticed."""

SIMULATION = f"""
from tests.simulation.run import run
for seed in range(1, {SEEDS + 1}):
    assert not run(seed).violations, seed
"""


class Copy:
    """The project in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def made_in(cls, folder: Path) -> Self:
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, folder / name)
        return cls(folder)

    def notices(self, mutation: Mutation) -> str:
        """Return what notices the mutation, or an empty text."""
        path = self._folder / PACKAGE / mutation.module
        source = path.read_bytes()
        path.write_bytes(mutation.applied(source))
        try:
            return self.noticed_by(mutation.module)
        finally:
            path.write_bytes(source)

    def noticed_by(self, module: str) -> str:
        """Return what fails as the copy stands, the tests of this module's package first."""
        for name, command in _trials(module):
            if not self._passes(command):
                return name
        return ""

    def _passes(self, command: list[str]) -> bool:
        environment = os.environ | {
            "PYTHONPATH": f"{self._folder / PACKAGE.parent}{os.pathsep}{self._folder}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        try:
            done = subprocess.run(
                [sys.executable, *command],
                cwd=self._folder,
                env=environment,
                capture_output=True,
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def _trials(module: str) -> Iterator[tuple[str, list[str]]]:
    own = module.split("/")[0]
    others = [f"tests/unit/{each}" for each in TESTED if each != own]
    pytest = ["-m", "pytest", "-x", "-q", "-p", "no:xdist"]
    yield f"unit tests of {own}", [*pytest, f"tests/unit/{own}"]
    yield "simulation", ["-c", SIMULATION]
    yield "unit tests", [*pytest, *others]

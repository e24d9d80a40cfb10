"""A server as a child process, which ends when its owner does."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from local import ROOT
from local.aws.waiting import wait_until

KEEPER = Path(__file__).with_name("keeper.py")

STOP_SECONDS = 60.0
OUTPUT_BYTES = 1 << 20
"""At most this much of a child's output is read."""

CLEAN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}
"""Nothing from the host: functions would inherit its proxies, profiles and keys."""


class ChildEndedError(Exception):
    """A child ended by itself; the text ends with the last lines that it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A running child, its keeper, its temporary folder and its output."""

    name: str
    folder: Path
    keeper: subprocess.Popen[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    def check(self) -> None:
        """Raise `ChildEndedError` if it does not run any more."""
        if self.keeper.poll() is not None:
            raise ChildEndedError(f"{self.name} ended: {read(self.stderr)[-2000:].strip()}")

    def first_line(self, *, timeout: float) -> str:
        """Return the first whole line of its standard output, once it is there."""
        return wait_until(self._first_line, timeout=timeout, what=f"line from {self.name}")

    def _first_line(self) -> str:
        self.check()
        line, newline, _ = read(self.stdout).partition("\n")
        return line if newline else ""


@contextmanager
def child(
    name: str, *command: str, environment: Mapping[str, str] | None = None
) -> Iterator[Child]:
    """
    Run a Python command until the block ends, with a temporary folder as TMPDIR and HOME.

    Its output goes to temporary files, so that it never waits for a reader.
    """
    folder = tempfile.mkdtemp(prefix=f"smsdrop-{name}-")
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        keeper = subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, "-I", "-S", str(KEEPER), folder, sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            cwd=ROOT,
            env={**CLEAN_ENVIRONMENT, "TMPDIR": folder, "HOME": folder, **(environment or {})},
            start_new_session=True,  # a Ctrl-C at the terminal must not reach it
        )
        try:
            yield Child(name=name, folder=Path(folder), keeper=keeper, stdout=stdout, stderr=stderr)
        finally:
            # The keeper cleans up when its standard input ends.
            keeper.communicate(timeout=STOP_SECONDS)


def read(output: IO[bytes]) -> str:
    # pread: the child writes at the shared position, which a seek would move
    return os.pread(output.fileno(), OUTPUT_BYTES, 0).decode(errors="replace")

"""
Runs one command, and cleans up after it.

    keeper.py FOLDER COMMAND…

The command runs in its own process group. When the command or the standard input ends, the keeper
ends the whole group and deletes FOLDER. Standard input is a pipe from the owner, so the command
ends together with its owner, even if the owner is killed with SIGKILL.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 1.0
"""How long the command may take after a SIGTERM; it has nothing to save."""


def keep(folder: str, command: list[str]) -> int:
    """Run the command and return its exit code, once all its processes and files are gone."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - the owner's command
    threading.Thread(target=end_with_owner, args=[child], daemon=True).start()
    exit_code = child.wait()
    with contextlib.suppress(ProcessLookupError):  # it may have no children left
        os.killpg(child.pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    return exit_code


def end_with_owner(child: subprocess.Popen[bytes]) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    # The owner reacts to Ctrl-C and SIGTERM; the keeper ends when the owner does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(keep(sys.argv[1], sys.argv[2:]))

"""
Keep one command running, and leave nothing of it behind.

    keeper.py FOLDER COMMAND…

The command gets a process group of its own. When it ends, or when standard input does, the whole
group is ended and FOLDER deleted. Standard input is a pipe that the owner holds, so the command
ends with its owner however that one ended, a SIGKILL included.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 1.0
"""How long the command may take over a SIGTERM; there is nothing it would have to save."""


def keep(folder: str, command: list[str]) -> int:
    """Return the command's exit code, once nothing of it is left."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our owner's own command
    threading.Thread(target=end_with_owner, args=[child], daemon=True).start()
    exit_code = child.wait()
    with contextlib.suppress(ProcessLookupError):  # it may have left no children of its own
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
    # Ctrl-C and SIGTERM are the owner's to answer; we follow it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(keep(sys.argv[1], sys.argv[2:]))

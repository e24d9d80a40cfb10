"""Ends the program cleanly on SIGTERM and Ctrl-C, at any moment."""

import signal
import sys
import threading
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def stop_on_signal() -> threading.Event:
    """
    Exit with code 0 at the first SIGTERM or Ctrl-C, and ignore the next ones.

    The event is set too, because Python drops an exception that is raised in a finaliser.
    """
    requested = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        requested.set()
        sys.exit(0)

    for each in STOP_SIGNALS:
        signal.signal(each, stop)
    return requested

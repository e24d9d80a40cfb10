"""SIGTERM and Ctrl-C, at any moment, mean a clean end."""

import signal
import sys
import threading
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def stop_on_signal() -> threading.Event:
    """
    Leave whatever is going on at the first SIGTERM or Ctrl-C, with exit code 0; ignore more.

    The event is set too, for the moments at which Python loses an exception, as in a finaliser.
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

"""Waits for a condition, always with a timeout."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.05


def wait_until(condition: Callable[[], T], *, timeout: float, what: str) -> T:
    """Return the condition's first true value, or raise a `TimeoutError` that names `what`."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {what} within {timeout:g} s")
        time.sleep(POLL_SECONDS)
    return value

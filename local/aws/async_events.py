"""
Events that wait for a worker, as they do on AWS.

On AWS an event from S3 waits, for hours if need be, until its function may run again. ministack
starts another worker for each event or, at its limit for all functions, counts the event as one on
which the function failed.
"""

from collections import defaultdict
from collections.abc import Callable
from contextvars import ContextVar
from threading import Lock, Semaphore
from typing import Any

AT_A_TIME = 10
"""How many events a function handles at once: as few as AWS lets the functions of a new account."""

Execute = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]

Hand = Callable[[dict[str, Any], dict[str, Any]], None]


class AsyncEvents:
    """Lets this many events of each function through at a time; synchronous invocations pass by."""

    def __init__(self, *, at_a_time: int = AT_A_TIME) -> None:
        self._turns: dict[str, Semaphore] = defaultdict(lambda: Semaphore(at_a_time))
        self._lock = Lock()
        self._has_to_wait = ContextVar("has_to_wait", default=False)

    def handing(self, hand: Hand) -> Hand:
        """Wrap what takes an event and returns at once; its thread begins in the same context."""

        def hand_over(function: dict[str, Any], event: dict[str, Any]) -> None:
            token = self._has_to_wait.set(True)
            try:
                hand(function, event)
            finally:
                self._has_to_wait.reset(token)

        return hand_over

    def executing(self, execute: Execute) -> Execute:
        """Wrap what runs a function, which may call itself."""

        def execute_in_turn(function: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
            if not self._has_to_wait.get():
                return execute(function, event)
            token = self._has_to_wait.set(False)
            try:
                with self._turn_of(function):
                    return execute(function, event)
            finally:
                self._has_to_wait.reset(token)

        return execute_in_turn

    def _turn_of(self, function: dict[str, Any]) -> Semaphore:
        config = function.get("config") or function
        with self._lock:
            return self._turns[config["FunctionName"]]

"""Async events wait for their turn, function by function; synchronous calls do not."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Event, Lock
from typing import Any

from local.aws.async_events import AsyncEvents

FUNCTIONS = ({"config": {"FunctionName": "one"}}, {"FunctionName": "two"})


class Lambda:
    """Runs functions until the door is opened, each event in its own thread."""

    def __init__(self, events: AsyncEvents, *, threads: ThreadPoolExecutor) -> None:
        self.door = Event()
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self._threads = threads
        self._lock = Lock()
        self.hand = events.handing(self._hand)
        self.execute = events.executing(self._execute)

    def _hand(self, function: dict[str, Any], event: dict[str, Any]) -> None:
        self._threads.submit(copy_context().run, self.execute, function, event)

    def _execute(self, function: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        if not event.get("again"):
            return self.execute(function, {"again": True})  # as ministack does, in another scope
        name = function.get("config", function)["FunctionName"]
        with self._lock:
            self.running[name] += 1
            self.most = self.most | self.running
        self.door.wait(0.2)
        with self._lock:
            self.running[name] -= 1
        return {}


def test_so_many_events_of_a_function_run_at_once_and_all_run_in_the_end() -> None:
    with ThreadPoolExecutor(20) as threads:
        functions = Lambda(AsyncEvents(at_a_time=2), threads=threads)
        for function in FUNCTIONS:
            for _ in range(6):
                functions.hand(function, {})

    assert functions.most == {"one": 2, "two": 2}
    assert not +functions.running


def test_who_waits_for_an_answer_has_no_turn_to_wait_for() -> None:
    with ThreadPoolExecutor(20) as threads:
        functions = Lambda(AsyncEvents(at_a_time=1), threads=threads)
        list(threads.map(lambda _: functions.execute(FUNCTIONS[0], {}), range(4)))

    assert functions.most == {"one": 4}

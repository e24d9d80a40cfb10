"""Simulated time, and processes that run real code and stop wherever it reaches outside."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from greenlet import GreenletExit, getcurrent, greenlet  # type: ignore[import-untyped]  # it ships no types

CLOSER = "closer"
"""The name of a process that closes books."""

LOOKER = "looker"
"""The name of a process that looks receipts up."""


class Killed(BaseException):
    """A process dies here and now; no code of the product may catch it."""


class Process(greenlet):  # type: ignore[misc]  # for want of greenlet's types
    """One thread of work, on the scheduler's time."""

    def __init__(self, name: str, job: Callable[[], object]) -> None:
        super().__init__(job)
        self.name = name
        self.is_doomed = False


class Scheduler:
    """
    Runs one process at a time, the one whose time comes next.

    Nothing here is random or concurrent: the same sleeps give the same order.
    """

    def __init__(self, start: float) -> None:
        self.now = start
        self._order = count()
        self._agenda: list[tuple[float, int, Callable[[], object]]] = []
        self._processes: list[Process] = []
        self._hub = getcurrent()

    def end(self) -> None:
        """End every process that still waits: one that is merely dropped keeps its memory."""
        self._agenda.clear()
        for process in self._processes:
            process.throw(GreenletExit)
        self._processes.clear()

    def clock(self) -> float:
        return self.now

    def at(self, time: float, job: Callable[[], object]) -> None:
        heappush(self._agenda, (time, next(self._order), job))

    def spawn(self, name: str, job: Callable[[], object], *, after: float = 0) -> Process:
        process = Process(name, job)
        process.parent = self._hub
        self._processes.append(process)
        self.at(self.now + after, process.switch)
        return process

    def sleep(self, seconds: float) -> None:
        """Give way to the others until the time has passed; for processes only."""
        process = getcurrent()
        self.at(self.now + seconds, process.switch)
        self._hub.switch()

    def who(self) -> str:
        return current_name()

    def run(self, *, deadline: float) -> None:
        """Let time pass until then."""
        while self._agenda and self._agenda[0][0] <= deadline:
            time, _, job = heappop(self._agenda)
            self.now = max(self.now, time)
            job()
        self.now = max(self.now, deadline)


def current_name() -> str:
    """Return the name of the running process, or an empty text if none runs."""
    process = getcurrent()
    return process.name if isinstance(process, Process) else ""


def current_process() -> Process:
    process = getcurrent()
    assert isinstance(process, Process), "only processes of the simulation reach outside"
    return process

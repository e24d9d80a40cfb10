"""Sandboxes that die before or after one of their calls."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


class Killed(BaseException):
    """The sandbox is gone: nothing that it had to do afterwards is done."""


@dataclass(slots=True)
class Life:
    """Ends before or after a call; a dead sandbox makes no more calls, not even in a `finally`."""

    ends_at: float
    ends_after: bool
    calls: int = 0
    is_over: bool = False

    def through(self, port: Any) -> Any:
        return Mortal(port, self)

    def call(self, action: Callable[[], Any]) -> Any:
        self.calls += 1
        is_last = self.calls == self.ends_at
        self.is_over |= is_last and not self.ends_after
        if self.is_over:
            raise Killed
        result = action()
        if isinstance(result, Iterator):
            result = iter(list(result))
        self.is_over |= is_last
        if self.is_over:
            raise Killed
        return result


class Mortal:
    def __init__(self, port: Any, life: Life) -> None:
        self._port = port
        self._life = life

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        return lambda *args, **named: self._life.call(lambda: method(*args, **named))

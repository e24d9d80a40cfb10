"""Calls that mostly wait, several at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
Result = TypeVar("Result")


class SideBySide:
    """A `map` with so many threads, which takes no more items than it has threads for."""

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def __call__(self, call: Callable[[T], Result], items: Iterable[T], /) -> Iterator[Result]:
        """Yield the results in the order of the items."""
        with ThreadPoolExecutor(self._threads) as pool:
            waiting: deque[Future[Result]] = deque()
            for item in items:
                waiting.append(pool.submit(call, item))
                if len(waiting) == self._threads:
                    yield waiting.popleft().result()
            for future in waiting:
                yield future.result()

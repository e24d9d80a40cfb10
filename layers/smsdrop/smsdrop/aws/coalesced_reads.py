"""
Threads that want to read at about the same time share one read.

    thread 1   asks a ─ reads a ─┐
    thread 2     asks b ·········├─ reads b, c ─┐
    thread 3        asks c ······┘··············┴─ has what thread 2 has read

A thread that asks while a read is under way is part of the next one, so each read begins after all
who share it have asked: what they get is no older than if they had read alone.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

PATIENCE_SECONDS = 0.2
"""Our choice, many times what DynamoDB takes: a read that hangs must not hold the others up."""


@dataclass(slots=True)
class _Read(Generic[Key, Value]):
    keys: set[Key] = field(default_factory=set)
    is_over: bool = False
    values: Mapping[Key, Value] = field(default_factory=dict)


class CoalescedReads(Generic[Key, Value]):
    """`read` returns a value for each of the keys, or raises."""

    def __init__(self, read: Callable[[Collection[Key]], Mapping[Key, Value]]) -> None:
        self._read = read
        self._next: _Read[Key, Value] = _Read()
        self._joining = threading.Lock()
        self._reading = threading.Lock()

    def get(self, key: Key) -> Value:
        """Return the key's value; if a shared read fails or hangs, it is read alone."""
        with self._joining:
            mine = self._next
            mine.keys.add(key)
        if self._reading.acquire(timeout=PATIENCE_SECONDS):
            try:
                if not mine.is_over:
                    self._read_all(mine)
            finally:
                self._reading.release()
        return mine.values[key] if key in mine.values else self._read([key])[key]

    def _read_all(self, mine: _Read[Key, Value]) -> None:
        with self._joining:
            self._next = _Read()
        try:
            mine.values = self._read(mine.keys)
        except Exception:  # another key may be to blame, as each thread finds out by itself
            if len(mine.keys) == 1:
                raise
        finally:
            mine.is_over = True

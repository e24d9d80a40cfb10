"""The clock of one sandbox, corrected by the provider's when that refuses a time stamp."""

import time
from collections.abc import Callable
from threading import Lock

TOLERANCE_SECONDS = 60
"""Our choice: closer clocks agree. The provider accepts up to a quarter of an hour."""


class CorrectedClock:
    """
    Learns at any time how far it is off, and is set between invocations, or before retrying a
    question on which no claim depends.

    Deadlines use this clock, and so do the times of a claim, on which other sandboxes rely: no call
    may be made under a claim with a wrong time, and the clock may not jump while a deadline runs.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._offset = self._known_offset = 0.0
        self._is_on_trial = False
        self._lock = Lock()

    def __call__(self) -> float:
        return self._clock() + self._offset

    def learn(self, date: float, *, signed_at: float) -> bool:
        """
        Learn from the date of an answer that refused what was signed at this time.

        Say whether that explains the refusal, so that a later attempt may do better. It does not
        if both agree, nor if the clock has been set already and was refused ever since.
        """
        if abs(date - signed_at) <= TOLERANCE_SECONDS:
            return False
        with self._lock:
            offset = date - self._clock()
            is_known = abs(offset - self._known_offset) <= TOLERANCE_SECONDS
            if self._is_on_trial and not is_known:
                self._is_on_trial = False
                return False
            self._known_offset = self._known_offset if is_known else offset
            return True

    def confirm(self) -> None:
        """Trust the clock as it is: a request signed by it was accepted."""
        self._is_on_trial = False

    def set(self) -> None:
        """Apply what was learned."""
        with self._lock:
            if self._offset != self._known_offset:
                self._offset = self._known_offset
                self._is_on_trial = True

"""The request log: every request that the gateway received, also those it refused."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """
    One request. `number` counts the requests of its action from 1, as they arrive.

    `outcome` is the code that was answered, or `no answer`, or `not JSON`; it is None while the
    request is open. `accepted` says whether the call was carried out, so that its SMS were sent,
    whatever was answered. Times are in seconds since the epoch.
    """

    number: int
    action: str
    started_at: float
    ended_at: float | None = None
    outcome: str | None = None
    fault: str | None = None
    accepted: bool = False
    recipients: int = 0
    out_id: str | None = None

    def to_json(self) -> str:
        return json.dumps(
            {name: getattr(self, name) for name in self.__slots__}, ensure_ascii=False
        )


class RequestLog:
    def __init__(self) -> None:
        self._requests: list[LoggedRequest] = []
        self._numbers: Counter[str] = Counter()
        self._outcomes: dict[str, Counter[str]] = {}
        self._faults: Counter[str] = Counter()
        self._open = 0

    def open(self, action: str, *, at: float, recipients: int, out_id: str | None) -> int:
        """Add a request that arrived, and return its place in the log."""
        self._numbers[action] += 1
        self._open += 1
        self._requests.append(
            LoggedRequest(
                number=self._numbers[action],
                action=action,
                started_at=at,
                recipients=recipients,
                out_id=out_id,
            )
        )
        return len(self._requests) - 1

    def close(self, place: int, *, at: float, outcome: str, fault: str | None) -> None:
        request = replace(self._requests[place], ended_at=at, outcome=outcome, fault=fault)
        self._requests[place] = request
        self._open -= 1
        self._outcomes.setdefault(request.action, Counter())[outcome] += 1
        if fault is not None:
            self._faults[fault] += 1

    def mark_accepted(self, place: int) -> None:
        self._requests[place] = replace(self._requests[place], accepted=True)

    def at(self, place: int) -> LoggedRequest:
        return self._requests[place]

    def pages(
        self, *, action: str | None = None, offset: int = 0, limit: int | None = None
    ) -> Iterator[list[LoggedRequest]]:
        """Yield the requests of one action or of all, page by page, as they arrived."""
        chosen = [each for each in self._requests if action in (None, each.action)]
        end = len(chosen) if limit is None else min(len(chosen), offset + limit)
        for start in range(offset, end, 100):
            yield chosen[start : min(start + 100, end)]

    def summary(self) -> dict[str, Any]:
        return {
            "calls": {action: dict(outcomes) for action, outcomes in self._outcomes.items()},
            "open_calls": self._open,
            "faults": dict(self._faults),
        }

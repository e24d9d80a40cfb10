"""
The journal: every message that the gateway accepted.

It keeps calls, not messages, and leaves the params in the JSON they came in: a million messages
are ten thousand calls. `Message` objects are made only when the journal is read.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One accepted message. `at` is in seconds since the epoch; `failed` is the carrier's word."""

    phone_number: str
    at: float
    template_code: str
    sign_name: str
    params: dict[str, str]
    extend_code: str | None
    out_id: str | None
    biz_id: str
    request_number: int
    failed: bool

    def to_json(self) -> str:
        # not asdict: a million of them are read at a time
        return json.dumps(
            {name: getattr(self, name) for name in self.__slots__}, ensure_ascii=False
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The messages of one accepted call. The same position in each tuple is the same message."""

    at: float
    template_code: str
    phone_numbers: tuple[str, ...]
    sign_names: tuple[str, ...]
    params_json: bytes | None
    extend_codes: tuple[str, ...] | None
    out_id: str | None
    biz_id: str
    request_number: int
    failed: frozenset[int]
    account_id: str

    def messages(self) -> Iterator[Message]:
        params: list[dict[str, str]] = json.loads(self.params_json) if self.params_json else []
        for position, phone_number in enumerate(self.phone_numbers):
            yield Message(
                phone_number=phone_number,
                at=self.at,
                template_code=self.template_code,
                sign_name=self.sign_names[position],
                params=params[position] if params else {},
                extend_code=self.extend_codes[position] if self.extend_codes else None,
                out_id=self.out_id,
                biz_id=self.biz_id,
                request_number=self.request_number,
                failed=position in self.failed,
            )


class Journal:
    """The submissions in the order they were accepted, with an index by phone number."""

    def __init__(self) -> None:
        self._submissions: list[Submission] = []
        self._starts: list[int] = []
        self._by_number: dict[str, tuple[Submission, ...] | Submission] = {}
        self._texted: set[str] = set()
        self._texted_again: set[str] = set()
        self._messages = 0
        self._failed = 0

    def accept(self, submission: Submission) -> None:
        self._submissions.append(submission)
        self._starts.append(self._messages)
        self._messages += len(submission.phone_numbers)
        self._failed += len(submission.failed)
        for position, phone_number in enumerate(submission.phone_numbers):
            self._index(phone_number, submission)
            if position not in submission.failed:
                seen = self._texted_again if phone_number in self._texted else self._texted
                seen.add(phone_number)

    def _index(self, phone_number: str, submission: Submission) -> None:
        earlier = self._by_number.setdefault(phone_number, submission)
        if earlier is submission:
            return
        held = earlier if isinstance(earlier, tuple) else (earlier,)
        if held[-1] is not submission:
            self._by_number[phone_number] = (*held, submission)

    def knows(self, phone_number: str) -> bool:
        return phone_number in self._by_number

    def of_number(self, phone_number: str, *, account_id: str | None = None) -> Iterator[Message]:
        """Yield the messages to a number, of one account or of all."""
        found = self._by_number.get(phone_number, ())
        for submission in found if isinstance(found, tuple) else (found,):
            if account_id not in (None, submission.account_id):
                continue
            for message in submission.messages():
                if message.phone_number == phone_number:
                    yield message

    def pages(self, *, offset: int = 0, limit: int | None = None) -> Iterator[list[Message]]:
        """Yield the messages of each call from `offset` on, at most `limit` messages in all."""
        end = self._messages if limit is None else min(self._messages, offset + limit)
        first = max(0, bisect_right(self._starts, offset) - 1)
        for number in range(first, len(self._submissions)):
            start = self._starts[number]
            if start >= end:
                return
            messages = list(self._submissions[number].messages())
            yield messages[max(0, offset - start) : end - start]

    def summary(self) -> dict[str, Any]:
        return {
            "texts": self._messages - self._failed,
            "failed": self._failed,
            "distinct_numbers": len(self._texted),
            "numbers_texted_more_than_once": len(self._texted_again),
        }

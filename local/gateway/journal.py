"""
The journal: every message that the gateway accepted.

It keeps calls, not messages, and leaves the params in the JSON they came in: a million messages
are ten thousand calls. `Message` objects are made only when the journal is read.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from .delivery import Attempt, Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One accepted message. `at` is in seconds since the epoch; `failed`: its number is bad."""

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
    """
    The messages of one accepted call. The same position in each tuple is the same message.

    `delivery` and `advanced_seconds` are as they were when it was accepted.
    """

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
    delivery: Delivery
    advanced_seconds: float

    def messages(self) -> Iterator[Message]:
        params = self._params()
        return (self._message(each, params) for each in range(len(self.phone_numbers)))

    def message(self, position: int) -> Message:
        return self._message(position, self._params())

    def _params(self) -> list[dict[str, str]]:
        return json.loads(self.params_json) if self.params_json else []

    def _message(self, position: int, params: list[dict[str, str]]) -> Message:
        return Message(
            phone_number=self.phone_numbers[position],
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message by its place in a call; `earlier` messages to its number came before."""

    submission: Submission
    position: int
    earlier: int

    @property
    def phone_number(self) -> str:
        return self.submission.phone_numbers[self.position]

    def message(self) -> Message:
        return self.submission.message(self.position)

    def attempts(self) -> tuple[Attempt, ...]:
        """Return the rows that the message ever has, as they were dealt."""
        is_bad = self.position in self.submission.failed
        return self.submission.delivery.attempts(
            self.phone_number, earlier=self.earlier, is_bad=is_bad
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
        for entry in self.entries_of(phone_number):
            if account_id in (None, entry.submission.account_id):
                yield entry.message()

    def entries_of(self, phone_number: str) -> Iterator[Entry]:
        found = (
            (each, position)
            for each in self._calls_to(phone_number)
            for position, number in enumerate(each.phone_numbers)
            if number == phone_number
        )
        for earlier, (submission, position) in enumerate(found):
            yield Entry(submission=submission, position=position, earlier=earlier)

    def _calls_to(self, phone_number: str) -> tuple[Submission, ...]:
        found = self._by_number.get(phone_number, ())
        return found if isinstance(found, tuple) else (found,)

    def pages(self, *, offset: int = 0, limit: int | None = None) -> Iterator[list[Message]]:
        """Yield the messages of each call from `offset` on, at most `limit` messages in all."""
        for submission, part in self._parts(offset, limit):
            yield list(submission.messages())[part]

    def entry_pages(self, *, offset: int = 0, limit: int | None = None) -> Iterator[list[Entry]]:
        """Yield the same as entries."""
        for submission, part in self._parts(offset, limit):
            positions = range(len(submission.phone_numbers))[part]
            yield [self._entry(submission, position) for position in positions]

    def _entry(self, submission: Submission, position: int) -> Entry:
        number = submission.phone_numbers[position]
        before = takewhile(lambda each: each is not submission, self._calls_to(number))
        earlier = sum(each.phone_numbers.count(number) for each in before)
        earlier += submission.phone_numbers[:position].count(number)
        return Entry(submission=submission, position=position, earlier=earlier)

    def _parts(self, offset: int, limit: int | None) -> Iterator[tuple[Submission, slice]]:
        end = self._messages if limit is None else min(self._messages, offset + limit)
        first = max(0, bisect_right(self._starts, offset) - 1)
        for number in range(first, len(self._submissions)):
            start = self._starts[number]
            if start >= end:
                return
            yield self._submissions[number], slice(max(0, offset - start), end - start)

    def summary(self) -> dict[str, Any]:
        return {
            "texts": self._messages - self._failed,
            "failed": self._failed,
            "distinct_numbers": len(self._texted),
            "numbers_texted_more_than_once": len(self._texted_again),
        }

"""
Ask the provider a question about what it has on file, again while the answer may still change.

A question changes nothing, so it can be repeated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from smsdrop.alibaba.answers import Answer, Meaning
from smsdrop.alibaba.ports import Keys
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.reasons import Reason

TRANSIENT = (Meaning.DEFERRED, Meaning.IN_DOUBT)
"""Meanings of answers that may be different a moment later."""

PAUSES_SECONDS = (0.5, 2.0)
"""Our choice: between the attempts."""

Described_co = TypeVar("Described_co", covariant=True)


class Question(Protocol[Described_co]):
    def __call__(self, *, key: AccessKey) -> Described_co | Answer:
        """Return what is described, or the answer if it describes nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    keys: Keys
    wait: Callable[[float], None]

    def ask(self, question: Question[Described_co]) -> Described_co | Answer:
        """Return the first answer that will not change, else the last. Raises `NoAccessKey`."""
        answer = self._ask_once(question)
        for pause in PAUSES_SECONDS:
            if not (isinstance(answer, Answer) and answer.meaning in TRANSIENT):
                break
            self.wait(pause)
            answer = self._ask_once(question)
        return answer

    def _ask_once(self, question: Question[Described_co]) -> Described_co | Answer:
        key = self.keys.current()
        answer = question(key=key)
        if isinstance(answer, Answer) and answer.blames_the_key and self.keys.refresh() != key:
            answer = question(key=self.keys.current())
        return answer


def keys_unreadable(error: NoAccessKey) -> Reason:
    """Return the problem that nothing could be asked: a file is checked as far as it can be."""
    return Reason("keys_unreadable", (error.code,))

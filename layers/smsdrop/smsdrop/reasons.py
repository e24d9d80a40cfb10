"""Why a row is rejected or a file refused, in words that a person can act on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from smsdrop.code_texts import code_text
from smsdrop.reason_texts import BETWEEN_NAMES, DELIVERY_WORDS, STATUS_WORDS, TEXTS


@dataclass(frozen=True, slots=True)
class Reason:
    """A code that never changes, and the details for its sentence."""

    code: str
    details: tuple[str, ...] = ()

    def text(self, language: str = "en") -> str:
        """Return the sentence in `en` or `zh`; an unknown code is returned as it is."""
        if self.code not in TEXTS:
            return code_text(self.code, language) or " ".join(self.to_list())
        names = BETWEEN_NAMES[language].join(self.details)
        return TEXTS[self.code][language].format(*self.details, names=names)

    def to_list(self) -> list[str]:
        return [self.code, *self.details]

    @classmethod
    def from_list(cls, flat: Sequence[str]) -> Self:
        code, *details = flat
        return cls(code, tuple(details))


class FileRefused(Exception):
    """The file as a whole is not usable; nothing of it is sent."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason.text()


def refused(code: str, *details: object) -> FileRefused:
    return FileRefused(Reason(code, tuple(map(str, details))))


def status_word(status: str, language: str) -> str:
    """Return a row's status as people read it; one of another release is returned as it is."""
    return STATUS_WORDS[status][language] if status in STATUS_WORDS else status


def delivery_word(delivery: str, language: str) -> str:
    """Return what the carrier has said about a row, as people read it."""
    return DELIVERY_WORDS[delivery][language]

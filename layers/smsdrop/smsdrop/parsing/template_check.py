"""
Ask the provider about a file's template before anything of the file is sent.

Only a definite answer refuses the file. Whoever cannot be asked (no permission, no key pair, a
gateway that knows no such question, no answer at all) leaves the file unchecked, and the summary
says so: the provider looks at every call itself, and refuses before it texts anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from smsdrop.alibaba.answers import Answer, Meaning
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.alibaba.template import Review, Template
from smsdrop.reasons import FileRefused, Reason

UNKNOWN_TEMPLATE = "isv.SMS_TEMPLATE_ILLEGAL"

NO_KEYS = "smsdrop.NoKeys"
"""Ours: the secret holds no key pair yet."""

NOT_APPROVED = {
    Review.PENDING: "template_pending",
    Review.REJECTED: "template_rejected",
    Review.CANCELLED: "template_cancelled",
}

TRANSIENT = (Meaning.DEFERRED, Meaning.IN_DOUBT)
"""What such an answer means may be otherwise a moment later; a question can be asked again."""

PAUSES_SECONDS = (0.5, 2.0)
"""Ours: between the tries."""


class Provider(Protocol):
    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Return the template, or the answer that tells of none."""
        ...


class Keys(Protocol):
    def current(self) -> AccessKey:
        """Raises `NoAccessKey`."""
        ...

    def renewed(self) -> AccessKey:
        """Fetch the key pair anew: it may have been rotated."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCheck:
    provider: Provider
    keys: Keys
    wait: Callable[[float], None]

    def of(self, code: str) -> Template | Reason:
        """
        Return the template, or the problem that it could not be checked.

        Raises `FileRefused` if there is no such template, or it is not approved.
        """
        try:
            told = self._ask(code)
        except NoAccessKey:
            return Reason("template_unchecked", (code, NO_KEYS))
        if isinstance(told, Answer):
            if told.code == UNKNOWN_TEMPLATE:
                raise FileRefused(Reason("template_unknown", (code,)))
            return Reason("template_unchecked", (code, told.code))
        if told.review is not Review.APPROVED:
            raise FileRefused(Reason(NOT_APPROVED[told.review], (code,)))
        return told

    def _ask(self, code: str) -> Template | Answer:
        told = self._ask_once(code)
        for pause in PAUSES_SECONDS:
            if isinstance(told, Template) or told.meaning not in TRANSIENT:
                break
            self.wait(pause)
            told = self._ask_once(code)
        return told

    def _ask_once(self, code: str) -> Template | Answer:
        key = self.keys.current()
        told = self.provider.template(code, key=key)
        if isinstance(told, Answer) and told.blames_the_key and self.keys.renewed() != key:
            told = self.provider.template(code, key=self.keys.current())
        return told

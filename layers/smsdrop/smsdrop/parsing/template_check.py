"""
Ask the provider about a file's template before anything of the file is sent.

Only a definite answer refuses the file. If the provider cannot be asked (no permission, no key
pair, a gateway that does not know the question, no answer at all), the file goes unchecked and the
summary says so: the provider checks every call itself, and refuses before it texts anyone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from smsdrop.alibaba.answers import Answer, Meaning
from smsdrop.alibaba.ports import Keys
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.alibaba.template import Review, Template
from smsdrop.reasons import FileRefused, Reason

UNKNOWN_TEMPLATE = "isv.SMS_TEMPLATE_ILLEGAL"

NO_KEYS = "smsdrop.NoKeys"
"""Our own code: the secret holds no key pair yet."""

NOT_APPROVED = {
    Review.PENDING: "template_pending",
    Review.REJECTED: "template_rejected",
    Review.CANCELLED: "template_cancelled",
}

TRANSIENT = (Meaning.DEFERRED, Meaning.IN_DOUBT)
"""Meanings of answers that may be different a moment later; a question can be repeated."""

PAUSES_SECONDS = (0.5, 2.0)
"""Our choice: between the attempts."""


class Provider(Protocol):
    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Return the template, or the answer if that is not one."""
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
            template = self._ask(code)
        except NoAccessKey:
            return Reason("template_unchecked", (code, NO_KEYS))
        if isinstance(template, Answer):
            if template.code == UNKNOWN_TEMPLATE:
                raise FileRefused(Reason("template_unknown", (code,)))
            return Reason("template_unchecked", (code, template.code))
        if template.review is not Review.APPROVED:
            raise FileRefused(Reason(NOT_APPROVED[template.review], (code,)))
        return template

    def _ask(self, code: str) -> Template | Answer:
        answer = self._ask_once(code)
        for pause in PAUSES_SECONDS:
            if isinstance(answer, Template) or answer.meaning not in TRANSIENT:
                break
            self.wait(pause)
            answer = self._ask_once(code)
        return answer

    def _ask_once(self, code: str) -> Template | Answer:
        key = self.keys.current()
        answer = self.provider.template(code, key=key)
        if isinstance(answer, Answer) and answer.blames_the_key and self.keys.refresh() != key:
            answer = self.provider.template(code, key=self.keys.current())
        return answer

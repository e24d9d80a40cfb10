"""
Ask the provider about a file's template before anything of the file is sent.

Only a definite answer refuses the file. If the provider cannot be asked (no permission, no key
pair, a gateway that does not know the question, no answer at all), the file goes unchecked and the
summary says so: the provider checks every call itself, and refuses before it texts anyone.
"""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from smsdrop.alibaba.answers import Answer
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.alibaba.template import Review, Template
from smsdrop.parsing.asking import Asking, keys_unreadable
from smsdrop.reasons import FileRefused, Reason

UNKNOWN_TEMPLATE = "isv.SMS_TEMPLATE_ILLEGAL"

NOT_APPROVED = {
    Review.PENDING: "template_pending",
    Review.REJECTED: "template_rejected",
    Review.CANCELLED: "template_cancelled",
}


class Provider(Protocol):
    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Return the template, or the answer if that is not one."""
        ...

    def older_template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Do the same by the older question, for an account that may ask only that one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCheck:
    provider: Provider
    asking: Asking

    def of(self, code: str) -> Template | Reason:
        """
        Return the template, or the problem that it could not be checked.

        Raises `FileRefused` if there is no such template, or it is not approved.
        """
        try:
            template = self._ask(code)
        except NoAccessKey as error:
            return keys_unreadable(error)
        if isinstance(template, Answer):
            if template.code == UNKNOWN_TEMPLATE:
                raise FileRefused(Reason("template_unknown", (code,)))
            return Reason("template_unchecked", (code, template.code))
        if template.review is not Review.APPROVED:
            raise FileRefused(Reason(NOT_APPROVED[template.review], (code,)))
        return template

    def _ask(self, code: str) -> Template | Answer:
        """Ask the older question too, before an indefinite answer to the newer one counts."""
        newer = self.asking.ask(partial(self.provider.template, code))
        if _is_definite(newer):
            return newer
        older = self.asking.ask(partial(self.provider.older_template, code))
        return older if _is_definite(older) else newer


def _is_definite(answer: Template | Answer) -> bool:
    return isinstance(answer, Template) or answer.code == UNKNOWN_TEMPLATE

"""
Ask the provider about a file's sign names before anything of the file is sent.

A sign name that is not approved gets the file refused. One that is approved but not filed with a
carrier does not, but is reported: the provider accepts such texts, and the carrier may drop them. A
sign name that cannot be asked about goes unchecked, and the summary says so, as with the template.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from smsdrop.alibaba.answers import Answer
from smsdrop.alibaba.sign import Sign
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.alibaba.template import Review
from smsdrop.parsing.asking import Asking, keys_unreadable
from smsdrop.reasons import FileRefused, Reason

UNKNOWN_SIGN_NAME = "isv.SMS_SIGNATURE_ILLEGAL"

MAX_SIGN_NAMES = 20
"""Our choice: a file may name a sign for each row, and each is a question of its own."""

NOT_APPROVED = {
    None: "sign_names_unknown",
    Review.PENDING: "sign_names_pending",
    Review.REJECTED: "sign_names_rejected",
    Review.CANCELLED: "sign_names_cancelled",
}

UNFILED = {
    "mobile": "sign_names_unfiled_mobile",
    "unicom": "sign_names_unfiled_unicom",
    "telecom": "sign_names_unfiled_telecom",
}
"""By carrier; for one that is not among them, `sign_names_unfiled`."""


class Provider(Protocol):
    def sign(self, name: str, *, key: AccessKey) -> Sign | Answer:
        """Return the sign name, or the answer if that describes none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignCheck:
    provider: Provider
    asking: Asking

    def of(self, sign_names: Iterable[str]) -> tuple[Reason, ...]:
        """Return the problems that refuse nothing; raises `FileRefused` for the others."""
        names = list(sign_names)
        signs, unchecked = self._ask_about(names[:MAX_SIGN_NAMES])
        for review, code in NOT_APPROVED.items():
            refused = tuple(name for name, sign in signs.items() if _review(sign) is review)
            if refused:
                raise FileRefused(Reason(code, refused))
        if not unchecked and len(names) > MAX_SIGN_NAMES:
            unchecked = (Reason("sign_names_many", (str(MAX_SIGN_NAMES),)),)
        return (*_unfiled(signs), *unchecked)

    def _ask_about(self, names: list[str]) -> tuple[dict[str, Sign | None], tuple[Reason, ...]]:
        """
        Return what each is, None if the account does not have it.

        The first that gets no definite answer is the last to be asked about.
        """
        signs: dict[str, Sign | None] = {}
        for name in names:
            try:
                answer = self.asking.ask(partial(self.provider.sign, name))
            except NoAccessKey as error:
                return signs, (keys_unreadable(error),)
            if isinstance(answer, Sign):
                signs[name] = answer
            elif answer.code == UNKNOWN_SIGN_NAME:
                signs[name] = None
            else:
                return signs, (Reason("sign_names_unchecked", (name, answer.code)),)
        return signs, ()


def _review(sign: Sign | None) -> Review | None:
    return sign.review if sign else None


def _unfiled(signs: Mapping[str, Sign | None]) -> tuple[Reason, ...]:
    """Return a problem for each carrier, with all sign names that are not filed there."""
    names: dict[str, list[str]] = {}
    for sign in filter(None, signs.values()):
        codes = (UNFILED.get(carrier, "sign_names_unfiled") for carrier in sign.unfiled_at)
        for code in dict.fromkeys(codes):
            names.setdefault(code, []).append(sign.name)
    return tuple(Reason(code, tuple(each)) for code, each in names.items())

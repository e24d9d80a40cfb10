"""One call, decoded from HTTP and not checked yet."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from .form import pairs
from .phone_numbers import bare

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Header names are lower case; `query` and `form` are decoded, in the order they were sent."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    form: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def from_wire(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Self:
        path, _, query = target.partition("?")
        lowered = {name.lower(): value.strip() for name, value in headers.items()}
        is_form = lowered.get("content-type", "").partition(";")[0].lower() == FORM
        form = body.decode("utf-8", "replace") if is_form else ""
        return cls(
            method=method,
            path=path,
            query=tuple(pairs(query)),
            form=tuple(pairs(form)),
            headers=lowered,
            body=body,
        )

    @property
    def has_authorization(self) -> bool:
        """Whether it is signed in a header; older clients sign in the params."""
        return bool(self.headers.get("authorization"))

    @property
    def action(self) -> str:
        return self._header_or_param("x-acs-action", "Action")

    @property
    def version(self) -> str:
        return self._header_or_param("x-acs-version", "Version")

    def _header_or_param(self, header: str, param: str) -> str:
        if self.has_authorization:
            return self.headers.get(header, "")
        return self.params().get(param, "")

    def params(self) -> dict[str, str]:
        return dict(self.form) | dict(self.query)


def phone_numbers_in(params: Mapping[str, str]) -> tuple[str, ...]:
    """Return the phone numbers that a call names, without prefix; none if they can not be read."""
    if "PhoneNumber" in params:
        return bare_where_possible([params["PhoneNumber"]])
    if "PhoneNumbers" in params:
        return bare_where_possible(params["PhoneNumbers"].split(","))
    try:
        listed = json.loads(params.get("PhoneNumberJson", "[]"))
    except ValueError:
        return ()
    if not isinstance(listed, list):
        return ()
    return bare_where_possible(map(str, listed))


def bare_where_possible(phone_numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(bare(each) or each for each in phone_numbers)

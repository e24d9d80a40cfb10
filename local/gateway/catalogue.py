"""The sign names and templates of the account, each with the state of its review."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, Self

from .answers import Refusal

Status = Literal["approved", "reviewing", "rejected", "cancelled"]

TEMPLATE_CODE = re.compile(r"SMS_[0-9]+")
SIGN_NAME_LENGTHS = range(2, 13)
VARIABLE = re.compile(r"\$\{([^{}]+)\}")

CARRIERS = ("mobile", "unicom", "telecom")
"""OperatorCode."""

GOOD = 3
"""RegisterStatus: filed, and proven by texts that arrived."""

INTERNATIONAL = 3
"""The template type that can not be used for domestic numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueTemplate:
    """`type`: 0 is a one-time password, 1 a notification, 2 a promotion, 3 international."""

    content: str
    type: Literal[0, 1, 2, 3] = 1
    status: Status = "approved"
    name: str = ""

    def variables(self) -> frozenset[str]:
        return _variables(self.content)

    def filled_with(self, params: Mapping[str, str]) -> str:
        return VARIABLE.sub(lambda match: params.get(match[1], match[0]), self.content)


@lru_cache
def _variables(content: str) -> frozenset[str]:
    return frozenset(VARIABLE.findall(content))


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """
    The sign names and templates that are known.

    While `is_set` is false, every well-formed sign name and template code counts as approved.
    Sign names do not distinguish upper and lower case. `filings` has the state of a sign name's
    real-name filing by carrier, where that is not `GOOD`; it is only shown, and stops no text.
    """

    signs: Mapping[str, Status] = field(default_factory=dict)
    filings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    templates: Mapping[str, CatalogueTemplate] = field(default_factory=dict)
    is_set: bool = False

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        templates = {
            code: CatalogueTemplate(**each) for code, each in fields.get("templates", {}).items()
        }
        return cls(
            signs=dict(fields.get("signs", {})),
            filings=dict(fields.get("filings", {})),
            templates=templates,
            is_set=True,
        )

    def template(self, code: str) -> CatalogueTemplate | None:
        """Return the template in any status; while nothing is set, one without content."""
        if self.is_set:
            return self.templates.get(code)
        return CatalogueTemplate(content="") if TEMPLATE_CODE.fullmatch(code) else None

    def sign(self, name: str) -> Status | None:
        if not self.is_set:
            return "approved" if len(name) in SIGN_NAME_LENGTHS else None
        statuses = {known.casefold(): status for known, status in self.signs.items()}
        return statuses.get(name.casefold())

    def filing(self, name: str) -> dict[str, int]:
        """Return the state of the sign name's filing with each carrier."""
        known = {sign.casefold(): states for sign, states in self.filings.items()}
        return dict.fromkeys(CARRIERS, GOOD) | dict(known.get(name.casefold(), {}))

    def check_template(self, code: str) -> None:
        template = self.template(code)
        if template is None or template.status != "approved":
            raise Refusal("isv.SMS_TEMPLATE_ILLEGAL")
        if template.type == INTERNATIONAL:
            raise Refusal("isv.DOMESTIC_NUMBER_NOT_SUPPORTED")

    def check_sign(self, name: str) -> None:
        if self.sign(name) != "approved":
            raise Refusal("isv.SMS_SIGNATURE_ILLEGAL")

    def check_params(self, code: str, params: Mapping[str, str]) -> None:
        """Require a value for each variable of the template, and no other params."""
        if not self.is_set:
            return
        variables = self.templates[code].variables()
        if variables - params.keys():
            raise Refusal("isv.TEMPLATE_MISSING_PARAMETERS")
        if params.keys() - variables or not all(params.values()):
            raise Refusal("isv.SMS_TEMPLATE_ILLEGAL")

    def text(self, code: str, sign_name: str, params: Mapping[str, str]) -> str:
        """Return the text that the recipient gets; for an unknown template, its code."""
        template = self.templates.get(code, CatalogueTemplate(content=code))
        return f"【{sign_name}】{template.filled_with(params)}"

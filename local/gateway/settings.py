"""The settings, which can be changed while the stand-in runs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Self

from .phone_numbers import bare

CHOICES = {"a_bad_number_fails": ("alone", "call"), "placement": ("any", "documented")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    balance: int | None = None
    """How many more SMS the account can pay for; None is no limit."""

    bad_numbers: frozenset[str] = frozenset()
    """Phone numbers that count as bad although their form is right."""

    a_bad_number_fails: Literal["alone", "call"] = "alone"
    """Whether a bad number fails alone, as documented, or the whole call is refused."""

    listing_seconds: float = 0
    """How long after the call QuerySendDetails begins to list its messages."""

    receipt_seconds: float = 0
    """How long after the call the carrier's receipt arrives."""

    latency_seconds: float = 0
    """The least time that a call takes."""

    max_body_bytes: int | None = None
    """How long a body may be before a proxy in front refuses it; None is no limit."""

    placement: Literal["any", "documented"] = "any"
    """Whether a param is read from query and body alike, or only from where it is documented."""

    lacks: frozenset[str] = frozenset()
    """Actions that are not there, as after the provider has taken one offline."""

    def lets_through(self, body: bytes) -> bool:
        return self.max_body_bytes is None or len(body) <= self.max_body_bytes

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """Return changed settings; raise ValueError for an unknown name or an unknown choice."""
        unknown = changes.keys() - {each.name for each in fields(self)}
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        for name in CHOICES.keys() & changes.keys():
            if changes[name] not in CHOICES[name]:
                raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}")
        bad_numbers = changes.get("bad_numbers", self.bad_numbers)
        bare_numbers = frozenset(bare(each) or each for each in bad_numbers)
        lacks = frozenset(changes.get("lacks", self.lacks))
        return replace(self, **{**changes, "bad_numbers": bare_numbers, "lacks": lacks})

    def to_json(self) -> dict[str, Any]:
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return values | {"bad_numbers": sorted(self.bad_numbers), "lacks": sorted(self.lacks)}

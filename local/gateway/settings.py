"""What can be turned while the stand-in runs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Self

from .phone_numbers import bare

CHOICES = {"a_bad_number_fails": ("alone", "call"), "placement": ("any", "documented")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    balance: int | None = None
    """Texts the account can still pay for; None is without end."""

    bad_numbers: frozenset[str] = frozenset()
    """Well-formed numbers that count as bad."""

    a_bad_number_fails: Literal["alone", "call"] = "alone"
    """Documented is alone. That a malformed one might fail the whole call is not ruled out."""

    listing_seconds: float = 0
    """How long after the call a lookup begins to list its recipients."""

    receipt_seconds: float = 0
    """How long after the call the carrier's receipt comes in."""

    latency_seconds: float = 0
    """What every call takes at least."""

    placement: Literal["any", "documented"] = "any"
    """Whether a param is also read where the documentation does not put it (query, body)."""

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """Raise ValueError for a name that is no setting, or a choice there is not."""
        unknown = changes.keys() - {each.name for each in fields(self)}
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        for name in CHOICES.keys() & changes.keys():
            if changes[name] not in CHOICES[name]:
                raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}")
        bad_numbers = changes.get("bad_numbers", self.bad_numbers)
        known_as = frozenset(bare(each) or each for each in bad_numbers)
        return replace(self, **{**changes, "bad_numbers": known_as})

    def to_json(self) -> dict[str, Any]:
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return values | {"bad_numbers": sorted(self.bad_numbers)}

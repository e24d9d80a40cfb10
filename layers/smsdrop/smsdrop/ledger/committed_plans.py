"""The log of a template's plans, in the order in which they were committed; it only grows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedPlan:
    """
    What stands at one place of the log, counted from 1; times are seconds since 1970.

    `committed_by` is the campaign, which has begun by `begins_by` at the latest. `plan` is the
    prefix of the plan's objects, and `again` the word that marks the campaign as an intended
    repetition. `fingerprints` are those of all its messages, or none if there are many. `scheduled`
    has the place and the `begins_by` of earlier plans that were committed long before they begin.
    """

    template_code: str
    place: int
    committed_by: str
    plan: str
    begins_by: float
    committed_at: float
    again: str = ""
    fingerprints: str = ""
    scheduled: tuple[tuple[int, float], ...] = ()
    revision: int = 1
    expires_at: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)

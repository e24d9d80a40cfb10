"""The log of a template's plans, in the order in which they were committed; it only grows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedPlan:
    """
    What stands at one place of the log, counted from 1; times are seconds since 1970.

    `committed_by` is the campaign, which has begun `begins_by` then at the latest. `plan` is the
    prefix of the plan's objects, and `again` the word by which the campaign is meant as a
    repetition. `fingerprints` are those of all its messages, or none where there are many.
    `scheduled` has the place and the `begins_by` of plans before this one that were committed long
    before that.
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

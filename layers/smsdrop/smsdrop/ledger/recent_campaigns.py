"""
The campaigns of one template code that began lately, in the order in which they were taken up.

A campaign is compared with those ahead of it. It joins at the end and never moves; it leaves the
list, or has a plan there, by writes that are conditional on the list's revision. One with a plan is
never taken out but for its age.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Self

from smsdrop.ledger.codes import KEPT_SECONDS

MOST_CAMPAIGNS = 2000
"""Our choice: so many take less than the 400 KB that DynamoDB gives an entry."""


def mark_of(word: str) -> str:
    """Return what stands for a word in the list, where every byte counts; none for no word."""
    return sha256(word.encode()).hexdigest()[:16] if word else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """
    A campaign in the list; times are seconds since 1970.

    `registered_at` is when a run of it last began, `again` the mark of the word by which it is
    meant as a repetition, and `plan` the token of its plan's folder once that is committed.
    `unknown` has what a later release has added.
    """

    campaign_id: str
    started_at: float
    registered_at: float
    again: str = ""
    plan: str = ""
    unknown: tuple[Any, ...] = ()

    def to_list(self) -> list[Any]:
        known = (self.campaign_id, self.started_at, self.registered_at, self.again, self.plan)
        return [*known, *self.unknown]

    @classmethod
    def from_list(cls, values: tuple[Any, ...]) -> Self:
        campaign_id, started_at, registered_at, again, plan, *unknown = values
        return cls(
            campaign_id=campaign_id,
            started_at=started_at,
            registered_at=registered_at,
            again=again,
            plan=plan,
            unknown=tuple(unknown),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentCampaigns:
    """
    The list of one template code.

    `left_out` is when the latest of those began that had to leave since there were too many.
    """

    template_code: str
    campaigns: tuple[Recent, ...] = ()
    left_out: float = 0
    revision: int = 0
    expires_at: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)

    def find(self, campaign_id: str) -> Recent | None:
        return next((each for each in self.campaigns if each.campaign_id == campaign_id), None)

    def ahead_of(self, campaign_id: str) -> tuple[Recent, ...]:
        """Return those that stand before the campaign, which is in the list."""
        ids = [each.campaign_id for each in self.campaigns]
        return self.campaigns[: ids.index(campaign_id)]

    def registered(self, mine: Recent, *, since: float) -> Self:
        """
        Return the list with the campaign at its end, or with its new time where it stands.

        Those that began before `since` leave it, and of too many the first ones.
        """
        stands = self.find(mine.campaign_id)
        if stands is not None:
            return self._with(stands, replace(stands, registered_at=mine.registered_at))
        kept = [each for each in self.campaigns if each.started_at >= since]
        surplus = kept[: max(0, len(kept) + 1 - MOST_CAMPAIGNS)]
        return replace(
            self,
            campaigns=(*kept[len(surplus) :], mine),
            left_out=max([self.left_out, *(each.started_at for each in surplus)]),
            revision=self.revision + 1,
            expires_at=int(mine.registered_at) + KEPT_SECONDS,
        )

    def without(self, one: Recent) -> Self:
        """Return the list without a campaign, unless a run of it has been here since."""
        if one not in self.campaigns or one.plan:
            return self
        left = tuple(each for each in self.campaigns if each != one)
        return replace(self, campaigns=left, revision=self.revision + 1)

    def with_plan(self, campaign_id: str, plan: str, *, ahead: frozenset[str]) -> Self:
        """Return the list with the campaign's plan, unless it has one, or others came ahead."""
        stands = self.find(campaign_id)
        if stands is None or stands.plan:
            return self
        if not ahead.issuperset(each.campaign_id for each in self.ahead_of(campaign_id)):
            return self
        return self._with(stands, replace(stands, plan=plan))

    def _with(self, before: Recent, after: Recent) -> Self:
        if after == before:
            return self
        campaigns = tuple(after if each == before else each for each in self.campaigns)
        return replace(self, campaigns=campaigns, revision=self.revision + 1)

"""
What the log of a template's plans has ahead of a file.

A file is compared with a plan until `RepeatHours` after the plan's campaign begins. Plans that were
committed long before they begin are named by each plan that is committed meanwhile.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf

from smsdrop.drop_path import DropPath
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.ports import ReadsCommittedPlans

SKEW_SECONDS = 3600.0
"""Our choice: by how much the clocks of two sandboxes may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedFile:
    """What decides which plans a file is compared with: given a word, only those with that word."""

    campaign: Campaign
    path: DropPath
    again: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """
    What the log has ahead of a file, up to its `latest` plan.

    The file is judged by the plans that it is `compared` with; `others` do not seem to have any of
    its messages. `own` is the plan that another run of the file has committed.
    """

    latest: CommittedPlan | None = None
    own: str = ""
    compared: tuple[CommittedPlan, ...] = ()
    others: tuple[CommittedPlan, ...] = ()

    @property
    def last_place(self) -> int:
        return self.latest.place if self.latest else 0

    def scheduled(self, since: float) -> tuple[tuple[int, float], ...]:
        """
        Return the place and the beginning of each plan that was committed long before it begins.

        Those that have begun by `since` are left out: nothing is compared with them any more.
        """
        if self.latest is None:
            return ()
        latest = (self.latest.place, self.latest.begins_by)
        is_ahead = self.latest.begins_by > self.latest.committed_at + SKEW_SECONDS
        every = (*self.latest.scheduled, *([latest] if is_ahead else []))
        return tuple(each for each in every if each[1] > since)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReader:
    """`repeat_seconds` is how long ago a campaign that is compared with may have begun."""

    ledger: ReadsCommittedPlans
    clock: Callable[[], float]
    repeat_seconds: float

    def read(self, file: DroppedFile, before: Ahead | None = None) -> Ahead:
        """Read what came after `before`, or all; none of it has been compared with yet."""
        since = self.clock() - self.repeat_seconds
        after = before.last_place if before else 0
        latest, plans = self._lately(file, after=after, since=since)
        latest = latest or (before.latest if before else None)
        if before is None:
            first = plans[0].place if plans else inf
            scheduled = [place for place, _ in Ahead(latest=latest).scheduled(since)]
            plans = [*self._at(file, [each for each in scheduled if each < first]), *plans]
        campaign_id = file.campaign.campaign_id
        lately = [each for each in plans if each.begins_by > since]  # what others compare with too
        own = [each.plan for each in lately if each.committed_by == campaign_id]
        others = (
            each
            for each in lately
            if each.committed_by != campaign_id and file.again in ("", each.again)
        )
        return Ahead(latest=latest, own="".join(own[-1:]), others=tuple(others))

    def _lately(
        self, file: DroppedFile, *, after: int, since: float
    ) -> tuple[CommittedPlan | None, list[CommittedPlan]]:
        """Return the latest plan after that place, and those that were committed lately."""
        oldest = since - SKEW_SECONDS
        latest, plans = None, list[CommittedPlan]()
        for each in self.ledger.committed_plans(file.path.template_code):
            latest = latest or (each if each.place > after else None)
            if each.place <= after or each.committed_at < oldest:
                break
            plans.append(each)
        return latest, plans[::-1]

    def _at(self, file: DroppedFile, places: Iterable[int]) -> list[CommittedPlan]:
        found = [self.ledger.committed_plan(file.path.template_code, each) for each in places]
        return [each for each in found if each is not None]

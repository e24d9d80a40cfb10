"""
Which of several files comes first: each is compared with those ahead of it, and with no other.

A file registers at the end of its template's list. Its plan is committed by the write that puts it
there, on the condition that the file still stands behind the same others as when it was judged;
only then comes the campaign's own write. So of two files at the same moment, one is behind the
other, and waits until that has a plan in the list, or never will have one:

    A registers       [A]
                                    B registers      [A, B]
    A is judged                     B waits
    A's plan          [A+, B]
    A is planned                    B is judged with what A has, whoever planned A

A plan in the list is not undone. Whoever finds one whose campaign is still being parsed plans that
campaign first, so that what a later file was judged by is what will be sent.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from smsdrop.drops import work_folder
from smsdrop.ledger.campaign import Campaign, Judgement, Status
from smsdrop.ledger.ports import ReadsCampaigns, ReadsRecent, Writes, update
from smsdrop.ledger.recent_campaigns import Recent, RecentCampaigns, mark_of
from smsdrop.parsing.repeats.kept_judgement import keep_judgement, kept_judgement
from smsdrop.ports import ObjectGone, Objects

POLL_SECONDS = 1.0

WAIT_SECONDS = 30.0
"""Our choice: for how long one run waits for the files ahead; then the file is tried again."""

DEAD_AFTER_SECONDS = 1800.0
"""Twice what a run may take: whoever registered longer ago is between two tries, or given up."""

NO_CAMPAIGNS: tuple[Campaign, ...] = ()


class MustWait(Exception):
    """The file cannot be judged yet, since one ahead of it has no plan; it is tried again."""


class PrecedenceLedger(ReadsCampaigns, ReadsRecent, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    Where a file stands, and what it is compared with: the campaigns ahead that have a plan.

    `plan` is its own, if an earlier run has committed one. `ahead` are all that stand before it.
    """

    campaigns: tuple[Campaign, ...] = NO_CAMPAIGNS
    plan: str = ""
    template_code: str = ""
    ahead: frozenset[str] = frozenset()
    are_left_out: bool = False


@dataclass(slots=True)
class _Waiting:
    """What is known of the campaigns ahead; None for those that are not compared with."""

    settled: dict[str, Campaign | None] = field(default_factory=dict)

    @property
    def campaigns(self) -> tuple[Campaign, ...]:
        return tuple(each for each in self.settled.values() if each is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedence:
    """`repeat_seconds` is how long ago a campaign may have begun to be compared with."""

    ledger: PrecedenceLedger
    objects: Objects
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    repeat_seconds: float

    @contextmanager
    def place_of(self, campaign: Campaign, template_code: str, *, again: str) -> Iterator[Place]:
        """
        Give the file its place once all ahead are settled; raises `MustWait`.

        A run that fails gives the place up, so that nobody waits while it is not tried.
        """
        listed = self._registered(campaign, template_code, mark_of(again))
        mine = listed.find(campaign.campaign_id)
        try:
            yield self._settled_place(listed, campaign.campaign_id)
        except Exception:
            with suppress(Exception):  # then it is taken out when it has been there for too long
                update(self.ledger, listed, lambda each: each.without(mine) if mine else each)
            raise

    def commit(self, campaign: Campaign, place: Place, judgement: Judgement) -> str:
        """
        Put the plan into the list, and return the one that is there now, perhaps another run's.

        Raises `MustWait` if the file has lost its place: then it must be judged anew.
        """
        keep_judgement(judgement, self.objects)
        campaign_id = campaign.campaign_id
        token = judgement.plan.removeprefix(work_folder(campaign_id)).rstrip("/")
        listed = update(
            self.ledger,
            self.ledger.recent(place.template_code),
            lambda each: each.with_plan(campaign_id, token, ahead=place.ahead),
        )
        mine = listed.find(campaign_id)
        if mine is None or not mine.plan:
            raise MustWait("the file has lost its place among others")
        return _folder(mine)

    def complete(self, campaign: Campaign, plan: str) -> Campaign:
        """Plan a campaign whose plan is in the list; raises `ObjectGone`."""
        judgement = kept_judgement(plan, self.objects)

        def planned(each: Campaign) -> Campaign:
            is_parsing = each.status is Status.PARSING
            return each.planned(judgement, at=self.clock()) if is_parsing else each

        return update(self.ledger, campaign, planned)

    def _registered(self, campaign: Campaign, template_code: str, again: str) -> RecentCampaigns:
        now = self.clock()
        mine = Recent(
            campaign_id=campaign.campaign_id,
            started_at=campaign.started_at,
            registered_at=now,
            again=again,
        )
        since = now - self.repeat_seconds
        return update(
            self.ledger,
            self.ledger.recent(template_code),
            lambda each: each.registered(mine, since=since),
        )

    def _settled_place(self, listed: RecentCampaigns, campaign_id: str) -> Place:
        waiting = _Waiting()
        give_up_at = self.clock() + WAIT_SECONDS
        while (mine := listed.find(campaign_id)) is not None:
            ahead = listed.ahead_of(campaign_id)
            if mine.plan or self._are_settled(listed, self._compared(mine, ahead), waiting):
                return Place(
                    campaigns=waiting.campaigns,
                    plan=_folder(mine) if mine.plan else "",
                    template_code=listed.template_code,
                    ahead=frozenset(each.campaign_id for each in ahead),
                    are_left_out=listed.left_out > self.clock() - self.repeat_seconds,
                )
            if self.clock() >= give_up_at:
                break
            self.sleep(POLL_SECONDS)
            listed = self.ledger.recent(listed.template_code)
        raise MustWait("a file ahead of this one has no plan yet")

    def _compared(self, mine: Recent, ahead: tuple[Recent, ...]) -> list[Recent]:
        """Return those that the file is compared with: by a word, only those of the same word."""
        since = self.clock() - self.repeat_seconds
        return [
            each
            for each in ahead
            if each.started_at > since and (not mine.again or each.again == mine.again)
        ]

    def _are_settled(
        self, listed: RecentCampaigns, compared: list[Recent], waiting: _Waiting
    ) -> bool:
        for each in compared:
            if each.campaign_id not in waiting.settled:
                self._look_at(listed, each, waiting)
        return all(each.campaign_id in waiting.settled for each in compared)

    def _look_at(self, listed: RecentCampaigns, one: Recent, waiting: _Waiting) -> None:
        """Note the campaign if it has come to a plan, or to none; of one that is dead, be rid."""
        campaign = self.ledger.campaign(one.campaign_id)
        if campaign is not None and campaign.status is Status.PARSING and not campaign.halt_code:
            if one.plan:
                with suppress(ObjectGone):
                    campaign = self.complete(campaign, _folder(one))
            elif one.registered_at < self.clock() - DEAD_AFTER_SECONDS:
                update(self.ledger, listed, lambda each: each.without(one))
            if campaign.status is Status.PARSING and not campaign.halt_code:
                return
        is_compared = campaign is not None and _may_text(campaign, listed.template_code)
        waiting.settled[one.campaign_id] = campaign if is_compared else None


def _may_text(campaign: Campaign, template_code: str) -> bool:
    """Say whether the campaign has a plan of this template that was, or may be, sent."""
    has_plan = campaign.status not in (Status.PARSING, Status.REFUSED)
    return has_plan and campaign.template_code == template_code


def _folder(one: Recent) -> str:
    return f"{work_folder(one.campaign_id)}{one.plan}/"

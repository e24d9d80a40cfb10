"""
Bring every open campaign closer to its end, once a minute, whatever happened to its messages.

    a campaign that is    has
    parsing               its file refused, once it is too old
    planned, sending      its released batches queued, lost ones queued again, and those ended
                          that are not to be sent; it is closing once all are at their end
    held                  its preview written, whenever something else holds it
    closing, refused      its report written
    closed, but open      its absent attempts looked up once more, after all else

Between the turns and those lookups, the pages of the open ones are written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

from smsdrop.batches.forms import LaterForm
from smsdrop.batches.plan import PlanDamaged
from smsdrop.closing.progress import has_canary_ended, is_done
from smsdrop.closing.repair import Repair
from smsdrop.closing.seen.write_index import WriteIndex
from smsdrop.closing.seen.write_pages import SHOWN, WritePages
from smsdrop.closing.verify import LOOKUPS, VerifyAbsences
from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, LONGEST_INVOCATION_SECONDS, Campaign, Status
from smsdrop.ledger.gate import LISTS
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.ports import ReadsBatches, ReadsCampaigns, Writes, update
from smsdrop.ports import ObjectGone, Topic
from smsdrop.sending.preview import WritePreview
from smsdrop.sending.queue_plan import QueuePlan
from smsdrop.sending.suppression.listed_since import ListedSince
from smsdrop.sending.withdrawing import Standing, Withdrawing

T = TypeVar("T")

STUCK_SECONDS = {Status.PARSING: 3600, Status.PLANNED: 6 * 3600, Status.SENDING: 6 * 3600}
"""Our choice: a campaign open for longer than this is worth a person's look, once a day."""

FAILURES_TO_TELL = 2
"""Our choice: what is over by the next minute is not worth a person's look."""

REPEAT_SECONDS = 24 * 3600

MARGIN_SECONDS = 60
"""Our choice: what it takes to finish what was begun when nothing more is to be begun."""

ASK_SECONDS = 7 * 24 * 3600
"""
Our choice: for how long the provider is asked about attempts in doubt of a campaign that is too old
to be sent. A way out that is blocked may be open again by then, and the provider still tells.
"""

LEAST_TURN_SECONDS = 60
"""Our choice: a turn that is cut shorter may come no further than the last one did."""

NOTICE = "smsdrop: a campaign is stuck"
WHERE_TO_READ = "See 'A campaign is stuck' in docs/operations.md."

MOST_NAMED = 100
"""Our choice: how many campaigns one notice names; SNS takes 256 KB."""


class TickLedger(ReadsBatches, ReadsCampaigns, Writes, Protocol): ...


class Closes(Protocol):
    def close(self, campaign: Campaign, *, has_plan: bool = True) -> Campaign:
        """Write the report, as `Close` does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a campaign's turn has come to; where even its entry cannot be read, it has none."""

    campaign_id: str
    campaign: Campaign | None = None
    error: Exception | None = None


@dataclass(slots=True)
class Turns:
    """When a sandbox last had each open campaign's turn: those go first whose is longest ago."""

    last: dict[str, float] = field(default_factory=dict)

    def in_order(self, campaign_ids: Iterable[str]) -> list[str]:
        """Return the campaigns, the oldest first where turns are equally long ago."""
        self.last = {each: self.last.get(each, 0) for each in campaign_ids}
        return sorted(self.last, key=lambda each: (self.last[each], each))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """
    The use case, with its ports; `turns` is what its sandbox remembers.

    Without `listed_since` no suppression list is looked at.
    """

    ledger: TickLedger
    queue_plan: QueuePlan
    write_preview: WritePreview
    withdrawing: Withdrawing
    repair: Repair
    verify_absences: VerifyAbsences
    close: Closes
    write_pages: WritePages
    write_index: WriteIndex
    leases: Leases
    topic: Topic
    clock: Callable[[], float]
    max_age_seconds: float
    ask_seconds: float = ASK_SECONDS
    turns: Turns = field(default_factory=Turns)
    listed_since: ListedSince | None = None

    def run(self, *, is_paused: bool, deadline: float) -> Iterator[Turn]:
        """
        Advance every open campaign, and yield what each turn came to; then notify a person.

        One that fails keeps no other from its turn, and none gets more than its share of the time.
        Those that the time does not reach are the first of the next tick. What is to be verified
        comes after all turns, each in a turn of its own, so that no campaign waits for another's
        lookups.
        """
        campaign_ids = self.turns.in_order(self.ledger.open_campaign_ids())
        seen: dict[str, Campaign] = {}
        for index, campaign_id in enumerate(campaign_ids):
            now = self.clock()
            if now >= deadline:
                break
            self.turns.last[campaign_id] = now
            share = max(LEAST_TURN_SECONDS, (deadline - now) / (len(campaign_ids) - index))
            until = min(deadline, now + share)
            turn = self._turn(campaign_id, is_paused=is_paused, deadline=until)
            if turn.campaign:
                seen[campaign_id] = turn.campaign
            yield turn
        self._show(campaign_ids, seen, is_paused=is_paused)
        for turn in self._verify_all(
            [each for each in seen.values() if self._is_due(each)], deadline
        ):
            if turn.campaign:
                seen[turn.campaign_id] = turn.campaign
            yield turn
        self._tell([each for each in seen.values() if self._is_worth_a_look(each)])

    def wake(self, campaign_id: str, *, is_paused: bool, deadline: float) -> Turn:
        """
        Give one campaign its turn, ahead of the tick.

        Whoever wakes may be late, wrong, or one of several: it is the same turn, and by the ledger
        alone. One that fails is no failure of the campaign's, since the tick tries it again.
        """
        return self._tried(campaign_id, is_paused=is_paused, deadline=deadline)

    def _show(
        self, campaign_ids: Sequence[str], seen: Mapping[str, Campaign], *, is_paused: bool
    ) -> None:
        """Write the pages; those whose turn has not come, or has failed, stay as they are."""
        written = self.write_pages.written
        written.forget_all_but(
            {each for each in campaign_ids if each not in seen or seen[each].status in SHOWN}
        )
        self.write_pages.write(seen.values(), is_paused=is_paused)
        self.write_index.write(written.statuses(), is_paused=is_paused)

    def _turn(self, campaign_id: str, *, is_paused: bool, deadline: float) -> Turn:
        turn = self._tried(campaign_id, is_paused=is_paused, deadline=deadline)
        if turn.error is None:
            return turn
        return self._failed_turn(campaign_id, turn.campaign, turn.error)

    def _tried(self, campaign_id: str, *, is_paused: bool, deadline: float) -> Turn:
        campaign: Campaign | None = None
        try:
            campaign = self.ledger.campaign(campaign_id)
            if campaign is None or not campaign.is_open or self.clock() < campaign.retry_at:
                return Turn(campaign_id=campaign_id, campaign=campaign)
            if campaign.awaits_verification:  # which may fail, and has a turn of its own
                return Turn(campaign_id=campaign_id, campaign=campaign)
            after = self.advance(campaign, is_paused=is_paused, deadline=deadline)
            after = update(self.ledger, after, Campaign.recovered)
            return Turn(campaign_id=campaign_id, campaign=after)
        except LaterForm:  # it is left to a release that can read it
            return Turn(campaign_id=campaign_id, campaign=campaign)
        except Exception as error:  # noqa: BLE001 - one campaign must not take the others with it
            return Turn(campaign_id=campaign_id, campaign=campaign, error=error)

    def _failed_turn(self, campaign_id: str, campaign: Campaign | None, error: Exception) -> Turn:
        with suppress(Exception):  # then it has its turn again in a minute
            campaign = campaign and update(self.ledger, campaign, self._failed)
        return Turn(campaign_id=campaign_id, campaign=campaign, error=error)

    def advance(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        """Bring an open campaign as far towards its end as the time allows."""
        try:
            return self._advance(campaign, is_paused=is_paused, deadline=deadline)
        except (ObjectGone, PlanDamaged):
            if not self._is_too_old(campaign):
                raise
            return self._end_without_plan(campaign)

    def _advance(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        if campaign.status is Status.PARSING and self._is_too_old(campaign):
            campaign = update(self.ledger, campaign, self._parsing_given_up)
        if campaign.status in HAS_OPEN_BATCHES:
            campaign = self._advance_batches(campaign, is_paused=is_paused, deadline=deadline)
        if campaign.is_to_be_reported:
            return self._reported(campaign)
        return campaign

    def _alone(self, name: str, job: Callable[[], T]) -> T | None:
        """Do it unless another closer is at it; no closer lives longer than the lease."""
        return self.leases.alone(name, job, until=self.clock() + LONGEST_INVOCATION_SECONDS)

    def _reported(self, campaign: Campaign, *, has_plan: bool = True) -> Campaign:
        """Write the report, unless somebody else is at it, or has been while it was theirs."""

        def report() -> Campaign:
            stands = self.ledger.campaign(campaign.campaign_id) or campaign
            if not stands.is_to_be_reported:
                return stands
            return self.close.close(stands, has_plan=has_plan)

        return self._alone(campaign.campaign_id, report) or campaign

    def _is_due(self, campaign: Campaign) -> bool:
        """Say whether the campaign is to be verified now."""
        return campaign.awaits_verification and self.clock() >= max(
            campaign.verify_at, campaign.retry_at
        )

    def _verify_all(self, campaigns: Sequence[Campaign], deadline: float) -> list[Turn]:
        """Give each campaign an equal share of the time; return what each turn came to."""
        turns: list[Turn] = []

        def verify() -> None:
            for done, campaign in enumerate(campaigns):
                now = self.clock()
                if now >= deadline:
                    return
                share = (deadline - now) / (len(campaigns) - done)
                turns.append(self._verifying_turn(campaign, deadline=now + share))

        if campaigns:
            try:
                self._alone(LOOKUPS, verify)
            except Exception as error:  # noqa: BLE001 - it is no campaign's, and notices are left
                turns.append(Turn(campaign_id=LOOKUPS, error=error))
        return turns

    def _verifying_turn(self, campaign: Campaign, *, deadline: float) -> Turn:
        """Verify a campaign; nobody reports it meanwhile."""
        campaign_id = campaign.campaign_id
        try:
            if self._alone(campaign_id, partial(self._verify, campaign, deadline=deadline)):
                campaign = update(self.ledger, campaign, Campaign.recovered)
            return Turn(campaign_id=campaign_id, campaign=campaign)
        except LaterForm:  # it is left to a release that can read it
            return Turn(campaign_id=campaign_id, campaign=campaign)
        except Exception as error:  # noqa: BLE001 - one campaign must not take the others with it
            return self._failed_turn(campaign_id, campaign, error)

    def _verify(self, campaign: Campaign, *, deadline: float) -> bool:
        gives_up = self._gives_up(campaign)
        try:
            self.verify_absences.verify(campaign, gives_up=gives_up, deadline=deadline)
        except (ObjectGone, PlanDamaged):
            if not self._is_too_old(campaign):
                raise
            campaign = update(self.ledger, campaign, _reopened)
            if campaign.is_to_be_reported:
                self.close.close(campaign, has_plan=False)
        return True

    def _advance_batches(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
        if not is_done(campaign, self.ledger):
            is_too_old = self._is_too_old(campaign)
            if not is_too_old:
                campaign = self._let_through(campaign, deadline=deadline)
                if self._is_left_alone(campaign):
                    return self.write_preview.write(campaign)
            repair = partial(
                self.repair.repair,
                campaign,
                is_too_old=is_too_old,
                gives_up=self._gives_up(campaign),
                is_paused=is_paused,
                deadline=deadline,
            )
            if not is_too_old:
                return repair()
            return self._alone(LOOKUPS, repair) or campaign  # what is in doubt is looked up
        return update(self.ledger, campaign, _closing)

    def _is_left_alone(self, campaign: Campaign) -> bool:
        """Say whether it is held: senders forget what is queued of it."""
        return campaign.status is Status.HELD and not campaign.halt_code

    def _let_through(self, campaign: Campaign, *, deadline: float) -> Campaign:
        """Queue what the gate lets through, unless the file is withdrawn before that."""
        if campaign.waits_to_begin:
            standing = self.withdrawing.standing(campaign)
            if standing is Standing.REPLACED:
                return campaign
            if standing is Standing.WITHDRAWN:
                return self.withdrawing.withdraw(campaign)
        if has_canary_ended(campaign, self.ledger):
            campaign = update(self.ledger, campaign, self._canary_ended)
        return self.queue_plan.resume(self._looked_at_lists(campaign), deadline=deadline)

    def _looked_at_lists(self, campaign: Campaign) -> Campaign:
        """See whether the lists that senders could not use can be used by now."""
        if not campaign.unusable_lists or self.listed_since is None:
            return campaign
        faults = self.listed_since.faults(campaign)
        return update(self.ledger, campaign, lambda each: each.held_for_lists(faults, reason=LISTS))

    def _end_without_plan(self, campaign: Campaign) -> Campaign:
        """Close a campaign whose plan is gone, since every campaign ends."""
        campaign = self.ledger.campaign(campaign.campaign_id) or campaign
        if campaign.status in HAS_OPEN_BATCHES:
            if not self.repair.end_without_plan(campaign):
                return campaign
            campaign = update(self.ledger, campaign, _closing)
        if campaign.is_to_be_reported:
            return self._reported(campaign, has_plan=False)
        return campaign

    def _canary_ended(self, campaign: Campaign) -> Campaign:
        return campaign.with_canary(campaign.canary.ended(at=self.clock()))

    def _parsing_given_up(self, campaign: Campaign) -> Campaign:
        return campaign.parsing_given_up(at=self.clock())

    def _failed(self, campaign: Campaign) -> Campaign:
        return campaign.failed(at=self.clock())

    def _is_worth_a_look(self, campaign: Campaign) -> bool:
        """Say whether a person is to be notified of an open campaign, now or again."""
        now = self.clock()
        if not campaign.is_open or campaign.alerted_at + REPEAT_SECONDS > now:
            return False
        stuck_after = STUCK_SECONDS.get(campaign.status)
        since = max(campaign.ages_from, campaign.opened_at)
        is_stuck = stuck_after is not None and now >= since + stuck_after
        return is_stuck or campaign.failures >= FAILURES_TO_TELL

    def _tell(self, campaigns: list[Campaign]) -> None:
        """Notify a person of these campaigns, or try it again in a minute."""
        lines = [_line(each) for each in campaigns[:MOST_NAMED]]
        if not lines or not self.topic.notify(NOTICE, "\n".join([*lines, WHERE_TO_READ])):
            return
        for campaign in campaigns[:MOST_NAMED]:
            with suppress(Exception):  # then this one is named again in a minute
                update(self.ledger, campaign, self._alerted)

    def _alerted(self, campaign: Campaign) -> Campaign:
        return campaign.alerted(at=self.clock()) if campaign.is_open else campaign

    def _is_too_old(self, campaign: Campaign) -> bool:
        return self.clock() - campaign.ages_from > self.max_age_seconds

    def _gives_up(self, campaign: Campaign) -> bool:
        """Say whether what the provider has not told by now is not waited for any more."""
        age = self.clock() - campaign.ages_from
        return age > self.max_age_seconds + self.ask_seconds


def _reopened(campaign: Campaign) -> Campaign:
    return campaign.reopened() if campaign.awaits_verification else campaign


def _closing(campaign: Campaign) -> Campaign:
    return campaign.closing() if campaign.status in HAS_OPEN_BATCHES else campaign


def _line(campaign: Campaign) -> str:
    if campaign.failures >= FAILURES_TO_TELL:
        return f"Campaign {campaign.campaign_id} has failed {campaign.failures} times in a row."
    return f"Campaign {campaign.campaign_id} is still {campaign.status}."

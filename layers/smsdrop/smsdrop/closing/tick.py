"""
Give every open campaign its turn, once a minute.

Between the turns and the lookups of closed campaigns, the pages of the open ones are written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from smsdrop.batches.forms import LaterForm
from smsdrop.closing.advance import Advance
from smsdrop.closing.seen.write_index import WriteIndex
from smsdrop.closing.seen.write_pages import SHOWN, WritePages
from smsdrop.closing.stuck import TellOfStuck
from smsdrop.closing.verify import LOOKUPS
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.ports import ReadsCampaigns, Writes, update

MARGIN_SECONDS = 60
"""Our choice: the time to finish what is under way once nothing more is started."""

LEAST_TURN_SECONDS = 60
"""Our choice: a shorter turn may get no further than the last one did."""


class TickLedger(ReadsCampaigns, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What came of a campaign's turn; `campaign` is None if its entry is gone or cannot be read."""

    campaign_id: str
    campaign: Campaign | None = None
    error: Exception | None = None


@dataclass(slots=True)
class Turns:
    """When a sandbox last gave each open campaign its turn: the longest ago goes first."""

    last: dict[str, float] = field(default_factory=dict)

    def in_order(self, campaign_ids: Iterable[str]) -> list[str]:
        """Return the campaigns in order; if their turns are equally long ago, the oldest first."""
        self.last = {each: self.last.get(each, 0) for each in campaign_ids}
        return sorted(self.last, key=lambda each: (self.last[each], each))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The use case, with its ports; `turns` is what its sandbox remembers."""

    ledger: TickLedger
    advance: Advance
    write_pages: WritePages
    write_index: WriteIndex
    tell_of_stuck: TellOfStuck
    leases: Leases
    clock: Callable[[], float]
    turns: Turns = field(default_factory=Turns)

    def run(self, *, is_paused: bool, deadline: float) -> Iterator[Turn]:
        """
        Advance every open campaign, and yield what came of each turn; then notify a person.

        A campaign that fails keeps no other from its turn, and none gets more than its share of the
        time. Campaigns that the time does not reach come first in the next tick. Verification comes
        after all turns, for each campaign in a turn of its own, so that none waits for another's
        lookups.
        """
        campaign_ids = self.turns.in_order(self.ledger.open_campaign_ids())
        seen: dict[str, Campaign] = {}
        for turn in self._advance_all(campaign_ids, is_paused=is_paused, deadline=deadline):
            _note(seen, turn)
            yield turn
        self._show(campaign_ids, seen, is_paused=is_paused)
        for turn in self._verify_all(list(filter(self._is_due, seen.values())), deadline):
            _note(seen, turn)
            yield turn
        self.tell_of_stuck.tell(seen.values())

    def wake(self, campaign_id: str, *, is_paused: bool, deadline: float) -> Turn:
        """
        Give one campaign its turn, ahead of the tick.

        The wake-up may be late, wrong, or one of several: the turn is the same, and goes by the
        ledger alone. If it fails, that does not count as the campaign's failure, since the tick
        retries it.
        """
        return self._tried(campaign_id, is_paused=is_paused, deadline=deadline)

    def _advance_all(
        self, campaign_ids: Sequence[str], *, is_paused: bool, deadline: float
    ) -> Iterator[Turn]:
        for index, campaign_id in enumerate(campaign_ids):
            now = self.clock()
            if now >= deadline:
                return
            self.turns.last[campaign_id] = now
            share = max(LEAST_TURN_SECONDS, (deadline - now) / (len(campaign_ids) - index))
            until = min(deadline, now + share)
            yield self._or_failed(self._tried(campaign_id, is_paused=is_paused, deadline=until))

    def _tried(self, campaign_id: str, *, is_paused: bool, deadline: float) -> Turn:
        campaign: Campaign | None = None
        try:
            campaign = self.ledger.campaign(campaign_id)
            if campaign is None or not campaign.is_open or self.clock() < campaign.retry_at:
                return Turn(campaign_id=campaign_id, campaign=campaign)
            if campaign.awaits_verification:  # it may fail, so it has a turn of its own
                return Turn(campaign_id=campaign_id, campaign=campaign)
            after = self.advance.advance(campaign, is_paused=is_paused, deadline=deadline)
            after = update(self.ledger, after, Campaign.recovered)
            return Turn(campaign_id=campaign_id, campaign=after)
        except LaterForm:  # it is left to a release that can read it
            return Turn(campaign_id=campaign_id, campaign=campaign)
        except Exception as error:  # noqa: BLE001 - one campaign must not take the others with it
            return Turn(campaign_id=campaign_id, campaign=campaign, error=error)

    def _or_failed(self, turn: Turn) -> Turn:
        """Put off the campaign's next turns if this one has failed."""
        if turn.error is None or turn.campaign is None:
            return turn
        with suppress(Exception):  # then its next turn is in a minute
            return replace(turn, campaign=update(self.ledger, turn.campaign, self._failed))
        return turn

    def _show(
        self, campaign_ids: Sequence[str], seen: Mapping[str, Campaign], *, is_paused: bool
    ) -> None:
        """Write the pages; if a campaign could not be read, or had no turn, its pages stay."""
        written = self.write_pages.written
        written.forget_all_but(
            {each for each in campaign_ids if each not in seen or seen[each].status in SHOWN}
        )
        self.write_pages.write(seen.values(), is_paused=is_paused)
        self.write_index.write(written.statuses(), is_paused=is_paused)

    def _is_due(self, campaign: Campaign) -> bool:
        """Say whether the campaign must be verified now."""
        return campaign.awaits_verification and self.clock() >= max(
            campaign.verify_at, campaign.retry_at
        )

    def _verify_all(self, campaigns: Sequence[Campaign], deadline: float) -> list[Turn]:
        """Give each campaign an equal share of the time; return what came of each turn."""
        turns: list[Turn] = []

        def verify() -> None:
            for done, campaign in enumerate(campaigns):
                now = self.clock()
                if now >= deadline:
                    return
                share = (deadline - now) / (len(campaigns) - done)
                turns.append(self._or_failed(self._verified(campaign, deadline=now + share)))

        if campaigns:
            try:
                self.leases.alone(LOOKUPS, verify)
            except Exception as error:  # noqa: BLE001 - no campaign has failed, and notices follow
                turns.append(Turn(campaign_id=LOOKUPS, error=error))
        return turns

    def _verified(self, campaign: Campaign, *, deadline: float) -> Turn:
        campaign_id = campaign.campaign_id
        try:
            if self.advance.verify(campaign, deadline=deadline):
                campaign = update(self.ledger, campaign, Campaign.recovered)
            return Turn(campaign_id=campaign_id, campaign=campaign)
        except LaterForm:  # it is left to a release that can read it
            return Turn(campaign_id=campaign_id, campaign=campaign)
        except Exception as error:  # noqa: BLE001 - one campaign must not take the others with it
            return Turn(campaign_id=campaign_id, campaign=campaign, error=error)

    def _failed(self, campaign: Campaign) -> Campaign:
        return campaign.failed(at=self.clock())


def _note(seen: dict[str, Campaign], turn: Turn) -> None:
    if turn.campaign:
        seen[turn.campaign_id] = turn.campaign

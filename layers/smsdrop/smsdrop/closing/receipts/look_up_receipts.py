"""
Look up the receipts of closed campaigns, as often as their schedule says.

For open campaigns whose first batches went ahead, look these up until they can be judged.

A look goes through the plan part by part, and asks only about recipients of whom nothing is known
yet. A part's findings are kept before the campaign notes the part as done. So after a crash a
part's recipients are asked about once more at most, and of two concurrent runs each adds what it
finds.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from smsdrop.alibaba.ports import Keys
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.closing.receipts.look_at_canary import LookAtCanary
from smsdrop.closing.receipts.look_at_part import Forbidden, LookAtPart
from smsdrop.closing.verify import LOOKUPS
from smsdrop.ledger.campaign import HAS_OPEN_BATCHES, Campaign
from smsdrop.ledger.leases import Leases
from smsdrop.ledger.ports import ReadsLooks, Writes, update
from smsdrop.receipts.looks import Looks
from smsdrop.receipts.part import parts_of
from smsdrop.sending.rate_limit import RateLimiter

MARGIN_SECONDS = 60
"""
Our choice: the time to finish a part once no more questions are asked.

For this long in every five minutes no receipts are looked up, and the tick finds the lease free.
"""


class LooksLedger(ReadsLooks, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LookTurn:
    """What came of a campaign whose receipts were due; `causes` are why texts have failed."""

    campaign: Campaign
    error: Exception | None = None
    causes: Counter[str] = field(default_factory=Counter)

    @property
    def is_of_canary(self) -> bool:
        """Say whether only the canary was asked about: the others have not gone yet."""
        return self.campaign.status in HAS_OPEN_BATCHES

    @property
    def problem(self) -> str:
        """The provider's code if the key pair may not ask."""
        canary, looks = self.campaign.canary, self.campaign.looks
        return canary.canary_problem if self.is_of_canary else looks.receipts_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpReceipts:
    """The use case, with its ports; `rate` is that of the stack's lookups."""

    ledger: LooksLedger
    look_at_part: LookAtPart
    look_at_canary: LookAtCanary
    keys: Keys
    rate: RateLimiter
    leases: Leases
    clock: Callable[[], float]

    def run(self, *, deadline: float) -> Sequence[LookTurn]:
        """Look up what is due, unless another run is doing so; return what came of it."""
        campaigns = self._due()
        if not campaigns:
            return ()
        job = partial(self._look_at_all, campaigns, deadline=deadline)
        return self.leases.alone(LOOKUPS, job, until=deadline + MARGIN_SECONDS) or ()

    def _due(self) -> list[Campaign]:
        """Return the campaigns whose receipts are due, canaries first: their others wait."""
        ids = dict.fromkeys(self.ledger.looked_at_campaign_ids())
        campaigns = filter(None, map(self.ledger.campaign, ids))
        due = [each for each in campaigns if self._is_due(each)]
        return sorted(due, key=lambda each: each.looks.receipts_at)  # 0 for a canary

    def _is_due(self, campaign: Campaign) -> bool:
        """Say whether receipts are due: the canary's, as long as the others have not gone."""
        if campaign.status not in HAS_OPEN_BATCHES:
            return campaign.looks.is_due(self.clock())
        waits = campaign.awaits_canary and not campaign.halt_code
        return waits and campaign.canary.is_due(self.clock())

    def _look_at_all(self, campaigns: Sequence[Campaign], *, deadline: float) -> list[LookTurn]:
        """Give each campaign an equal share of the time."""
        key = self._key()
        if key is None:
            return []
        self.rate.start_invocation()
        turns: list[LookTurn] = []
        for done, campaign in enumerate(campaigns):
            now = self.clock()
            if now >= deadline:
                break
            share = (deadline - now) / (len(campaigns) - done)
            turns.append(self._turn(campaign, key=key, deadline=now + share))
        return turns

    def _key(self) -> AccessKey | None:
        """Fetch the current key pair: this sandbox does not notice a rotation by itself."""
        try:
            return self.keys.refresh()
        except NoAccessKey:
            return None

    def _turn(self, campaign: Campaign, *, key: AccessKey, deadline: float) -> LookTurn:
        if campaign.status in HAS_OPEN_BATCHES:
            return self._turn_of_canary(campaign, key=key, deadline=deadline)
        now = self.clock()
        campaign = self._changed(campaign, lambda looks: looks.under_way(at=now))
        look = campaign.looks.receipts_look
        causes: Counter[str] = Counter()
        try:
            campaign = self._look(campaign, causes, key=key, deadline=deadline)
        except Forbidden as error:
            forbidden = partial(Looks.forbidden, code=str(error), look=look)
            campaign = self._changed(campaign, forbidden)
        except Exception as error:  # noqa: BLE001 - one campaign must not take the others with it
            campaign = self._put_off(campaign, look)
            return LookTurn(campaign=campaign, error=error, causes=causes)
        return LookTurn(campaign=campaign, causes=causes)

    def _turn_of_canary(self, campaign: Campaign, *, key: AccessKey, deadline: float) -> LookTurn:
        try:
            campaign = self.look_at_canary.look(campaign, key=key, deadline=deadline)
        except Exception as error:  # noqa: BLE001 - one campaign must not take the others with it
            return LookTurn(campaign=campaign, error=error)
        return LookTurn(campaign=campaign)

    def _look(
        self, campaign: Campaign, causes: Counter[str], *, key: AccessKey, deadline: float
    ) -> Campaign:
        """
        Continue the look that is under way.

        The campaign notes each fully answered part, in order; parts behind an incomplete one are
        looked up all the same, unless a part gets no answer at all.
        """
        look, byte = campaign.looks.receipts_look, campaign.looks.receipts_byte
        parts = parts_of(campaign.counts.batches)
        for number in parts[campaign.looks.receipts_part :]:
            if self.clock() >= deadline:
                return campaign
            result, byte = self.look_at_part.look(
                campaign, number, byte, key=key, deadline=deadline
            )
            causes += result.causes
            if result.is_cut_short:
                return campaign
            if result.is_in_vain:
                break
            if not result.unanswered:
                campaign = self._changed(campaign, result.done(look, number, byte))
        if campaign.looks.receipts_part < len(parts):
            return self._put_off(campaign, look)
        return self._changed(campaign, partial(Looks.ended, look=look, at=self.clock()))

    def _put_off(self, campaign: Campaign, look: int) -> Campaign:
        return self._changed(campaign, partial(Looks.put_off, look=look, at=self.clock()))

    def _changed(self, campaign: Campaign, change: Callable[[Looks], Looks]) -> Campaign:
        return update(self.ledger, campaign, lambda each: each.looked(change(each.looks)))

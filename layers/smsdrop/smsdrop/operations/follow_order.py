"""Follow a person's order, whatever it is about, and write an answer to the bucket."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import ReadsCampaigns, Writes, update
from smsdrop.operations.answers import Answer
from smsdrop.operations.effects import FOLLOWED, effect, over, said_of_stack, still_held
from smsdrop.operations.orders import ORDERS, PAUSE, Order
from smsdrop.operations.pausing import Pausing
from smsdrop.reasons import Reason

LOOKS = 4
SECONDS_BETWEEN_LOOKS = 2
"""Our choice: a file that was just dropped by mistake has its campaign, and its entry in the index
of open ones, within seconds."""


class OrderLedger(ReadsCampaigns, Writes, Protocol): ...


class Answers(Protocol):
    def put_new(self, key: str, content: bytes) -> bool:
        """Write an object unless the key exists, and say whether it was written."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowOrder:
    """The use case, with its ports."""

    ledger: OrderLedger
    answers: Answers
    pausing: Pausing
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    language: str

    def follow(self, order: Order) -> Answer:
        """
        Do what is ordered, and answer; if the event comes again, the first answer stays.

        An order that cannot be understood, or names what does not exist, changes nothing.
        """
        answer = self._followed(order, at=order.at or self.clock())
        self.answers.put_new(answer.key, answer.to_json(self.language))
        return answer

    def _followed(self, order: Order, *, at: float) -> Answer:
        if order.name not in ORDERS:
            return Answer(order=order, at=at, said=(Reason("order_unknown", (order.name,)),))
        if not order.what:
            return Answer(order=order, at=at, said=(Reason("order_without_what", (order.name,)),))
        if order.is_for_stack:
            return self._of_stack(order, at=at)
        found = self._find(order)
        if isinstance(found, Reason):
            return Answer(order=order, at=at, said=(found,))
        return self._of_campaign(order, found, at=at)

    def _of_stack(self, order: Order, *, at: float) -> Answer:
        before = self.pausing.stands()
        if order.name == PAUSE:
            after = self.pausing.pause(by=order.by, at=order.at)
        else:
            after = self.pausing.resume(at=order.at)
        said = said_of_stack(order, before, after)
        return Answer(order=order, at=at, said=(said,), pause=after)

    def _of_campaign(self, order: Order, campaign: Campaign, *, at: float) -> Answer:
        """Apply the order to the campaign as it is at the moment of the write."""
        said: tuple[Reason, ...] = ()

        def change(stands: Campaign) -> Campaign:
            nonlocal said
            after, became = effect(order, stands, self.clock())
            said = (became,)
            return after

        campaign = update(self.ledger, campaign, change)
        if (also := still_held(order, campaign, self.clock())) and said[0].code in FOLLOWED:
            said = (*said, also)
        return Answer(order=order, at=at, said=said, campaign=campaign)

    def _find(self, order: Order) -> Campaign | Reason:
        if order.names_campaign:
            campaign = self.ledger.campaign(order.what)
            return campaign or Reason("order_campaign_unknown", (order.what,))
        for look in range(LOOKS):
            if look:
                self.sleep(SECONDS_BETWEEN_LOOKS)
            open_ones = self._open_ones(order.keys)
            running = [each for each in open_ones if over(each) is None]
            if running:
                break
        if len(running) > 1:
            return Reason("order_ambiguous", tuple(each.campaign_id for each in running))
        for campaign in running or reversed(open_ones):
            return campaign
        return Reason("order_file_unknown", (order.what,))

    def _open_ones(self, keys: Collection[str]) -> list[Campaign]:
        """Return the open campaigns of a file, the latest last."""
        return [each for each in self.ledger.open_campaigns() if each.key in keys]

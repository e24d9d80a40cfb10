"""What carriers say of texts, and when: late, twice, in contradiction, or never."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from smsdrop.alibaba.send_details import (
    DELIVERED,
    FAILED,
    WAITS,
    LookupFailed,
    LookupForbidden,
    LookupThrottled,
    SendDetail,
)
from smsdrop.batches.batch import campaign_of
from smsdrop.receipts.receipt import Delivery, Receipt, merged
from tests.simulation.faults import Dice

HOUR = 3600

LATE_SECONDS = (60, 90 * HOUR)
"""Before any of the looks, or after the last."""

FORBIDDEN_SECONDS = (10 * 60, 30 * HOUR)

CODES = ("MOBILE_NOT_ON_SERVICE", "NO_ROUTE", "BLACK_LIST")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What is said of a text from `at` on."""

    status: int
    code: str
    at: float
    received_at: float

    def detail(self, out_id: str) -> SendDetail:
        return SendDetail(
            out_id=out_id,
            template_code="",
            sent_at=None,
            status=self.status,
            code=self.code,
            received_at=self.received_at,
        )


@dataclass(slots=True, kw_only=True)
class SimulatedCarrier:
    """
    Knows the words for each text, by OutId and number; `answered` holds all that was said of one.

    Words may be `prepared` for a number, or be `words_for` an OutId; their times count from the
    text. `heard` has when an answer said that a recipient of a campaign got theirs or did not.
    `asked` counts the questions about a number that were answered.
    """

    dice: Dice
    clock: Callable[[], float]
    words: dict[tuple[str, str], tuple[Word, ...]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    answered: dict[str, list[dict[str, Receipt]]] = field(default_factory=lambda: defaultdict(list))
    prepared: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    words_for: Callable[[str], tuple[Word, ...] | None] = lambda _out_id: None
    heard: dict[str, list[tuple[float, str, Delivery]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    forbids_until: float = 0

    def take(self, out_id: str, phone_number: str, *, at: float) -> None:
        """Deal what becomes of a text that was sent at this time."""
        words = self.prepared.get(phone_number, self.words_for(out_id))
        later = None if words is None else tuple(replace(each, at=at + each.at) for each in words)
        self.words[out_id, phone_number] = tuple(self._dealt(at)) if later is None else later

    def _dealt(self, at: float) -> Iterator[Word]:
        dice = self.dice
        if dice.strikes("receipt never comes"):
            return
        came_at = at + (dice.between(*LATE_SECONDS) if dice.strikes("receipt late") else 0)
        is_failed = dice.strikes("undelivered")
        code = dice.random.choice(CODES) if is_failed else "DELIVERED"
        status = FAILED if is_failed else DELIVERED
        yield Word(status=status, code=code, at=came_at, received_at=float(int(came_at)))
        if dice.strikes("receipt doubled"):
            yield Word(status=status, code=code, at=came_at + 1, received_at=float(int(at)))
        if dice.strikes("receipts contradict each other"):
            code = "DELIVERED" if is_failed else "SP_UNKNOWN_ERROR"
            later = came_at + dice.random.choice((0, 0, HOUR))
            status = DELIVERED if is_failed else FAILED
            yield Word(status=status, code=code, at=later, received_at=float(int(later)) + 1)

    def told(self, out_id: str, phone_number: str, *, by: float) -> Receipt:
        """Return what is known of a text by then, however often it was said."""
        words = self.words[out_id, phone_number]
        return merged(Receipt.of(each.detail(out_id)) for each in words if each.at <= by)

    def failure(self, _phone_number: str) -> LookupFailed | None:
        """Return how a question fails, if it does."""
        if self.dice.strikes("key pair may not ask about receipts"):
            self.forbids_until = self.clock() + self.dice.between(*FORBIDDEN_SECONDS)
        if self.clock() < self.forbids_until and not self.dice.at_rest:
            return LookupForbidden("Forbidden.RAM")
        if self.dice.strikes("question about a receipt throttled"):
            return LookupThrottled("Throttling.User")
        if self.dice.strikes("question about a receipt fails"):
            return LookupFailed("no answer")
        return None

    def answer(
        self, phone_number: str, out_ids: Sequence[str]
    ) -> dict[str, tuple[SendDetail, ...]]:
        """Return the rows of these texts to the number, in any order."""
        now = self.clock()
        self.asked[phone_number] += 1
        told = {each: self.told(each, phone_number, by=now) for each in out_ids}
        self.answered[phone_number].append(told)
        for out_id, receipt in told.items():
            if receipt.delivery is not Delivery.PENDING:
                campaign_id = campaign_of(campaign_of(out_id))
                self.heard[campaign_id].append((now, phone_number, receipt.delivery))
        return {each: self._rows(each, phone_number, now) for each in out_ids}

    def _rows(self, out_id: str, phone_number: str, now: float) -> tuple[SendDetail, ...]:
        words = self.words[out_id, phone_number]
        rows = [each.detail(out_id) for each in words if each.at <= now]
        if len(rows) > 1:
            self.dice.random.shuffle(rows)
        return tuple(rows) or (_waits(out_id),)


def _waits(out_id: str) -> SendDetail:
    return SendDetail(out_id=out_id, template_code="", sent_at=None, status=WAITS)

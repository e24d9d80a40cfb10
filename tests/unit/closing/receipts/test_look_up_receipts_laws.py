"""Whatever carriers say, and when, and whatever fails: what is kept is what was answered last."""

from dataclasses import dataclass, field
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from smsdrop.alibaba.send_details import (
    DELIVERED,
    FAILED,
    WAITS,
    Listing,
    LookupFailed,
    LookupRefused,
    LookupThrottled,
    SendDetail,
)
from smsdrop.batches.batch import nth_batch_id
from smsdrop.receipts.looks import LOOKS
from smsdrop.receipts.receipt import Delivery, Receipt, merged
from tests.support.lives import Killed, Life
from tests.support.receipts_scene import SENT_AT, SIZE, Site, number
from tests.support.samples import CAMPAIGN_ID, NOW

BATCHES = 3
PLACES = [(position, index) for position in range(1, BATCHES + 1) for index in range(SIZE)]
HOURS = (0, 0.5, 12, 48, 100)
"""After the close, when a row appears: before each look, or after the last."""


@dataclass(slots=True)
class Fickle:
    """A carrier that has its rows when it has them, and fails as the dice say."""

    site: Site
    dice: Random
    rows: dict[str, list[tuple[float, SendDetail]]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    answered: dict[str, list[list[SendDetail]]] = field(default_factory=dict)

    def deal(self) -> None:
        for position, index in PLACES:
            rows = self.rows[number(position, index)] = []
            if self.dice.random() < 0.1:
                self.refused.add(number(position, index))
            for _ in range(self.dice.choice((0, 1, 1, 2, 3))):
                status = self.dice.choice((WAITS, FAILED, DELIVERED))
                row = SendDetail(
                    out_id=f"{nth_batch_id(CAMPAIGN_ID, position)}-1",
                    template_code="",
                    sent_at=SENT_AT,
                    status=status,
                    code=f"C{self.dice.randrange(3)}",
                    received_at=float(self.dice.randrange(1, 4)),
                )
                rows.append((NOW + 3600 * self.dice.choice(HOURS), row))

    def receipts(self, phone_number: str, **_: object) -> Listing | LookupFailed:
        fails = self.dice.random()
        if fails < 0.3:
            kind = self.dice.choice((LookupFailed, LookupThrottled))
            return kind("no answer")
        rows = [row for at, row in self.rows[phone_number] if at <= self.site.clock.now]
        if phone_number in self.refused:
            return LookupRefused("isv.INVALID_PARAMETERS")
        self.answered.setdefault(phone_number, []).append(rows)
        self.dice.shuffle(rows)
        return Listing(rows=tuple(rows))


def run_until_final(site: Site, dice: Random) -> int:
    """Run whenever something is due, killing some runs; return how many were killed."""
    killed = 0
    while site.campaign().looks.receipts_at:
        site.clock.now = max(site.clock.now, site.campaign().looks.receipts_at)
        life = Life(ends_at=dice.randrange(1, 200), ends_after=dice.random() < 0.5)
        try:
            site.run(through=life.through)
        except Killed:
            killed += 1
            site.clock.now += 400
    return killed


@given(st.integers(min_value=0))
def test_what_is_kept_is_what_was_answered_last_and_the_counts_are_those_of_it(seed: int) -> None:
    dice = Random(seed)
    site = Site()
    site.closed(batches=BATCHES)
    fickle = Fickle(site, dice)
    fickle.deal()
    site.carrier = fickle  # type: ignore[assignment] # another carrier

    killed = run_until_final(site, dice)

    counts = site.campaign().looks.counts(sent=BATCHES * SIZE)
    parts = (counts.delivered, counts.undelivered, counts.no_receipt)
    deliveries = [site.known(*place).delivery for place in PLACES]
    assert parts == tuple(map(deliveries.count, sorted(Delivery, reverse=True)))
    assert (sum(parts), counts.pending, counts.final) == (BATCHES * SIZE, 0, True)
    for place in PLACES:
        answers = fickle.answered.get(number(*place), [])
        last = merged(map(Receipt.of, answers[-1])) if answers else Receipt()
        known = site.known(*place)
        assert (known.delivery, known.code) == (last.delivery, last.code)
        assert len(answers) <= len(LOOKS) + killed
    assert site.campaign().reopened_at == 0  # by no evidence

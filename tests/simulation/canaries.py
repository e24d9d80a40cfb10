"""Files whose first recipients go ahead in the simulation, and what carriers say of those."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from math import inf
from random import Random
from typing import Any

from smsdrop.alibaba.send_details import DELIVERED, FAILED
from smsdrop.batches.batch import Batch, campaign_of, position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.drops import DROP_PREFIX
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.codes import SUPPRESSED
from smsdrop.receipts.receipt import Delivery
from tests.simulation.carrier import Word
from tests.simulation.drops import Drop
from tests.simulation.faults import Dice

FIRST_GO_AHEAD = "first ones go ahead"

SHARE_OF_RUNS = 0.12
"""So that most seeds stay what they were."""

SHARE_OF_KINDS = 0.5
"""There are few kinds, and most hide no other."""

CANARY_FAULTS = {
    FIRST_GO_AHEAD: 0.8,
    "receipts are bad": 0.4,
    "receipts never come": 0.3,
    "receipts come late": 0.4,
}
"""Dealt by dice of their own: runs without such files stay as they were."""

LATE_SECONDS = 900

WORDS: dict[str, tuple[Word, ...]] = {
    "": (Word(status=DELIVERED, code="DELIVERED", at=0, received_at=1),),
    "receipts are bad": (Word(status=FAILED, code="NO_ROUTE", at=0, received_at=1),),
    "receipts never come": (),
    "receipts come late": (
        Word(status=DELIVERED, code="DELIVERED", at=LATE_SECONDS, received_at=1),
    ),
}
"""What carriers say of all who go ahead of a file; times count from the text."""

LEAST_ANSWERED, LEAST_DELIVERED = 80, 90
FOLDER = re.compile(r"canary=(\d+)/")


def canary_dice(seed: int, *, share: float, always: Collection[str], tell: Any) -> Dice:
    random = Random(f"canary {seed}")
    is_dealt = FIRST_GO_AHEAD in always or (share > 0 and random.random() < SHARE_OF_RUNS)
    return Dice(
        random,
        share=SHARE_OF_KINDS if is_dealt else 0,
        always=(FIRST_GO_AHEAD,) if is_dealt else (),
        tell=tell,
        faults=CANARY_FAULTS,
    )


@dataclass(slots=True, kw_only=True)
class Canaries:
    """`resumed` is when a person first let each campaign go on."""

    dice: Dice
    resumed: dict[str, float] = field(default_factory=dict)
    _words: dict[str, tuple[Word, ...]] = field(default_factory=dict)

    @property
    def are_dealt(self) -> bool:
        return self.dice.deals(FIRST_GO_AHEAD)

    def dealt(self, drop: Drop) -> Drop:
        """Have some of a file's recipients go ahead, if that is dealt."""
        if not self.dice.strikes(FIRST_GO_AHEAD):
            return drop
        folder = f"canary={self.dice.random.randint(1, 4)}/"
        key = DROP_PREFIX + folder + drop.key.removeprefix(DROP_PREFIX)
        return replace(drop, key=key)

    def words(self, out_id: str) -> tuple[Word, ...] | None:
        """Return what carriers say of a text, where such files are dealt."""
        if not self.are_dealt:
            return None
        campaign_id = campaign_of(campaign_of(out_id))
        if campaign_id not in self._words:
            self._words[campaign_id] = WORDS[self.dice.first_of(tuple(WORDS)[1:])]
        return self._words[campaign_id]


def goes_ahead(key: str) -> bool:
    """Say whether some of a file's recipients go ahead."""
    return FOLDER.search(key) is not None


def faults_of_canaries(world: Any) -> Iterator[str]:
    """Nobody is called behind those who went ahead unless their receipts or a person allow it."""
    for campaign in world.ledger.all_campaigns():
        ahead = _batches_ahead(campaign, world.files.objects)
        if not ahead:
            continue
        allowed_at = min(
            _good_from(world, campaign, ahead),
            world.canaries.resumed.get(campaign.campaign_id, inf),
        )
        for call in world.provider.calls:
            is_its = call.batch.campaign_id == campaign.campaign_id
            if is_its and position_of(call.batch.batch_id) > ahead and call.at < allowed_at:
                yield f"canary: {call.out_id} began without good receipts of those ahead"


def _batches_ahead(campaign: Campaign, objects: dict[str, bytes]) -> int:
    """Return how many batches go ahead by the file's path, 0 if nobody follows them."""
    found = FOLDER.search(campaign.key)
    plan = objects.get(f"{campaign.plan}{BATCHES}", b"")
    sizes = [len(Batch.from_json(line)) for line in plan.splitlines()] if found else []
    held = 0
    for number, size in enumerate(sizes, start=1):
        held += size
        if found and held >= int(found[1]):
            return number if number < len(sizes) else 0
    return 0


def _good_from(world: Any, campaign: Campaign, ahead: int) -> float:
    """Return since when the receipts were good, going by what the lookups had found."""
    by_state: dict[State, int] = defaultdict(int)
    for entry in world.ledger.entries(campaign.campaign_id):
        if position_of(entry.batch_id) <= ahead and entry.code != SUPPRESSED:
            by_state[entry.state] += entry.recipients
    refused = by_state[State.REFUSED]
    tried = by_state[State.SENT] + by_state[State.UNCONFIRMED] + refused
    delivered: dict[str, Delivery] = {}
    for at, phone_number, delivery in world.carrier.heard[campaign.campaign_id]:
        delivered[phone_number] = delivery
        by_word = Counter(delivered.values())
        answered = by_word.total() + refused
        is_enough = 100 * answered >= LEAST_ANSWERED * tried
        if is_enough and 100 * by_word[Delivery.DELIVERED] >= LEAST_DELIVERED * answered:
            return float(at)
    return inf

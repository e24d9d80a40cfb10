"""Files whose first recipients go ahead in the simulation, and what the carriers say of these."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from math import inf
from random import Random
from typing import Any

from smsdrop.alibaba.send_details import (
    DELIVERED,
    FAILED,
    WAITS,
    Listing,
    LookupFailed,
    LookupForbidden,
    LookupThrottled,
    SendDetail,
)
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch, position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.drops import DROP_PREFIX
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import Campaign
from tests.simulation.drops import Drop
from tests.simulation.faults import Dice
from tests.simulation.provider import SimulatedProvider, Text
from tests.support.fakes import FakeFiles

FIRST_GO_AHEAD = "first ones go ahead"

SHARE_OF_RUNS = 0.12
"""So that most seeds stay what they were."""

SHARE_OF_KINDS = 0.5
"""There are few of them, and most hide no other."""

CANARY_FAULTS = {
    FIRST_GO_AHEAD: 0.8,
    "receipts are bad": 0.4,
    "receipts never come": 0.3,
    "receipts come late": 0.4,
    "receipt lookup fails": 0.1,
    "receipt lookup throttled": 0.1,
    "receipts may not be asked for": 0.05,
    "killed before a call": 0.03,
    "killed after a call": 0.03,
    "frozen for seconds": 0.02,
    "ledger fails before": 0.02,
    "ledger fails after applying": 0.04,
    "ledger write repeated by the SDK": 0.1,
    "files fail": 0.06,
}
"""Dealt by dice of their own: runs without such files go as they always did."""

WORDS = {"receipts are bad": "bad", "receipts never come": "none", "receipts come late": "late"}
LATE_SECONDS = 900

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
    """
    What is so of them; `kept` has what lookups have found, and `told` when one first told of a
    campaign's recipient, and what.

    `resumed` has when a person first said of a campaign that it may go on.
    """

    dice: Dice
    provider: SimulatedProvider
    kept: FakeFiles = field(default_factory=FakeFiles)
    told: dict[str, dict[str, tuple[float, int]]] = field(default_factory=lambda: defaultdict(dict))
    resumed: dict[str, float] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)

    def dealt(self, drop: Drop) -> Drop:
        """Have some of a file's recipients go ahead, where that is dealt."""
        if not self.dice.strikes(FIRST_GO_AHEAD):
            return drop
        folder = f"canary={self.dice.random.randint(1, 4)}/"
        key = DROP_PREFIX + folder + drop.key.removeprefix(DROP_PREFIX)
        return replace(drop, key=key)

    def receipts(
        self, phone_number: str, *, dates: object, biz_id: str, key: AccessKey
    ) -> Listing | LookupFailed:
        """Answer as the provider does, with the carriers' word."""
        if self.dice.strikes("receipts may not be asked for"):
            return LookupForbidden("isp.RAM_PERMISSION_DENY")
        if self.dice.strikes("receipt lookup throttled"):
            return LookupThrottled("Throttling.User")
        provider = self.provider
        fails = provider.is_cut_off or key != provider.key
        if fails or self.dice.strikes("receipt lookup fails"):
            return LookupFailed("no answer")
        texts = (each for each in provider.texts if each.phone_number == phone_number)
        listed = [each for each in texts if self._is_listed(each)]
        return Listing(rows=tuple(self._row(each) for each in listed))

    def _is_listed(self, text: Text) -> bool:
        is_known = text.account_id == self.provider.account_id
        return is_known and not text.flaw and text.listed_at <= self.provider.scheduler.now

    def _row(self, text: Text) -> SendDetail:
        status = self._status(text)
        now = self.provider.scheduler.now
        if status != WAITS:
            self.told[text.campaign_id].setdefault(text.phone_number, (now, status))
        return SendDetail(
            out_id=text.out_id,
            template_code=text.template_code,
            sent_at=text.sent_at,
            status=status,
            code={FAILED: "NO_ROUTE", DELIVERED: "DELIVERED"}.get(status, ""),
        )

    def _status(self, text: Text) -> int:
        word = self._words.get(text.campaign_id)
        if word is None:
            struck = self.dice.first_of(tuple(WORDS))
            word = self._words[text.campaign_id] = WORDS.get(struck, "good")
        if word == "none" or (
            word == "late" and self.provider.scheduler.now < text.sent_at + LATE_SECONDS
        ):
            return WAITS
        return FAILED if word == "bad" else DELIVERED


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
    """Return from when on the receipts were good, by what the lookups had told."""
    by_state: dict[State, int] = defaultdict(int)
    for entry in world.ledger.entries(campaign.campaign_id):
        if position_of(entry.batch_id) <= ahead:
            by_state[entry.state] += entry.recipients
    refused = by_state[State.REFUSED]
    tried = by_state[State.SENT] + by_state[State.UNCONFIRMED] + refused
    delivered, failed = 0, refused
    for at, status in sorted(world.canaries.told[campaign.campaign_id].values()):
        delivered += status == DELIVERED
        failed += status == FAILED
        answered = delivered + failed
        is_enough = 100 * answered >= LEAST_ANSWERED * tried
        if is_enough and 100 * delivered >= LEAST_DELIVERED * answered:
            return float(at)
    return inf

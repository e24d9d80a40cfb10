"""
Suppression lists that people put, replace, spoil and delete in the simulation.

They have dice and faults of their own, so that runs without them stay the same.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from random import Random

from smsdrop.ledger.campaign import Campaign
from smsdrop.sending.suppression.standing import is_of_promotions
from tests.simulation.faults import Dice
from tests.simulation.files import SimulatedFiles
from tests.simulation.scheduler import Scheduler

LISTS_SHARE = 0.4
"""The share of seeds in which there are lists."""

LISTS_FAULTS: Mapping[str, float] = {
    "killed before a call": 0.02,
    "killed after a call": 0.02,
    "frozen for seconds": 0.05,
    "frozen until others have settled": 0.02,
    "files fail": 0.1,
}
"""Faults of looking for lists, and of reading them."""

DELETED, PUT, SPOILED = "list deleted", "list put", "list spoiled"
KEPT = "kept from a call by a list"

LIST_DEEDS = (DELETED, KEPT, PUT, SPOILED)
"""What people do with lists, and what has to come of it."""

KEYS = ("suppressed/退订.csv", "suppressed/vip.csv", "suppressed/promo/R.csv")

STRANGER = "13999999999"

LONGEST_REST_SECONDS = 240
SPOILED_SECONDS = (30, 400)


def has_lists(seed: int) -> bool:
    return Random(f"lists of {seed}").random() < LISTS_SHARE


@dataclass(slots=True, kw_only=True)
class Span:
    """What stood at a key from one time to another; it cannot be used if `spoiled`."""

    key: str
    numbers: frozenset[str]
    begin: float
    end: float = inf
    spoiled: bool = False

    def concerns(self, campaign: Campaign) -> bool:
        return not (campaign.is_no_promotion and is_of_promotions(self.key))


class SimulatedLists:
    """`spans` is the truth by which calls and reports are judged."""

    def __init__(
        self,
        files: SimulatedFiles,
        scheduler: Scheduler,
        seed: int,
        *,
        share: float,
        tell: Callable[[str], None] | None,
    ) -> None:
        self._files = files
        self._scheduler = scheduler
        self._random = Random(f"lists {seed}")
        self.dice = Dice(self._random, share=share, tell=tell, faults=LISTS_FAULTS)
        self.spans: list[Span] = []

    def put(self, key: str, numbers: Collection[str], *, spoiled: bool = False) -> None:
        now = self._scheduler.now
        self._end(key)
        self._files.marked_deleted.discard(key)
        rows = ["no number"] * 3 if spoiled else [STRANGER, *(f"+86 {each}" for each in numbers)]
        self._files.drop(key, "\n".join(["手机号", *rows, ""]).encode("gb18030"))
        listed = frozenset(() if spoiled else numbers)
        self.spans.append(Span(key=key, numbers=listed, begin=now, spoiled=spoiled))
        self.dice.note(SPOILED if spoiled else PUT)
        self.dice.tell(f"{key}: {sorted(listed)}")

    def delete(self, key: str) -> None:
        self._end(key)
        self._files.marked_deleted.add(key)
        self.dice.note(DELETED)
        self.dice.tell(key)

    def change(self, recipients: Callable[[], Iterable[str]]) -> None:
        """Change some now and then; a spoiled list is replaced in the end."""
        random = self._random
        for _ in range(random.randint(1, 6)):
            self._scheduler.sleep(random.choice((0, random.uniform(0, LONGEST_REST_SECONDS))))
            key, known = random.choice(KEYS), sorted(recipients())
            some = random.sample(known, min(len(known), random.randint(0, 3)))
            kind = random.random()
            if kind < 0.15:
                self.delete(key)
                continue
            if kind < 0.3:
                self.put(key, (), spoiled=True)
                self._scheduler.sleep(random.uniform(*SPOILED_SECONDS))
            self.put(key, some)

    def listed_for(self, number: str, campaign: Campaign, at: float) -> float:
        """Return for how many seconds the number had been on some list by then."""
        begin = at
        spans = [each for each in self._of(campaign) if number in each.numbers]
        while earlier := [each.begin for each in spans if each.begin < begin <= each.end]:
            begin = min(earlier)
        return at - begin

    def spoiled_for(self, campaign: Campaign, at: float) -> float:
        """Return for how many seconds some list of the campaign's had been unusable by then."""
        begins = [each.begin for each in self._of(campaign) if each.spoiled and at < each.end]
        return max((at - each for each in begins), default=0)

    def was_listed(self, number: str, campaign: Campaign) -> bool:
        return any(number in each.numbers for each in self._of(campaign))

    def _of(self, campaign: Campaign) -> Iterator[Span]:
        return (each for each in self.spans if each.concerns(campaign))

    def _end(self, key: str) -> None:
        for each in self.spans:
            if each.key == key and each.end == inf:
                each.end = self._scheduler.now

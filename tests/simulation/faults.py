"""Every fault of the simulation, and the dice that deal them."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from random import Random

FAULTS: Mapping[str, float] = {
    # Any call to the outside.
    "killed before a call": 0.02,
    "killed after a call": 0.02,
    "frozen for seconds": 0.02,
    "frozen until others have settled": 0.01,
    # DynamoDB and S3.
    "ledger fails before": 0.02,
    "ledger fails after applying": 0.04,
    "ledger write repeated by the SDK": 0.1,
    "index of open campaigns is behind": 0.1,
    "files fail": 0.06,
    "notice refused": 0.95,
    "objects of one campaign fail for long": 0.8,
    "plan deleted": 0.8,
    # SQS.
    "queue takes only some": 0.25,
    "queue takes all, and its answer is lost": 0.2,
    "message handed out twice": 0.2,
    "message delayed": 0.2,
    "message overtaken by later ones": 0.3,
    "message not deleted": 0.1,
    "message not put off": 0.2,
    "message dead-lettered": 0.04,
    "queue purged": 0.6,
    "queue counts are behind": 0.2,
    "steady traffic: the queue is never idle": 0.4,
    # AWS.
    "DynamoDB away": 0.25,
    "S3 away": 0.25,
    "SQS away": 0.25,
    "KMS away": 0.25,
    # The gate.
    "to be started later": 0.3,
    "to be sent until a time": 0.3,
    "to be sent in a window": 0.3,
    "to be approved": 0.3,
    "half of a plan released at first": 0.4,
    # Lambda and S3 events.
    "event twice": 0.4,
    "event late": 0.4,
    "event replayed after closing": 0.95,
    "parsing fails for good": 0.4,
    "wake-up refused": 0.5,
    "wake-up lost": 0.5,
    "wake-up late": 0.5,
    "wake-up twice": 0.5,
    "woken for nothing": 0.5,
    "file deleted": 0.25,
    "same file uploaded twice": 0.4,
    "object copied in place": 0.4,
    "dropped again with a word": 0.4,
    "dropped again after some work": 0.6,
    "two at the same moment": 0.5,
    "dropped again once it is closed": 0.84,
    # The provider.
    "never connected": 0.15,
    "request lost": 0.15,
    "request arrives after the sender left": 0.1,
    "answer lost": 0.15,
    "503 without accepting": 0.15,
    "503 after accepting": 0.15,
    "garbage after accepting": 0.17,
    "refusal that carries a BizId": 0.13,
    "refusal that texted the others": 0.2,
    "throttled": 0.2,
    "clock of a sandbox wrong": 0.15,
    "bodies too large for a proxy": 0.6,
    "rows listed late": 0.3,
    "rows listed after the settling time": 0.3,
    "lookup fails": 0.1,
    "lookup throttled": 0.3,
    "lookups take long": 0.3,
    "every lookup takes long": 0.4,
    "lookup refused for good": 0.3,
    "rows without an OutId": 0.3,
    "rows counted but not listed": 0.3,
    "number refused alone": 0.2,
    "account cannot be asked": 0.3,
    "bad number": 0.5,
    "everyone over the limit": 0.6,
    "refusal that passes": 0.3,
    "account fault": 0.1,
    "template refused": 0.09,
    "unknown code": 0.09,
    "egress blocked for good": 0.3,
    "egress blocked until nothing may be sent": 0.4,
    # People.
    "cancelled by hand": 0.3,
    "paused and resumed by hand": 0.5,
    "keys rotated": 0.4,
    "keys of another account": 0.4,
    "deployed with other defaults": 0.5,
    "deployed after files were planned": 0.5,
    "rolled back for a while": 0.5,
    "large batches": 0.8,
    "slow rate": 0.5,
    "redriven after closing": 1,
}
"""
How often each fault strikes when it could, in a run that deals it at all.

Our choice: each strikes in a twentieth of the seeds or more.
"""

TELLING_FAULTS: Mapping[str, float] = {
    "killed before a call": 0.02,
    "killed after a call": 0.02,
    "ledger fails before": 0.05,
    "ledger fails after applying": 0.05,
    "ledger write repeated by the SDK": 0.1,
    "robot refuses": 0.5,
    "robot hangs": 0.3,
    "robot says it, and its answer is lost": 0.3,
}
"""The same for telling people, by dice of their own: notices change no other roll."""

RECEIPT_FAULTS: Mapping[str, float] = {
    # Looking receipts up.
    "killed before a call": 0.02,
    "killed after a call": 0.02,
    "frozen for seconds": 0.01,
    "frozen until others have settled": 0.01,
    "ledger fails before": 0.03,
    "ledger fails after applying": 0.05,
    "ledger write repeated by the SDK": 0.1,
    "files fail": 0.1,
    # The schedule.
    "looked for nothing": 0.05,
    "look comes late": 0.4,
    "two look at one time": 0.3,
    "no look for hours": 0.3,
    # The provider and the carriers.
    "question about a receipt fails": 0.3,
    "question about a receipt throttled": 0.3,
    "key pair may not ask about receipts": 0.2,
    "rows listed after the last look at what was absent": 0.5,
    "undelivered": 0.3,
    "receipt late": 0.4,
    "receipt never comes": 0.3,
    "receipt doubled": 0.4,
    "receipts contradict each other": 0.4,
}
"""The same for looking receipts up and for what carriers say, by dice of their own."""

RECEIPTS_SHARE = 0.6
"""Our choice: in so many of the runs receipts are looked up."""

DEALT_SHARE = 0.3
"""The share of runs that deal a kind of fault: too many kinds at once hide one another."""


class Dice:
    """
    Deals the faults of one run.

    It deals this `share` of the kinds of `faults`, and those in `always`.
    Once it is at rest, nothing fails any more.
    """

    def __init__(
        self,
        random: Random,
        *,
        share: float = DEALT_SHARE,
        always: Collection[str] = (),
        tell: Callable[[str], None] | None = None,
        faults: Mapping[str, float] = FAULTS,
    ) -> None:
        self.random = random
        self.tell = tell or (lambda _: None)
        self.fired: Counter[str] = Counter()
        self.at_rest = False
        self._chances = {
            fault: chance
            for fault, chance in faults.items()
            if random.random() < share or fault in always
        }

    def deals(self, fault: str) -> bool:
        """Say whether the run deals the fault at all."""
        return fault in self._chances

    def strikes(self, fault: str, *, at_any_time: bool = False) -> bool:
        """Say whether it strikes; what people do long afterwards, `at_any_time`, is no failure."""
        chance = self._chances.get(fault)
        is_over = self.at_rest and not at_any_time
        if chance is None or is_over or self.random.random() >= chance:
            return False
        self.fired[fault] += 1
        self.tell(f"!! {fault}")
        return True

    def note(self, deed: str) -> None:
        """Count what a person did, just like a fault that struck."""
        self.fired[deed] += 1
        self.tell(f"!! {deed}")

    def first_of(self, faults: tuple[str, ...]) -> str:
        """Return the first of these that strikes, or an empty text."""
        return next((fault for fault in faults if self.strikes(fault)), "")

    def pause(self) -> float:
        """Return the time of a small step; steps are coarse, so that two may end at once."""
        return self.random.choice((0.0, 0.0, 0.25, 0.5))

    def token(self) -> str:
        return f"{self.random.getrandbits(64):016x}"

    def between(self, least: float, most: float) -> float:
        return self.random.uniform(least, most)

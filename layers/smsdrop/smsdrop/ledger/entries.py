"""The ledger's other entries, and what a sender reads of it at once."""

from dataclasses import dataclass

from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """
    Whether sending rests for the whole stack; `told` is whether a person was notified.

    Its revision is the generation of the flag.
    """

    paused: bool = False
    code: str = ""
    since: float = 0
    told: bool = False
    revision: int = 0

    @property
    def campaign_id(self) -> str:
        return "stack"

    @property
    def entry(self) -> str:
        return "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Which campaign was the first with this content, template code and sign name."""

    content_id: str
    first: str
    revision: int = 1
    expires_at: int = 0

    @property
    def campaign_id(self) -> str:
        return f"content#{self.content_id}"

    @property
    def entry(self) -> str:
        return "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the ledger says about a batch, read at one time before anything is done with it."""

    campaign: Campaign | None
    batch: BatchEntry | None
    pause: Pause

"""
The ledger's other entries, and what a sender reads of it at once.

`unknown` has what a later release has added to an entry, as it is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """
    Whether sending is paused for the whole stack; `notified` is whether a person was told of it.

    Its revision is the generation of the flag; 0 means that it was never set.
    """

    paused: bool = False
    code: str = ""
    since: float = 0
    notified: bool = False
    revision: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)

    def begun(self, code: str, *, at: float) -> Self:
        return self._turned(paused=True, code=code, at=at)

    def ended(self, *, at: float) -> Self:
        return self._turned(paused=False, code="", at=at)

    def _turned(self, *, paused: bool, code: str, at: float) -> Self:
        return replace(
            self,
            paused=paused,
            code=code,
            since=at,
            notified=False,
            revision=self.revision + 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentClaim:
    """Which campaign was the first with this content, template code and sign name."""

    content_id: str
    first: str
    revision: int = 1
    expires_at: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the ledger says about a batch, all of it read at one time."""

    campaign: Campaign | None
    batch: BatchEntry | None
    pause: Pause

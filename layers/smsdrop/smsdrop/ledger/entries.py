"""
The ledger's other entries, and what a sender reads of it in one go.

`unknown` has what a later release has added to an entry, as stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """
    Whether sending is paused for the whole stack; `notified` is whether a person was notified of
    it.

    `by` is the person who paused it, if one did, and `ordered_at` when the pause or resume that
    counts was given, as in a campaign. `shut` is whether smsdrop has shut the queue to the senders
    and has to open it again; `found_shut` is whether a person was notified that someone else had
    shut it. Its revision is the generation of the flag; 0 means that it was never set.
    """

    paused: bool = False
    code: str = ""
    since: float = 0
    notified: bool = False
    by: str = ""
    ordered_at: float = 0
    shut: bool = False
    found_shut: bool = False
    revision: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentClaim:
    """Which campaign was the first with this content, template code and sign name."""

    content_id: str
    first: str
    revision: int = 1
    expires_at: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who alone may do something until a time, such as closing the campaign of this name."""

    name: str
    holder: str
    until: float = 0
    revision: int = 1
    expires_at: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAccount:
    """
    Which of the provider's accounts a key pair belongs to; that never changes.

    A hash stands for the key id, since an entry's own name also appears elsewhere.
    """

    key_hash: str
    account_id: str = field(repr=False)
    revision: int = 1
    expires_at: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedCampaign:
    """A campaign that has ended, for the list of the last days; `shown` is its `status.json`."""

    of_campaign: str
    shown: str
    revision: int = 1
    expires_at: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict)


def hash_of(key_id: str) -> str:
    return sha256(key_id.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the ledger says about a batch, all of it read at one time."""

    campaign: Campaign | None
    batch: BatchEntry | None
    pause: Pause

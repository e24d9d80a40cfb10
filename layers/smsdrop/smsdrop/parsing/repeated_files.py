"""
Hold a file back that repeats another: the same bytes, template code and sign name.

Uploads are retried and files are copied under new names; whoever is on them must not be texted
again for it. Whoever means it says so, or changes the file.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import IO, Protocol

from smsdrop.drops import Orders
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.entries import Content


class ContentLedger(Protocol):
    def campaign(self, campaign_id: str) -> Campaign | None: ...

    def write_content(self, before: Content | None, after: Content) -> Content:
        """Write `after` if `before` still stands, and return what stands then."""
        ...


class HashingReader:
    """A binary stream that remembers a hash of all that was read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = sha256()

    def read(self, size: int, /) -> bytes:
        chunk = self._stream.read(size)
        self._hash.update(chunk)
        return chunk

    def content_id(self, orders: Orders) -> str:
        """Return the hash of what was read and of what it orders; needs the stream at its end."""
        ordered = self._hash.copy()
        ordered.update(f"\n{orders.template_code}\n{orders.sign_name}".encode())
        return ordered.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentGuard:
    ledger: ContentLedger
    clock: Callable[[], float]

    def first_with(self, content_id: str, campaign_id: str) -> str:
        """
        Return the campaign that this content belongs to: the first that may have texted somebody.

        That is this one itself if it is the first, or if it was here before and died.
        """
        mine = Content(
            content_id=content_id,
            first=campaign_id,
            expires_at=int(self.clock()) + KEPT_SECONDS,
        )
        stands = self.ledger.write_content(None, mine)
        while stands.first != campaign_id and self._texted_nobody(stands.first):
            taken = replace(mine, revision=stands.revision + 1)
            stands = self.ledger.write_content(stands, taken)
        return stands.first

    def _texted_nobody(self, campaign_id: str) -> bool:
        campaign = self.ledger.campaign(campaign_id)
        if campaign is None or campaign.status is Status.REFUSED:
            return True
        return campaign.status is Status.CLOSED and not (campaign.sent or campaign.unconfirmed)

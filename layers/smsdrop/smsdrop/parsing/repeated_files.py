"""
Refuse a file that repeats another: the same bytes, template code and sign name.

Uploads are retried and files are copied under new names; the people on them must not be texted
again for that. To mean it, a person says so with the file, or changes it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import IO, Protocol

from smsdrop.drops import DropPath
from smsdrop.ledger.campaign import Status
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.entries import ContentClaim
from smsdrop.ledger.ports import ReadsCampaigns, Writes, update


class HashingReader:
    """A binary stream that remembers a hash of all that was read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = sha256()

    def read(self, size: int, /) -> bytes:
        chunk = self._stream.read(size)
        self._hash.update(chunk)
        return chunk

    def content_id(self, path: DropPath) -> str:
        """Return the hash of what was read and what the path says; the stream is at its end."""
        ordered = self._hash.copy()
        ordered.update(f"\n{path.template_code}\n{path.sign_name}".encode())
        return ordered.hexdigest()


class ContentLedger(ReadsCampaigns, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedFiles:
    ledger: ContentLedger
    clock: Callable[[], float]

    def owner_of(self, content_id: str, campaign_id: str) -> str:
        """
        Return the campaign that this content belongs to: the first that may have texted somebody.

        That is this one itself if it is the first, or if it was here before and died.
        """
        expires_at = int(self.clock()) + KEPT_SECONDS
        mine = ContentClaim(content_id=content_id, first=campaign_id, expires_at=expires_at)
        stands = self.ledger.write(None, mine)
        return update(self.ledger, stands, lambda each: self._taken_over(each, mine)).first

    def _taken_over(self, stands: ContentClaim, mine: ContentClaim) -> ContentClaim:
        if stands.first == mine.first or not self._texted_nobody(stands.first):
            return stands
        return replace(mine, revision=stands.revision + 1, unknown=stands.unknown)

    def _texted_nobody(self, campaign_id: str) -> bool:
        campaign = self.ledger.campaign(campaign_id)
        if campaign is None or campaign.status is Status.REFUSED:
            return True
        counts = campaign.counts
        return campaign.status is Status.CLOSED and not (counts.sent or counts.unconfirmed)

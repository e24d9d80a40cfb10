"""
Refuse a file that repeats another: the same bytes for the same template code and sign name.

Uploads are retried, files are copied under new names, and objects are copied in place for another
storage class or key; the people on them must not be texted again for that. To mean it, a person
drops the file under another name, with a word that its content has not had before.
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

    def content_ids(self, key: str, path: DropPath, *, again: str) -> "ContentIds":
        """Return the ids of what was read, whose stream is at its end."""
        word = f"\0{again}" if again else ""
        return ContentIds(
            place=self._hash_with(f"\n{key}\0\0"),
            content=self._hash_with(f"\n{path.template_code}\n{path.sign_name}{word}"),
        )

    def _hash_with(self, text: str) -> str:
        whole = self._hash.copy()
        whole.update(text.encode())
        return whole.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentIds:
    """
    What only one campaign may have: the bytes under their key, and the bytes with what is ordered.

    Ordered are a template code, a sign name, and a repetition by its word.
    """

    place: str
    content: str


class ContentLedger(ReadsCampaigns, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedFiles:
    ledger: ContentLedger
    clock: Callable[[], float]

    def owner_of(self, ids: ContentIds, campaign_id: str) -> str:
        """
        Return the campaign that this content belongs to: the first that may have texted somebody.

        That is this one itself if it is the first, or if it was here before and died. A key and
        its bytes belong to one campaign for good, whatever their metadata say.
        """
        place = self._first(ContentClaim(content_id=ids.place, first=campaign_id))
        if place != campaign_id:
            return place
        expires_at = int(self.clock()) + KEPT_SECONDS
        return self._first(
            ContentClaim(content_id=ids.content, first=campaign_id, expires_at=expires_at)
        )

    def _first(self, mine: ContentClaim) -> str:
        stands = self.ledger.write(None, mine)
        return update(self.ledger, stands, lambda each: self._taken_over(each, mine)).first

    def _taken_over(self, stands: ContentClaim, mine: ContentClaim) -> ContentClaim:
        if stands.first == mine.first or not self._texted_nobody(stands.first):
            return stands
        return replace(mine, revision=stands.revision + 1, unknown=stands.unknown)

    def _texted_nobody(self, campaign_id: str) -> bool:
        """A campaign that the ledger no longer has may have texted somebody."""
        campaign = self.ledger.campaign(campaign_id)
        if campaign is None:
            return False
        counts = campaign.counts
        is_unsent = campaign.status is Status.CLOSED and not (counts.sent or counts.unconfirmed)
        return is_unsent or campaign.status is Status.REFUSED

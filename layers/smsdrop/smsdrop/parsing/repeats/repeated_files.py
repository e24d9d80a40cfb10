"""
Refuse a file that repeats another, byte for byte.

Uploads are retried, and objects are copied in place for another storage class or encryption key:
the same bytes under the same key are sent once, whatever their metadata say. An intended repetition
has a word and another name; a word orders one repetition of a content.

A campaign that texts nobody holds no copy back, unless it is held back itself. Every copy is noted
with the campaign that it repeats, which notifies it at its end.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import IO, Protocol

from smsdrop.drop_path import DropPath
from smsdrop.ledger.campaign import Campaign
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
        """Return the ids of what was read; the stream must be at its end."""
        ordered = f"\n{path.template_code}\n{path.sign_name}\0{again}"
        return ContentIds(
            place=self._hash_with(f"\n{key}\0\0"),
            content=self._hash_with(ordered) if again else "",
        )

    def _hash_with(self, text: str) -> str:
        whole = self._hash.copy()
        whole.update(text.encode())
        return whole.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentIds:
    """
    What only one campaign may have: bytes under their key, and bytes ordered to be repeated.

    Such an order names a template code, a sign name and a word; without a word there is none.
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

        That is this one itself if it is the first, or if an earlier run of it was and crashed. A
        key and its bytes belong to one campaign for good, whatever their metadata say.
        """
        place = self._first(ContentClaim(content_id=ids.place, first=campaign_id))
        if place != campaign_id or not ids.content:
            return place
        expires_at = int(self.clock()) + KEPT_SECONDS
        return self._first(
            ContentClaim(content_id=ids.content, first=campaign_id, expires_at=expires_at)
        )

    def note_repeat(self, first: str, copy: Campaign) -> None:
        """Have the campaign that had all messages of this one notify it if it texts nobody."""
        if self._is_out_of_the_way(first, copy.campaign_id):
            update(self.ledger, copy, lambda each: each.told_of(first, texted_nobody=True))

    def _first(self, mine: ContentClaim) -> str:
        def taken_over(stands: ContentClaim) -> ContentClaim:
            first, copy = stands.first, mine.first
            if first == copy or not self._is_out_of_the_way(first, copy):
                return stands
            return replace(mine, revision=stands.revision + 1, unknown=stands.unknown)

        return update(self.ledger, self.ledger.write(None, mine), taken_over).first

    def _is_out_of_the_way(self, first: str, copy: str) -> bool:
        """Say whether the first will text nobody any more; if it may, note the copy with it."""
        stands = self.ledger.campaign(first)
        if stands is None:  # it may have texted somebody before the ledger forgot it
            return False
        noted = update(
            self.ledger, stands, lambda each: each if _is_free(each) else each.with_copy(copy)
        )
        return _is_free(noted)


def _is_free(first: Campaign) -> bool:
    return first.texted_nobody and not first.is_held_rightly

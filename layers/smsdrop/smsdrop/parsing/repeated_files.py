"""
Refuse a file that repeats another: the same bytes for the same template code and sign name.

Uploads are retried, files are copied under new names, and objects are copied in place for another
storage class or key; the people on them must not be texted again for that. To mean it, a person
drops the file under another name, with a word that its content has not had before.

A campaign that texts nobody holds nobody back. What is still being parsed may fail for good, so a
later copy under another name that is judged first takes its place; every other copy is noted with
the campaign that it repeats, whose end tells it. Only a later one takes an earlier one's place, or
two could refuse each other; and it is refused before the content changes hands, or both could be
sent. A copy in place never does: it may lack the word with which the first was ordered.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import IO, Protocol

from smsdrop.drops import DropPath
from smsdrop.ledger.campaign import Campaign, Status
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
        place = self._first(
            ContentClaim(content_id=ids.place, first=campaign_id), may_displace=False
        )
        if place != campaign_id:
            return place
        expires_at = int(self.clock()) + KEPT_SECONDS
        return self._first(
            ContentClaim(content_id=ids.content, first=campaign_id, expires_at=expires_at),
            may_displace=True,
        )

    def _first(self, mine: ContentClaim, *, may_displace: bool) -> str:
        def taken_over(stands: ContentClaim) -> ContentClaim:
            first, copy = stands.first, mine.first
            if first == copy or not self._is_out_of_the_way(first, copy, may_displace=may_displace):
                return stands
            return replace(mine, revision=stands.revision + 1, unknown=stands.unknown)

        return update(self.ledger, self.ledger.write(None, mine), taken_over).first

    def _is_out_of_the_way(self, first: str, copy: str, *, may_displace: bool) -> bool:
        """Say whether the first texts nobody any more; if it may, note its copy with it."""
        stands = self.ledger.campaign(first)
        if stands is None:  # it may have texted somebody before the ledger forgot it
            return False
        itself = self.ledger.campaign(copy)
        if itself is not None and may_displace and _may_be_displaced(stands, copy):
            update(self.ledger, itself, lambda each: each.with_copy(first))

        def displaced(each: Campaign) -> Campaign:
            if may_displace and _may_be_displaced(each, copy):
                return each.held_as_copy(copy, at=self.clock())
            return each if each.texted_nobody else each.with_copy(copy)

        return update(self.ledger, stands, displaced).texted_nobody


def _may_be_displaced(first: Campaign, copy: str) -> bool:
    """A cancelled one keeps its place: whoever cancels a file does not want its copy sent."""
    is_parsing = first.status is Status.PARSING and not first.halt_code
    return is_parsing and first.campaign_id < copy

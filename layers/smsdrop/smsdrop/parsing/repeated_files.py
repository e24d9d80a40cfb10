"""
Refuse a file that repeats another: the same bytes, template code and sign name.

Uploads are retried and files are copied under new names; the people on them must not be texted
again for that. To mean it, a person says so with the file, or changes it.

A campaign that texts nobody holds nobody back. What is still being parsed may fail for good, so a
later copy that is judged first takes its place; every other copy is noted with the campaign that it
repeats, whose end tells it. Only a later one takes an earlier one's place, or two could refuse each
other; and it is refused before the content changes hands, or both could be sent.
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
        if stands.first == mine.first or not self._is_out_of_the_way(stands.first, mine.first):
            return stands
        return replace(mine, revision=stands.revision + 1, unknown=stands.unknown)

    def _is_out_of_the_way(self, first: str, copy: str) -> bool:
        """Say whether the first texts nobody any more; if it may, note its copy with it."""
        stands = self.ledger.campaign(first)
        if stands is None:
            return True
        itself = self.ledger.campaign(copy)
        if itself is not None and _may_be_displaced(stands, copy):
            update(self.ledger, itself, lambda each: each.with_copy(first))
        return update(self.ledger, stands, lambda each: self._displaced(each, copy)).texted_nobody

    def _displaced(self, first: Campaign, copy: str) -> Campaign:
        if _may_be_displaced(first, copy):
            return first.held_as_copy(copy, at=self.clock())
        return first if first.texted_nobody else first.with_copy(copy)


def _may_be_displaced(first: Campaign, copy: str) -> bool:
    """A cancelled one keeps its place: whoever cancels a file does not want its copy sent."""
    is_parsing = first.status is Status.PARSING and not first.halt_code
    return is_parsing and first.campaign_id < copy

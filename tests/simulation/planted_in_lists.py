"""Bugs to plant around suppression lists: the real use cases with one decision made wrongly."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf

from smsdrop.batches.batch import Batch
from smsdrop.closing.close import Close
from smsdrop.files.streams import Readable
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.codes import SUPPRESSED, TOO_OLD
from smsdrop.parsing.suppression.lists import SuppressionLists
from smsdrop.sending.deferral import Deferred, Done
from smsdrop.sending.send_batch import Delivery, SendBatch
from smsdrop.sending.suppression.listed_since import ListedSince
from smsdrop.sending.suppression.standing import ListsUnusable
from smsdrop.validation.seen.seen_numbers import SeenNumbers


class LooksOnceInItsLife(ListedSince):
    """Goes by the lists that its sandbox found at its first look."""

    def _look(self, now: float) -> None:
        if self._looked_at == -inf:
            ListedSince._look(self, now)


class GoesByTheNames(SuppressionLists):
    """Notes that a file was judged by a list, but reads none of its numbers."""

    def _read(self, body: Readable, seen: SeenNumbers) -> tuple[int, int]:
        return SuppressionLists._read(self, body, SeenNumbers())


class TrustsParts(SendBatch):
    """Assumes that the parts of a split were already checked."""

    def _listed(self, batch: Batch, campaign: Campaign) -> Sequence[int]:
        return () if batch.is_part else super()._listed(batch, campaign)


class TrustsWhatWasTried(SendBatch):
    """Checks a batch only if it has not been tried yet."""

    def _call_unlisted(self, delivery: Delivery, campaign: Campaign) -> Deferred | Done:
        if delivery.snapshot.batch is not None:
            return self._claim_and_call(delivery, campaign)
        return super()._call_unlisted(delivery, campaign)


class TrustsWhatComesAgain(SendBatch):
    """Assumes that a message handed out before, or redriven, was already checked."""

    def _call_unlisted(self, delivery: Delivery, campaign: Campaign) -> Deferred | Done:
        if delivery.receive_count > 1:
            return self._claim_and_call(delivery, campaign)
        return super()._call_unlisted(delivery, campaign)


class PassesOverTheSpoiled(SendBatch):
    """Calls as if a list that cannot be used were not there."""

    def _listed(self, batch: Batch, campaign: Campaign) -> Sequence[int]:
        try:
            return super()._listed(batch, campaign)
        except ListsUnusable:
            return ()


class HandsBackTheListed(Close):
    """Offers people whom a list kept from a call as ones to drop in again."""

    def _entries(self, campaign: Campaign) -> Iterator[BatchEntry]:
        for each in super()._entries(campaign):
            yield replace(each, code=TOO_OLD) if each.code == SUPPRESSED else each

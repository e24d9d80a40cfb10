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
    """Goes by the lists that its sandbox has found first."""

    def _look(self, now: float) -> None:
        if self._looked_at == -inf:
            ListedSince._look(self, now)


class GoesByTheNames(SuppressionLists):
    """Notes that a file was judged by a list, and reads no number of it."""

    def _read(self, body: Readable, seen: SeenNumbers) -> tuple[int, int]:
        return SuppressionLists._read(self, body, SeenNumbers())


class TrustsParts(SendBatch):
    """Takes those who are left of a split for looked at."""

    def _listed(self, batch: Batch, campaign: Campaign) -> Sequence[int]:
        return () if batch.is_part else super()._listed(batch, campaign)


class TrustsWhatWasTried(SendBatch):
    """Looks at a batch that nobody has tried yet, and at no other."""

    def _call_unlisted(self, delivery: Delivery, campaign: Campaign) -> Deferred | Done:
        if delivery.snapshot.batch is not None:
            return self._claim_and_call(delivery, campaign)
        return super()._call_unlisted(delivery, campaign)


class TrustsWhatComesAgain(SendBatch):
    """Takes a message that was handed out before, or redriven, for looked at."""

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
    """Takes whoever was not called for a list for one of those who can be dropped in again."""

    def _entries(self, campaign: Campaign) -> Iterator[BatchEntry]:
        for each in super()._entries(campaign):
            yield replace(each, code=TOO_OLD) if each.code == SUPPRESSED else each

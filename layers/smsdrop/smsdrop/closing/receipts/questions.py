"""Whom a look asks about, and what an answer says."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from smsdrop.alibaba.send_details import Listing
from smsdrop.batches.batch import Batch, position_of
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.splits import SplitTree, sent_leaves
from smsdrop.receipts.part import Part, Place
from smsdrop.receipts.receipt import Delivery, Receipt, merged
from smsdrop.sending.lookups import dates_of, is_no_longer_listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    One recipient, and the attempts that may have texted them, each entry's by its OutIds.

    The provider is asked about the one call if there was only one, else about all of these days, so
    that an attempt that was believed absent shows up.
    """

    place: Place
    phone_number: str
    entries: tuple[BatchEntry, ...]
    dates: tuple[date, ...]
    biz_id: str

    def receipt(self, listing: Listing, *, looks: int) -> Receipt:
        """Return what is said of the attempts; rows that name none of them are ignored."""
        out_ids = {out_id for entry in self.entries for out_id in entry.out_ids}
        rows = (Receipt.of(row) for row in listing.rows if row.out_id in out_ids)
        return merged([*rows, Receipt(looks=looks)])

    def late(self, listing: Listing) -> Iterator[tuple[BatchEntry, frozenset[int]]]:
        """Yield each entry with its listed attempts that were not known to be accepted."""
        listed = {row.out_id for row in listing.rows}
        for entry in self.entries:
            attempts = {number for out_id, number in entry.out_ids.items() if out_id in listed}
            if unknown := attempts.difference(entry.accepted):
                yield entry, frozenset(unknown)


def questions(
    planned: Iterable[tuple[Batch, SplitTree]], known: Part, *, look: int, now: float
) -> Iterator[Question]:
    """
    Yield whom this look asks about: sent to, pending, and not yet answered in it.

    A look at a canary is not on the schedule; it is 0, and asks about all that are pending.
    """
    for batch, tree in planned:
        position = position_of(batch.batch_id)
        numbers = batch.phone_numbers
        for places, chain in sent_leaves(tree, batch.batch_id, len(batch)):
            entries = tuple(each for each in chain if each.attempt)
            dates = _dates(entries, now=now)
            for index in places if dates else ():
                receipt = known.of((position, index))
                if receipt.delivery is Delivery.PENDING and (not look or receipt.looks < look):
                    yield Question(
                        place=(position, index),
                        phone_number=numbers[index],
                        entries=entries,
                        dates=dates,
                        biz_id=_only_call(entries),
                    )


def _dates(entries: Collection[BatchEntry], *, now: float) -> tuple[date, ...]:
    """Return the dates under which an attempt may be filed, as far as they are still listed."""
    listed = (each for each in entries if not is_no_longer_listed(each, now=now))
    return tuple(sorted({on for entry in listed for on in dates_of(entry, now=now)}))


def _only_call(entries: Collection[BatchEntry]) -> str:
    """Return the BizId of the only attempt that was made, or nothing."""
    calls = sum(each.attempt for each in entries)
    return next((each.biz_id for each in entries), "") if calls == 1 else ""

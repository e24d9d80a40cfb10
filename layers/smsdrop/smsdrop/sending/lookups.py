"""
Which attempts of a batch the provider lists.

One recipient that is listed under an attempt's OutId proves that the whole call was accepted.
Proving the opposite takes every recipient of the batch: one that is missing may just be a bad
number.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from typing import TypeAlias

from smsdrop.alibaba.ports import Lookup
from smsdrop.alibaba.send_details import (
    Listing,
    LookupFailed,
    LookupRefused,
    SendDetail,
    beijing_date,
)
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.drops import BEIJING
from smsdrop.ledger.batch_entry import CLOCK_SECONDS, BatchEntry

LISTED_SECONDS = 29 * 24 * 3600
"""`QuerySendDetails` reaches back 30 days; a day less leaves room at the calendar's edge."""

SOME = 5
"""Our choice: how many recipients are looked up before a batch is split."""

LOOKUPS_PER_STEP = 10
"""As many as the adapter asks side by side."""


class Finding(StrEnum):
    """What a lookup says about one recipient for whom no attempt is listed."""

    ABSENT = auto()
    IN_DOUBT = auto()
    """A row may belong to the attempt, or some rows that are counted are not listed."""
    REFUSED = auto()
    """The provider refuses to say."""
    UNANSWERED = auto()
    """Ask again later."""


Found: TypeAlias = frozenset[int] | Finding
"""The attempts that are listed for a recipient, or what it means that none is."""


@dataclass(slots=True, kw_only=True)
class HeardLookup:
    """Lookups that keep the reason of their last failure: the provider's code, or our own."""

    lookup: Lookup
    failure: str = ""

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> Sequence[Listing | LookupFailed]:
        listings = self.lookup.listings(phone_numbers, dates=dates, key=key)
        for each in listings:
            if isinstance(each, LookupFailed):
                self.failure = str(each)
        return listings


def dates_of(entry: BatchEntry, *, now: float) -> list[date]:
    """Return the dates in Beijing under which an attempt of the batch may be filed."""
    if entry.filed_on:
        return [
            datetime.strptime(each, "%Y%m%d").replace(tzinfo=BEIJING).date()
            for each in entry.filed_on
        ]
    first = beijing_date(entry.first_claimed_at - CLOCK_SECONDS)
    last = beijing_date(now + CLOCK_SECONDS)
    return [first + timedelta(days=days) for days in range((last - first).days + 1)]


def is_no_longer_listed(entry: BatchEntry, *, now: float) -> bool:
    return now - entry.first_claimed_at > LISTED_SECONDS


def look_up(
    entry: BatchEntry,
    batch: Batch,
    places: Sequence[int],
    lookup: Lookup,
    *,
    key: AccessKey,
    now: float,
) -> list[Found]:
    """Return what the provider says about the recipients at these places."""
    numbers = batch.phone_numbers
    listings = lookup.listings(
        [numbers[place] for place in places], dates=dates_of(entry, now=now), key=key
    )
    return [found_in(each, entry, batch) for each in listings]


def look_up_some(
    entry: BatchEntry, batch: Batch, lookup: Lookup, *, key: AccessKey, now: float
) -> list[Found]:
    """Look up a few recipients, spread over the batch: the first may be the one to blame."""
    last, count = len(batch) - 1, min(SOME, len(batch))
    places = sorted({round(each * last / max(1, count - 1)) for each in range(count)})
    return look_up(entry, batch, places, lookup, key=key, now=now)


def found_in(listing: Listing | LookupFailed, entry: BatchEntry, batch: Batch) -> Found:
    if isinstance(listing, LookupRefused):
        return Finding.REFUSED
    if isinstance(listing, LookupFailed):
        return Finding.UNANSWERED
    attempts = entry.out_ids
    listed = frozenset(attempts[row.out_id] for row in listing.rows if row.out_id in attempts)
    if listed:
        return listed
    is_certain = listing.is_complete and not any(
        may_be_of(row, entry, batch) for row in listing.rows
    )
    return Finding.ABSENT if is_certain else Finding.IN_DOUBT


def may_be_of(row: SendDetail, entry: BatchEntry, batch: Batch) -> bool:
    """Say whether a row without an OutId may belong to an attempt: our template, about its time."""
    if row.out_id or row.template_code not in ("", batch.template_code):
        return False
    if row.sent_at is None:
        return True
    first, last = entry.first_claimed_at - CLOCK_SECONDS, entry.call_before + 2 * CLOCK_SECONDS
    return first <= row.sent_at <= last

"""
Which attempts of a batch the provider lists.

One recipient that is listed under an attempt's OutId proves that the whole call was accepted. The
opposite takes every recipient of the batch: a bad number alone may be missing from the lists.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone

from smsdrop.alibaba.answers import LookupFailed
from smsdrop.alibaba.ports import Lookup
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from smsdrop.ledger.batch_entry import BatchEntry

BEIJING = timezone(timedelta(hours=8))
"""The provider's clock and calendar; China has no summer time."""

MARGIN_SECONDS = 600
"""Our choice: how far the provider's clock may be behind when it files a call under a date."""

LISTED_SECONDS = 29 * 24 * 3600
"""`QuerySendDetails` reaches back 30 days; a day less leaves room at the calendar's edge."""


def beijing_date(time: float) -> date:
    return datetime.fromtimestamp(time, BEIJING).date()


def dates_of(entry: BatchEntry, *, now: float) -> list[date]:
    """Return every date in Beijing from shortly before the first claim until now."""
    first = beijing_date(entry.first_claimed_at - MARGIN_SECONDS)
    last = beijing_date(now + MARGIN_SECONDS)
    return [first + timedelta(days=days) for days in range((last - first).days + 1)]


def is_out_of_reach(entry: BatchEntry, batch: Batch, key: AccessKey, *, now: float) -> bool:
    """
    Say whether the provider can no longer tell, or not by this key.

    It is not documented that it lists international numbers at all, so their absence proves
    nothing.
    """
    return (
        batch.is_international
        or entry.access_key_id != key.key_id
        or is_no_longer_listed(entry, now=now)
    )


def is_no_longer_listed(entry: BatchEntry, *, now: float) -> bool:
    return now - entry.first_claimed_at > LISTED_SECONDS


def listed_attempts(
    entry: BatchEntry, phone_number: str, lookup: Lookup, *, key: AccessKey, now: float
) -> frozenset[int]:
    """Return the attempts of this batch that are listed for one of its recipients."""
    attempts = entry.out_ids
    return frozenset(
        attempts[out_id]
        for on in dates_of(entry, now=now)
        for out_id in lookup.out_ids(phone_number, on=on, key=key)
        if out_id in attempts
    )


def attempts_listed(
    entry: BatchEntry,
    batch: Batch,
    lookup: Lookup,
    *,
    key: AccessKey,
    now: float,
    has_time: Callable[[], bool],
) -> Iterator[frozenset[int]]:
    """
    Yield for each recipient the attempts of this batch that the provider lists.

    None for any recipient proves that none was accepted; one for one recipient proves that it was,
    though others may be listed under more. Raises `LookupFailed` if the provider did not answer
    everything, or the time ran out before it had.
    """
    for phone_number in batch.phone_numbers:
        if not has_time():
            raise LookupFailed("no time left to look up every recipient")
        yield listed_attempts(entry, phone_number, lookup, key=key, now=now)

"""What lookups say about a message, and the truth about it, which no lookup says in full."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import isfinite

from .account import Account
from .delivery import Attempt, Status
from .journal import Entry, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """
    What becomes of one message, in the end and by now.

    `fate` and `told` are `delivered`, `failed`, `waiting` or `unlisted`; where rows contradict
    each other, one that says delivered is right. Times fit `at`, which is when it was accepted.
    """

    phone_number: str
    out_id: str | None
    biz_id: str
    at: float
    fate: str
    code: str | None
    listed_at: float | None
    received_at: float | None
    rows: int
    told: str

    def to_json(self) -> str:
        # not asdict: a million of them are read at a time
        return json.dumps({name: getattr(self, name) for name in self.__slots__})


def attempts_of(account: Account, entry: Entry) -> tuple[Attempt, ...]:
    """Return all rows that the message ever has, as it was dealt, with the settings' delays."""
    settings = account.settings
    return tuple(
        replace(
            each,
            listed_seconds=each.listed_seconds + settings.listing_seconds,
            receipt_seconds=each.receipt_seconds + settings.receipt_seconds,
        )
        for each in entry.attempts()
    )


def elapsed(account: Account, submission: Submission) -> float:
    """Return the seconds since the call, with those that the clock was advanced by after it."""
    advanced = account.advanced_seconds - submission.advanced_seconds
    return account.clock() - submission.at + advanced


def receipt(account: Account, entry: Entry) -> Receipt:
    """The best of the rows counts: delivered over failed over waiting."""
    submission, attempts = entry.submission, attempts_of(account, entry)
    ending = max(attempts, key=lambda each: each.status)
    since_call = elapsed(account, submission)
    return Receipt(
        phone_number=entry.phone_number,
        out_id=submission.out_id,
        biz_id=submission.biz_id,
        at=submission.at,
        fate=ending.status.name.lower(),
        code=ending.code if ending.status > Status.WAITING else None,
        listed_at=moment(submission.at + attempts[0].listed_seconds),
        received_at=moment(submission.at + ending.receipt_seconds),
        rows=len(attempts) if ending.status else 0,
        told=max(each.told(since_call) for each in attempts).name.lower(),
    )


def moment(at: float) -> float | None:
    return at if isfinite(at) else None


def receipts_of(account: Account, pages: Iterable[Iterable[Entry]]) -> Iterator[list[Receipt]]:
    return ([receipt(account, each) for each in page] for page in pages)

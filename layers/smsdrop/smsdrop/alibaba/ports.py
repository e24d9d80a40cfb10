"""The provider and the key pair, as use cases see them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from smsdrop.alibaba.answers import Answer
from smsdrop.alibaba.send_details import Listing, LookupFailed
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch


class Keys(Protocol):
    def current(self) -> AccessKey:
        """Return the key pair as it was last fetched. Raises `NoAccessKey`."""
        ...

    def refresh(self) -> AccessKey:
        """Fetch the key pair again: it may have been rotated. Raises `NoAccessKey`."""
        ...


class Lookup(Protocol):
    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> Sequence[Listing | LookupFailed]:
        """
        Return for each number what was sent to it on these dates in Beijing, or why not.

        The lookups run concurrently; one that fails says nothing about the others.
        """
        ...


class ReceiptLookup(Protocol):
    def receipts(
        self, phone_number: str, *, dates: Collection[date], biz_id: str, key: AccessKey
    ) -> Listing | LookupFailed:
        """
        Return what was sent to the number on these dates in Beijing, or why that is not known.

        With a `biz_id` only what that one call has sent.
        """
        ...


class Identity(Protocol):
    def account(self, *, key: AccessKey) -> str | Answer:
        """Return the id of the key pair's account, or why it is not known."""
        ...


class Gateway(Lookup, Protocol):
    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        """Make one call, and return what came back within the call's total time."""
        ...

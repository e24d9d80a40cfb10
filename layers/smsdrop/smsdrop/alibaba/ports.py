"""The provider and the key pair, as use cases see them."""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from smsdrop.alibaba.answers import Answer
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
    def out_ids(self, phone_number: str, *, on: date, key: AccessKey) -> Collection[str]:
        """
        Return the OutIds of all that was sent to the number on this date in Beijing.

        Raises `LookupFailed`.
        """
        ...


class Gateway(Lookup, Protocol):
    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        """Make one call, and return what came back within the call's whole time."""
        ...

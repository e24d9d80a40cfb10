"""
Find out who was put on a suppression list since a campaign's file was judged.

The sender asks for each batch before it calls. That costs one listing of versions a minute in each
sandbox, and no read of a list, unless there is one that the campaign being called was not judged
by.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from threading import Lock
from typing import Protocol, TypeAlias

from smsdrop.batches.batch import Batch
from smsdrop.drops import FileVersion, StandingFile
from smsdrop.ledger.campaign import Campaign
from smsdrop.reasons import Reason
from smsdrop.sending.suppression.standing import (
    MOST_LISTED,
    SUPPRESSED_PREFIX,
    ListsUnusable,
    NamedLists,
    StandingFiles,
    named,
    unheeded_by,
)

LOOK_SECONDS = 60
"""Our choice: how long a sandbox relies on the lists that it has found."""


class Numbers(Protocol):
    """The numbers of a list, each with its row there."""

    @property
    def listed(self) -> int:
        """Return how many there are."""
        ...

    def first_row(self, number: bytes) -> int | None:
        """Return the row of a mainland number, of eleven digits; None if it is not listed."""
        ...

    def listed_abroad(self, number: str) -> int | None:
        """Return the row of a number abroad, from the country code on."""
        ...


ReadList: TypeAlias = Callable[[StandingFile, int], Numbers]
"""Reads a list of at most so many numbers; raises `ListsUnusable`."""


@dataclass(slots=True, kw_only=True)
class ListedSince:
    """What a sandbox knows of the lists; its threads take turns."""

    bucket: StandingFiles
    read: ReadList
    clock: Callable[[], float]
    most_listed: int = MOST_LISTED
    _looked_at: float = -inf
    _standing: NamedLists = field(default_factory=dict)
    _numbers: dict[FileVersion, Numbers] = field(default_factory=dict)
    _unusable: dict[FileVersion, ListsUnusable] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock, repr=False)

    def places(self, batch: Batch, campaign: Campaign) -> Sequence[int]:
        """
        Return the places in the batch of those who are listed now but were not when it was judged.

        Slow if a list has to be read. Raises `ListsUnusable`.
        """
        with self._turn:
            lists = [self._numbers_of(each) for each in self._unheeded_by(campaign)]
        return sorted({place for each in lists for place in _places_on(each, batch)})

    def faults(self, campaign: Campaign) -> tuple[Reason, ...]:
        """Look now, and say why nobody of the campaign may be called; nothing if they may."""
        with self._turn:
            self._look(self.clock())
            try:
                for each in unheeded_by(campaign, self._standing):
                    self._numbers_of(each)
            except ListsUnusable as error:
                return error.problems
        return ()

    def _unheeded_by(self, campaign: Campaign) -> Collection[StandingFile]:
        """
        Return the lists found within the last minute that the campaign was not judged by.

        If they were found before it was judged, or released again, lists may have been replaced in
        between.
        """
        now = self.clock()
        if not self._looked_at <= now < self._looked_at + LOOK_SECONDS:
            self._look(now)
        unheeded = unheeded_by(campaign, self._standing)
        if unheeded and self._looked_at <= max(campaign.queued_at, campaign.opened_at):
            self._look(now)
            unheeded = unheeded_by(campaign, self._standing)
        return unheeded

    def _look(self, now: float) -> None:
        """See which lists stand, and forget all others."""
        standing = {named(each.version): each for each in self.bucket.standing(SUPPRESSED_PREFIX)}
        versions = {each.version for each in standing.values()}
        self._standing = standing
        self._numbers = {at: each for at, each in self._numbers.items() if at in versions}
        self._unusable.clear()  # a list may become readable without a new version
        self._looked_at = now

    def _numbers_of(self, file: StandingFile) -> Numbers:
        version = file.version
        if version in self._unusable:
            raise self._unusable[version]
        if version not in self._numbers:
            room = self.most_listed - sum(each.listed for each in self._numbers.values())
            try:
                self._numbers[version] = self.read(file, room)
            except ListsUnusable as error:
                self._unusable[version] = error
                raise
        return self._numbers[version]


def _places_on(numbers: Numbers, batch: Batch) -> Iterator[int]:
    for place, number in enumerate(batch.phone_numbers):
        listed = (
            numbers.listed_abroad(number)
            if batch.is_international
            else numbers.first_row(number.encode())
        )
        if listed is not None:
            yield place

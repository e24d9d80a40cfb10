"""
Find the suppression lists in the bucket, and load the numbers on them ahead of a file's rows.

What lies under `suppressed/` when a file is judged counts for it; what lies in the folder `promo`
there, only for promotions. A folder of any other name means nothing: its lists count for all, as
it is worse to miss a list than to heed one that was meant for fewer.
"""

from dataclasses import dataclass, field, replace
from typing import Protocol

from smsdrop.drops import FileGone, FileUnreadable, FileVersion, StandingFile
from smsdrop.files.streams import Readable
from smsdrop.parsing.suppression.number_list import listed_numbers
from smsdrop.ports import Drops
from smsdrop.reasons import FileRefused, Reason
from smsdrop.sending.suppression.standing import (
    MOST_LISTED,
    SUPPRESSED_PREFIX,
    ListsUnusable,
    StandingFiles,
    is_of_promotions,
    name_of,
)
from smsdrop.validation.seen.seen_numbers import SeenNumbers

BYTES_A_NUMBER = 12
"""In a list of plain numbers; any other list has fewer numbers, for which there is room then."""

MOST_LISTS = 100
"""Our choice: each campaign's entry names them, and DynamoDB takes 400 KB for an entry."""


class ListBucket(Drops, StandingFiles, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedLists:
    """
    The numbers that a file is judged by, as if they had come before its rows.

    `versions` has the lists that they are from, each by its name with its version.
    """

    seen: SeenNumbers
    versions: tuple[tuple[str, str], ...] = ()
    problems: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionLists:
    """The use case, with its ports; a list may have as many bad rows as a recipient file."""

    bucket: ListBucket
    max_rejected_percent: float = 20
    most_listed: int = MOST_LISTED

    def load(self, *, expected_rows: int, is_promotion: bool | None) -> LoadedLists:
        """
        Read the lists for a file of so many rows; raises `ListsUnusable`.

        If it is not known whether the file is a promotion, it is judged as one, and a problem says
        so.
        """
        standing = self.bucket.standing(SUPPRESSED_PREFIX)
        for_all = [each for each in standing if not is_of_promotions(each.version.key)]
        lists = for_all if is_promotion is False else standing
        if len(lists) > MOST_LISTS:
            raise ListsUnusable((Reason("lists_too_many", (str(len(lists)), str(MOST_LISTS))),))
        expected = sum(each.size for each in lists) // BYTES_A_NUMBER
        loading = _Loading(SeenNumbers(min(expected, self.most_listed) + expected_rows))
        for each in lists:
            self._load(each.version, loading)
        if is_promotion is None and len(for_all) < len(lists):
            loading.problems.append(Reason("lists_of_promotions"))
        return LoadedLists(
            seen=loading.seen, versions=tuple(loading.versions), problems=tuple(loading.problems)
        )

    def read_one(self, file: StandingFile, most_listed: int) -> SeenNumbers:
        """Read one list of no more numbers than that; raises `ListsUnusable`."""
        loading = _Loading(SeenNumbers(min(file.size // BYTES_A_NUMBER, most_listed)))
        replace(self, most_listed=most_listed)._load(file.version, loading)
        return loading.seen

    def _load(self, version: FileVersion, loading: "_Loading") -> None:
        """A list that is deleted for good at this very moment no longer counts."""
        name = name_of(version.key)
        try:
            with self.bucket.open(version) as file:
                loading.seen.add_list(name)
                rows, without = self._read(file.body, loading.seen)
        except FileGone:
            return
        except (FileRefused, FileUnreadable) as error:
            raise ListsUnusable((Reason("list_unusable", (name,)), error.reason)) from None
        loading.versions.append((name, version.version_id))
        numbers = (name, str(without), str(rows))
        if without * 100 > rows * self.max_rejected_percent:
            raise ListsUnusable((Reason("list_of_no_numbers", numbers),))
        if without:
            loading.problems.append(Reason("list_rows_without_number", numbers))

    def _read(self, body: Readable, seen: SeenNumbers) -> tuple[int, int]:
        """Return how many rows there are, and how many of them hold no number."""
        rows = without = 0
        for some in listed_numbers(body):
            seen.add_listed(some.domestic, some.abroad)
            rows += some.rows
            without += some.without
            if seen.listed > self.most_listed:
                raise ListsUnusable((Reason("lists_too_large", (str(self.most_listed),)),))
        return rows, without


@dataclass(slots=True)
class _Loading:
    seen: SeenNumbers
    versions: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Reason] = field(default_factory=list)

"""The suppression lists that stand in the bucket, and which of them a campaign has to heed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, TypeAlias

from smsdrop.drops import FileVersion, StandingFile
from smsdrop.ledger.campaign import Campaign
from smsdrop.log_lines import shown_key
from smsdrop.reasons import Reason

SUPPRESSED_PREFIX = "suppressed/"
PROMO_PREFIX = "suppressed/promo/"

MOST_LISTED = 5_000_000
"""Our choice, of numbers on all lists together: they are in memory beside everything else."""

NamedLists: TypeAlias = Mapping[tuple[str, str], StandingFile]
"""Lists that stand, each by its name and its version, as a campaign has them."""


class ListsUnusable(Exception):
    """A list cannot be read, or is not one: no file may be judged as if it were not there."""

    code = "lists_unusable"

    def __init__(self, problems: tuple[Reason, ...]) -> None:
        super().__init__("a suppression list cannot be used")
        self.problems = problems


class StandingFiles(Protocol):
    def standing(self, prefix: str) -> Sequence[StandingFile]:
        """Return the objects under a prefix, each in the version that stands, by their keys."""
        ...


def is_of_promotions(key: str) -> bool:
    return key.startswith(PROMO_PREFIX)


def name_of(key: str) -> str:
    """Return what people call the list that lies at this key; a number in it is masked."""
    return shown_key(key.removeprefix(SUPPRESSED_PREFIX))


def named(version: FileVersion) -> tuple[str, str]:
    return name_of(version.key), version.version_id


def unheeded_by(campaign: Campaign, lists: NamedLists) -> Collection[StandingFile]:
    """Return the lists that concern the campaign and that its file was not judged by."""
    if not lists:
        return ()
    heeded = {(name, version) for name, version in campaign.suppressed_by}
    return [
        each
        for name, each in lists.items()
        if name not in heeded
        and not (campaign.is_no_promotion and is_of_promotions(each.version.key))
    ]

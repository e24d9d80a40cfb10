"""The ledger as use cases see it: each composes what it needs of these ports."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias, TypeVar

from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import (
    ContentClaim,
    EndedCampaign,
    KeyAccount,
    Lease,
    Pause,
    Snapshot,
)

AnyEntry: TypeAlias = (
    BatchEntry
    | Campaign
    | Pause
    | ContentClaim
    | Lease
    | KeyAccount
    | CommittedPlan
    | EndedCampaign
)

Entry = TypeVar(
    "Entry",
    BatchEntry,
    Campaign,
    Pause,
    ContentClaim,
    Lease,
    KeyAccount,
    CommittedPlan,
    EndedCampaign,
)


class Writes(Protocol):
    def write(self, before: Entry | None, after: Entry) -> Entry:
        """
        Write `after` if `before` still stands, and return what stands then.

        None, or an entry of revision 0, means that there is no entry yet.
        """
        ...


class ReadsSnapshots(Protocol):
    def snapshot(self, batch_id: str) -> Snapshot:
        """Read what stands about the batch, its campaign and the pause, consistently."""
        ...


class ReadsBatches(Protocol):
    def batch(self, batch_id: str) -> BatchEntry | None: ...

    def entries(self, campaign_id: str) -> Iterable[BatchEntry]:
        """Yield all entries of the campaign's batches in the order of their ids."""
        ...


class ReadsPlaces(Protocol):
    def entries_within(self, campaign_id: str, first: int, last: int) -> Iterable[BatchEntry]:
        """Yield all entries of the batches at these positions in the order of their ids."""
        ...


class ReadsRanges(Protocol):
    def entries_between(
        self, campaign_id: str, first: int, last: int, *, most: int
    ) -> Sequence[BatchEntry]:
        """Read the first entries of the batches at these positions; may be a second old."""
        ...


class ReadsEnded(Protocol):
    def ended_campaigns(self, most: int) -> Collection[EndedCampaign]:
        """Return at most so many ended campaigns, those dropped last; may be a second old."""
        ...


class ReadsCampaigns(Protocol):
    def campaign(self, campaign_id: str) -> Campaign | None: ...

    def open_campaign_ids(self) -> Iterable[str]:
        """Yield the campaigns that are open, the oldest first; may be seconds behind."""
        ...

    def open_campaigns(self) -> Iterable[Campaign]:
        """Read the campaigns with those ids that are still open."""
        ...


class ReadsUntold(Protocol):
    def campaign(self, campaign_id: str) -> Campaign | None: ...

    def untold_campaign_ids(self) -> Iterable[str]:
        """Yield the campaigns with a notice of their end still due; may be seconds behind."""
        ...


class ReadsLooks(Protocol):
    def campaign(self, campaign_id: str) -> Campaign | None: ...

    def looked_at_campaign_ids(self) -> Iterable[str]:
        """Yield the campaigns whose receipts may be due, and others; may be seconds behind."""
        ...


class ReadsCommittedPlans(Protocol):
    def committed_plans(self, template_code: str) -> Iterable[CommittedPlan]:
        """Yield the log of the template, the latest first; consistently."""
        ...

    def committed_plan(self, template_code: str, place: int) -> CommittedPlan | None: ...


class ReadsPause(Protocol):
    def pause(self) -> Pause: ...


class ReadsKeyAccounts(Protocol):
    def key_accounts(self, key_ids: Collection[str]) -> Mapping[str, KeyAccount]:
        """Read what is known of these key ids, all at one time; unknown ones are missing."""
        ...


def update(ledger: Writes, entry: Entry, change: Callable[[Entry], Entry]) -> Entry:
    """
    Write what `change` makes of the entry; retry with the entry that stands if a write loses.

    `change` returns an entry as it is if there is nothing to write.
    """
    while (after := change(entry)) != entry:
        entry = ledger.write(entry, after)
        if entry == after:
            break
    return entry

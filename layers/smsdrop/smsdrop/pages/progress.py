"""How far a campaign has come: counted from its batches' entries, or from a sample of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smsdrop.batches.batch import position_of
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.ports import ReadsRanges
from smsdrop.ledger.splits import with_parents_evidence
from smsdrop.pages.sampling import LEAST_READ, in_even_order, ranges

ENDS = (State.SENT, State.REFUSED, State.UNCONFIRMED, State.CANCELLED)
"""What can become of an accepted row."""

SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    Recipients by what became of them, texts by the minute since 1970, and the codes of the unsent.

    `first_at` is when the first of the counted texts was sent.
    """

    ends: Mapping[str, int] = field(default_factory=dict)
    minutes: Mapping[int, int] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)
    first_at: float = 0
    is_estimate: bool = False

    @property
    def ended(self) -> int:
        return sum(self.ends.values())


@dataclass(slots=True)
class Tally:
    """Adds up entries; a split batch counts only by its parts."""

    ends: Counter[str] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    first_at: float = 0
    looked_at: int = 0
    """How many batches of the plan, whether they have entries or not."""
    is_cut: bool = False
    """Whether not all of their entries were read."""

    def add_range(self, entries: Sequence[BatchEntry], first: int, last: int, *, most: int) -> None:
        """
        Add the entries of a range of batches; more than `most` mean that the range has others.

        Then the entries that were read stand for the whole range, and those of the last batch,
        which may have been split into more parts than were read, for all of that batch.
        """
        batches = last - first + 1
        self.looked_at += batches
        if len(entries) <= most:
            self._add(entries, weight=1)
            return
        self.is_cut = True
        position = position_of(entries[-1].batch_id)
        weight = batches / (position - first + 1)
        whole = [each for each in entries if position_of(each.batch_id) < position]
        rest = entries[len(whole) :]
        parts = sum(each.recipients for each in rest if each.state is not State.SPLIT)
        self._add(whole, weight=weight)
        self._add(rest, weight=weight * rest[0].recipients / parts if parts else 0)

    def _add(self, entries: Iterable[BatchEntry], *, weight: float) -> None:
        for entry in with_parents_evidence(entries):
            if entry.state not in ENDS:
                continue
            recipients: Any = entry.recipients * weight
            self.ends[entry.state] += recipients
            if entry.state is State.SENT:
                self.minutes[int(entry.ended_at // SECONDS)] += recipients
                self.first_at = min(self.first_at or entry.ended_at, entry.ended_at)
            elif entry.code:
                self.codes[entry.code] += recipients

    def of(self, batches: int, *, accepted: int) -> Progress:
        """Extrapolate to so many batches, as if those that were looked at were typical."""
        ended = sum(self.ends.values())
        share = batches / self.looked_at if self.looked_at else 0
        if ended * share > accepted:
            share = accepted / ended
        return Progress(
            ends=_scaled(self.ends, share),
            minutes=_scaled(self.minutes, share),
            codes=_scaled(self.codes, share),
            first_at=self.first_at,
            is_estimate=self.is_cut or self.looked_at < batches,
        )


def progress_of(campaign: Campaign, ledger: ReadsRanges, *, most: int) -> tuple[Progress, int]:
    """
    Count the entries of the batches that may have been begun, or a sample of about `most` entries.

    Also return the cost in entries: a read that finds none costs something, too.
    """
    begun = campaign.counts.batches if campaign.halt_code else campaign.released
    tally, left = Tally(), most
    of = in_even_order(ranges(begun, most=most))
    for number, (first, last) in enumerate(of):
        share = max(1, left // (len(of) - number))
        entries = ledger.entries_between(campaign.campaign_id, first, last, most=share + 1)
        tally.add_range(entries, first, last, most=share)
        left -= max(len(entries), LEAST_READ)
    return tally.of(begun, accepted=campaign.counts.accepted), most - left


def _scaled(counts: Mapping[Any, int], share: float) -> dict[Any, int]:
    return {name: int(count * share) for name, count in sorted(counts.items())}

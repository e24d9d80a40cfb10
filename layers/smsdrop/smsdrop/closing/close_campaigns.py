"""
Close the books of each campaign, whatever happened to its messages.

Runs every minute, and does what nobody else is left to do: it queues again what the queue has
lost, ends what was stopped or has become too old, looks once more for texts that the provider may
have listed late, and writes the report. Queueing a batch twice is harmless: its next receiver
finds in the ledger what there is left to do.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import IO, Any, Protocol

from smsdrop.alibaba.answers import LookupFailed
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch, nth_batch_id
from smsdrop.batches.plan import BATCHES, ROWS, columns_and_rows
from smsdrop.closing.reports import (
    ENDS,
    RESULTS,
    SUMMARY,
    UNSENT_ROWS,
    ResultFiles,
    Sums,
    fates_of_rows,
    summary,
)
from smsdrop.closing.row_outcomes import Leaves
from smsdrop.drops import report_folder
from smsdrop.ledger.batch_entry import BatchEntry, State, cancelled, past_finding_out
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, PARSING_FAILED, TOO_OLD, WRONG_FILE
from smsdrop.ledger.splits import (
    families,
    is_final,
    open_leaves,
    planned_with_families,
    with_heritage,
)
from smsdrop.reasons import Reason
from smsdrop.sending.settling import Lookup, attempts_listed, is_listed_no_more

STUCK_SECONDS = {Status.PARSING: 3600, Status.SENDING: 6 * 3600}
"""Ours: a campaign open for longer than this is worth a person's look, once a day."""

LONGEST_INVOCATION_SECONDS = 900
"""Lambda lets no function live longer."""

REPEAT_SECONDS = 24 * 3600

BATCHES_PER_CALL = 10

OUTCOMES = {
    "": "completed",
    TOO_OLD: "too_old",
    CANCELLED_BY_HAND: "cancelled",
    PARSING_FAILED: "parsing_failed",
}
"""What a campaign came to, by what stopped it; by a code of the provider's it was `halted`."""


class ClosingLedger(Protocol):
    def batch(self, batch_id: str) -> BatchEntry | None: ...

    def entries(self, campaign_id: str) -> Iterable[BatchEntry]:
        """Yield all entries of the campaign's batches in the order of their ids."""
        ...

    def write_batch(self, before: BatchEntry | None, after: BatchEntry) -> BatchEntry:
        """Write `after` if `before` still stands, and return what stands then."""
        ...

    def write_campaign(self, before: Campaign | None, after: Campaign) -> Campaign: ...


class Files(Protocol):
    def lines(self, key: str) -> Iterator[bytes]:
        """Yield the lines of an object."""
        ...

    def new_object(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """Give a stream to write; it becomes the object if no exception is raised."""
        ...


class Queue(Protocol):
    def send(self, messages: Sequence[str]) -> None:
        """Queue these batches; raises unless the queue has acknowledged every one."""
        ...

    def is_idle(self) -> bool:
        """Say whether the queue holds nothing, neither waiting nor taken."""
        ...


class Topic(Protocol):
    def notify(self, subject: str, text: str) -> None: ...


class Keys(Protocol):
    def renewed(self) -> AccessKey:
        """Fetch the key pair anew: it may have been rotated."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCampaigns:
    """The use case, with its ports."""

    ledger: ClosingLedger
    files: Files
    queue: Queue
    topic: Topic
    lookup: Lookup
    keys: Keys
    clock: Callable[[], float]
    max_age_seconds: float
    language: str

    def close(self, campaign: Campaign, *, has_time: Callable[[], bool]) -> Campaign:
        """Bring an open campaign as far towards its end as the time allows."""
        if campaign.status is Status.PARSING and self._is_too_old(campaign):
            refusal = campaign.turned_away(Reason("parsing_failed"), at=self.clock())
            campaign = self.ledger.write_campaign(campaign, refusal)
        if campaign.status is Status.SENDING:
            if not self._is_done(campaign):
                self._mend(campaign, has_time)
            elif self._is_verified(campaign, has_time):
                return self._closed(campaign)
        elif campaign.status is not Status.PARSING:
            return self._closed(campaign)
        return self._told_if_stuck(campaign)

    def _is_done(self, campaign: Campaign) -> bool:
        """
        Say whether every batch of the plan, and every part of it, has come to its end.

        As long as the last one has not, no other entry is read, and never one behind the first
        that has not: most looks at a campaign cost one read, however many batches it has.
        """
        last = nth_batch_id(campaign.campaign_id, campaign.batches)
        if campaign.batches and not self._has_ended(last):
            return False
        ended = 0
        for _, family in families(self.ledger.entries(campaign.campaign_id)):
            if not is_final(family, nth_batch_id(campaign.campaign_id, ended + 1)):
                break
            ended += 1
        return ended == campaign.batches

    def _has_ended(self, batch_id: str) -> bool:
        entry = self.ledger.batch(batch_id)
        return entry is not None and entry.is_final

    def _mend(self, campaign: Campaign, has_time: Callable[[], bool]) -> None:
        """End the open batches that are not to be sent, and queue the others if they are lost."""
        too_old = self._is_too_old(campaign)
        idle = self.queue.is_idle()
        if not (too_old or idle or campaign.halted):
            return
        lost: list[str] = []
        for part, entry in self._open_batches(campaign):
            if not has_time():
                break
            if self._end(part, entry, halted=campaign.halted, too_old=too_old) or not idle:
                continue
            lost.append(part.to_json())
            if len(lost) == BATCHES_PER_CALL:
                self.queue.send(lost)
                lost = []
        self.queue.send(lost)

    def _open_batches(self, campaign: Campaign) -> Iterator[tuple[Batch, BatchEntry | None]]:
        planned = map(Batch.from_json, self.files.lines(campaign.plan + BATCHES))
        entries = self.ledger.entries(campaign.campaign_id)
        for batch, family in planned_with_families(planned, entries):
            yield from open_leaves(family, batch)

    def _end(self, batch: Batch, entry: BatchEntry | None, *, halted: str, too_old: bool) -> bool:
        """End a batch that is not to be sent; say whether there was nothing more to do for it."""
        now = self.clock()
        if entry is None or entry.state is State.WAITING:
            if not (halted or too_old):
                return False
            after = cancelled(batch, entry, code=halted or TOO_OLD, at=now)
        elif too_old and now > entry.settle_after:
            after = past_finding_out(entry, at=now, code=TOO_OLD)
        else:
            return False
        self.ledger.write_batch(entry, after)
        return True

    def _is_verified(self, campaign: Campaign, has_time: Callable[[], bool]) -> bool:
        """
        Look once more for attempts that were believed absent, and note what is listed by now.

        Says whether all of them have been looked up, each a settling time after its batch's end.
        """
        doubtful = {
            entry.batch_id: entry
            for entry in self.ledger.entries(campaign.campaign_id)
            if entry.absent and not entry.verified_at
        }
        if not doubtful:
            return True
        key = self.keys.renewed()  # nobody tells this sandbox when it is rotated
        verified = 0
        for batch in map(Batch.from_json, self.files.lines(campaign.plan + BATCHES)):
            for part in _parts(batch, doubtful):
                entry = doubtful[part.batch_id]
                verified += self._verified(part, entry, campaign, key, has_time)
        return verified == len(doubtful)

    def _verified(
        self,
        batch: Batch,
        entry: BatchEntry,
        campaign: Campaign,
        key: AccessKey,
        has_time: Callable[[], bool],
    ) -> bool:
        now = self.clock()
        if now < entry.verify_after or not has_time():
            return False
        listed: frozenset[int] = frozenset()
        if not is_listed_no_more(entry, now=now):
            try:
                listed = listed.union(
                    *attempts_listed(entry, batch, self.lookup, key=key, now=now, has_time=has_time)
                )
            except LookupFailed:
                if not self._is_too_old(campaign):
                    return False
        after = replace(
            entry,
            accepted=tuple(sorted({*entry.accepted, *listed})),
            verified_at=now,
            revision=entry.revision + 1,
        )
        return self.ledger.write_batch(entry, after) == after

    def _closed(self, campaign: Campaign) -> Campaign:
        """
        Write the report, then that there is nothing left to do; the former may happen again.

        Whoever was about to add evidence is given the time to do so, or to die. Where another
        closed the campaign on later books, this report took the place of theirs.
        """
        if self.clock() < campaign.reopened_at + LONGEST_INVOCATION_SECONDS:
            return campaign
        sums = Sums()
        self._write_rows(campaign, sums)
        after = campaign.changed(open="", **_outcome(campaign, sums))
        with self._report(campaign, SUMMARY) as stream:
            stream.write(summary(after, sums, language=self.language))
        stands = self.ledger.write_campaign(campaign, after)
        while stands != after and not stands.open:
            stands = self.ledger.write_campaign(stands, stands.changed(open="yes"))
        return stands

    def _write_rows(self, campaign: Campaign, sums: Sums) -> None:
        """Write what became of each row, and sum it up: of one reading, so that both agree."""
        entries = sums.added(self._entries(campaign))
        if campaign.plan:
            columns, rows = columns_and_rows(self.files.lines(campaign.plan + ROWS))
            leaves = Leaves(campaign.campaign_id, entries)
            with (
                self._report(campaign, RESULTS) as results,
                self._report(campaign, UNSENT_ROWS) as unsent,
            ):
                files = ResultFiles(results, unsent, columns)
                for row, fate in fates_of_rows(rows, leaves, language=self.language):
                    files.add(row.cells, fate)
        deque(entries, maxlen=0)  # add up those behind the last row's too

    def _report(self, campaign: Campaign, name: str) -> AbstractContextManager[IO[bytes]]:
        return self.files.new_object(report_folder(campaign.key, campaign.campaign_id) + name)

    def _entries(self, campaign: Campaign) -> Iterator[BatchEntry]:
        """Yield the batches' entries; where the file was refused, those that they would have."""
        if not campaign.is_refused_with_plan:
            yield from with_heritage(self.ledger.entries(campaign.campaign_id))
            return
        for batch in map(Batch.from_json, self.files.lines(campaign.plan + BATCHES)):
            yield cancelled(batch, None, code=WRONG_FILE, at=campaign.finished_at)

    def _told_if_stuck(self, campaign: Campaign) -> Campaign:
        now = self.clock()
        due = campaign.started_at + STUCK_SECONDS[campaign.status]
        if now < max(due, campaign.alarmed_at + REPEAT_SECONDS):
            return campaign
        self.topic.notify(
            "smsdrop: a campaign is stuck",
            f"Campaign {campaign.campaign_id} is still {campaign.status}. "
            "See 'A campaign is stuck' in docs/operations.md.",
        )
        return self.ledger.write_campaign(campaign, campaign.changed(alarmed_at=now))

    def _is_too_old(self, campaign: Campaign) -> bool:
        return self.clock() - campaign.started_at > self.max_age_seconds


def _parts(batch: Batch, wanted: dict[str, BatchEntry]) -> Iterator[Batch]:
    """Yield the batch and the parts it was split into, as far as they are wanted."""
    if batch.batch_id in wanted:
        yield batch
    if any(batch_id.startswith(f"{batch.batch_id}.") for batch_id in wanted):
        for half in batch.halves():
            yield from _parts(half, wanted)


def _outcome(campaign: Campaign, sums: Sums) -> dict[str, Any]:
    """Say what the campaign came to; a file whose parsing failed before any call was refused."""
    if not campaign.plan:
        return {}
    counts: dict[str, Any] = {each: sums.rows[each] for each in ENDS}
    if campaign.is_refused_with_plan:
        return counts
    stopped = campaign.halted or (TOO_OLD if TOO_OLD in sums.codes else "")
    untouched = stopped == PARSING_FAILED and not sums.calls
    return {
        "status": Status.REFUSED if untouched else Status.CLOSED,
        "outcome": OUTCOMES.get(stopped, "halted"),
        "reason": (stopped,) if stopped else (),
        "finished_at": sums.finished_at,
        **counts,
    }

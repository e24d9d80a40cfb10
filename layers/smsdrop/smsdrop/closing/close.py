"""Write a campaign's report, and close the campaign."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import IO, Protocol

from smsdrop.batches.batch import Batch
from smsdrop.batches.forms import LaterForm
from smsdrop.batches.plan import BATCHES, ROWS, columns_and_rows
from smsdrop.closing.reports import (
    RESULTS,
    SUMMARY,
    UNSENT_ROWS,
    ResultFiles,
    Totals,
    fates_of_rows,
    summary,
)
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.drops import report_folder
from smsdrop.ledger.batch_entry import BatchEntry, State, cancelled
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, TOO_OLD, WRONG_FILE
from smsdrop.ledger.ports import ReadsBatches, Writes, update
from smsdrop.ledger.splits import with_parents_evidence
from smsdrop.ports import Objects
from smsdrop.reasons import Reason

LONGEST_INVOCATION_SECONDS = 900
"""Lambda lets no function live longer."""

OUTCOMES = {
    "": "completed",
    TOO_OLD: "too_old",
    CANCELLED_BY_HAND: "cancelled",
}
"""What a campaign has come to, by what stopped it; by a code of the provider's it is `halted`."""


class CloseLedger(ReadsBatches, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The use case, with its ports."""

    ledger: CloseLedger
    objects: Objects
    clock: Callable[[], float]
    language: str

    def close(self, campaign: Campaign) -> Campaign:
        """
        Write the report, then that nothing is left to do; the report may be written again.

        A sender that was about to add late evidence is given the time to do so, or to die. Where
        another closer has closed the campaign on later entries, this report may have replaced a
        newer one, so the campaign is opened again. Raises `LaterForm`.
        """
        if self.clock() < campaign.reopened_at + LONGEST_INVOCATION_SECONDS:
            return campaign
        totals = Totals()
        self._write_rows(campaign, totals)
        after = _closed(campaign, totals)
        with self._report(campaign, SUMMARY) as stream:
            stream.write(summary(after, totals, language=self.language))
        stands = self.ledger.write(campaign, after)
        if stands == after:
            return after
        return update(
            self.ledger, stands, lambda each: each if each.is_to_be_reported else each.reopened()
        )

    def _write_rows(self, campaign: Campaign, totals: Totals) -> None:
        """Write what became of each row, and add it up: from one reading, so that both agree."""
        entries = totals.of(self._entries(campaign))
        if campaign.plan:
            columns, rows = columns_and_rows(self.objects.lines(campaign.plan + ROWS))
            outcomes = RowOutcomes(campaign.campaign_id, entries)
            with (
                self._report(campaign, RESULTS) as results,
                self._report(campaign, UNSENT_ROWS) as unsent,
            ):
                files = ResultFiles(results, unsent, columns)
                for row, fate in fates_of_rows(rows, outcomes, language=self.language):
                    files.add(row.cells, fate)
        for _ in entries:  # those behind the last row's are to be added up too
            pass

    def _report(self, campaign: Campaign, name: str) -> AbstractContextManager[IO[bytes]]:
        return self.objects.new_object(report_folder(campaign.key, campaign.campaign_id) + name)

    def _entries(self, campaign: Campaign) -> Iterator[BatchEntry]:
        """Yield the batches' entries; where the file was refused, those that they would have."""
        if not campaign.is_refused_with_plan:
            for entry in with_parents_evidence(self.ledger.entries(campaign.campaign_id)):
                if entry.state is State.UNKNOWN:
                    raise LaterForm
                yield entry
            return
        for batch in map(Batch.from_json, self.objects.lines(campaign.plan + BATCHES)):
            yield cancelled(batch, None, code=WRONG_FILE, at=campaign.finished_at)


def _closed(campaign: Campaign, totals: Totals) -> Campaign:
    counts = _with_ends(campaign.counts, totals)
    if campaign.status is Status.REFUSED:
        return campaign.reported(counts)
    stopped_by = campaign.halt_code or (TOO_OLD if TOO_OLD in totals.codes else "")
    return campaign.closed(
        counts,
        outcome=OUTCOMES.get(stopped_by, "halted"),
        reason=Reason(stopped_by) if stopped_by else None,
        finished_at=totals.finished_at,
        verify_at=totals.verify_at,
    )


def _with_ends(counts: Counts, totals: Totals) -> Counts:
    return replace(
        counts,
        sent=totals.rows[State.SENT],
        refused=totals.rows[State.REFUSED],
        unconfirmed=totals.rows[State.UNCONFIRMED],
        cancelled=totals.rows[State.CANCELLED],
    )

"""Write a campaign's report, and close the campaign."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import IO, Protocol

from smsdrop.batches.first_texts import kept_texts
from smsdrop.batches.forms import LaterForm
from smsdrop.batches.plan import BATCHES, ROWS, PlanDamaged, columns_and_rows, read_batches
from smsdrop.closing.reports import ENDS, SUMMARY, Totals, summary
from smsdrop.closing.results.fates import fates_of_rows
from smsdrop.closing.results.opted_out import OPTED_OUT
from smsdrop.closing.results.result_files import LIMITS, Limits, result_files
from smsdrop.closing.results.row_receipts import RowReceipts
from smsdrop.closing.row_outcomes import RowOutcomes
from smsdrop.closing.seen.last_pages import LastPages
from smsdrop.closing.seen.page_failed import PageFailed, no_one
from smsdrop.drops import download_name, report_folder
from smsdrop.ledger.batch_entry import BatchEntry, State, cancelled
from smsdrop.ledger.campaign import LONGEST_INVOCATION_SECONDS, Campaign, Counts, Status
from smsdrop.ledger.codes import (
    CANCELLED_BY_HAND,
    PAST_UNTIL,
    PREVIEW,
    TEST,
    TOO_OLD,
    WITHDRAWN,
    WRONG_FILE,
)
from smsdrop.ledger.ports import ReadsBatches, ReadsCampaigns, Writes, update
from smsdrop.ledger.splits import with_parents_evidence
from smsdrop.ports import MarkedObjects, ObjectGone, Objects
from smsdrop.reasons import Reason
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.looks import NO_LOOKS

PLAN_GONE = Reason("plan_gone")

OUTCOMES = {
    "": "completed",
    TOO_OLD: "too_old",
    CANCELLED_BY_HAND: "cancelled",
    PAST_UNTIL: "cancelled",
    WITHDRAWN: "withdrawn",
}
"""A campaign's outcome, by what stopped it; for a code of the provider's it is `halted`."""


class CloseLedger(ReadsBatches, ReadsCampaigns, Writes, Protocol): ...


class CloseObjects(Objects, MarkedObjects, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The use case, with its ports."""

    ledger: CloseLedger
    objects: CloseObjects
    clock: Callable[[], float]
    language: str
    price_per_segment: Decimal | None = None
    page_failed: PageFailed = no_one
    limits: Limits = LIMITS
    has_receipts: bool = False

    def close(self, campaign: Campaign, *, has_plan: bool = True) -> Campaign:
        """
        Write the report, then record that nothing is left to do; the report may be written again.

        Without its plan the campaign is closed for good, with only a summary that says so: the plan
        held whom to look up once more.

        A sender that was about to add late evidence is given the time to do so, or to die. If
        another closer has closed the campaign on later entries, this report may have replaced a
        newer one, so the campaign is reopened. Raises `LaterForm`.
        """
        if self.clock() < campaign.reopened_at + LONGEST_INVOCATION_SECONDS:
            return campaign
        totals = Totals()
        files: tuple[str, ...] = ()
        receipts = self._receipts(campaign, has_plan=has_plan)
        if has_plan:
            files = self._write_rows(campaign, totals, receipts)
        else:
            campaign = self._without_rows(campaign, totals)
        after = _closed(
            campaign,
            totals,
            verify_at=totals.verify_at if has_plan else 0,
            receipts_from=self.clock() if has_plan and self.has_receipts else 0,
        )
        _add_receipts(receipts, after, totals)
        self._tell_copies(after)
        self._write_summary(after, totals)
        self._last_pages().write(after, totals, files=(*files, SUMMARY))
        return update(self.ledger, campaign, partial(_closed_as, campaign, after))

    def write_anew(self, campaign: Campaign) -> None:
        """Rewrite the report of a campaign that has ended, from its plan as it is now."""
        totals = Totals()
        receipts = self._receipts(campaign, has_plan=True)
        files = self._write_rows(campaign, totals, receipts)
        _add_receipts(receipts, campaign, totals)
        self._write_summary(campaign, totals)
        self._last_pages().write_pages(campaign, totals, files=(*files, SUMMARY))

    def _write_summary(self, campaign: Campaign, totals: Totals) -> None:
        with self._report(campaign, SUMMARY) as stream:
            texts = kept_texts(campaign.plan, self.objects) if campaign.is_preview else None
            stream.write(
                summary(
                    campaign,
                    totals,
                    language=self.language,
                    texts=texts,
                    price_per_segment=self.price_per_segment,
                )
            )

    def _last_pages(self) -> LastPages:
        return LastPages(
            ledger=self.ledger,
            objects=self.objects,
            language=self.language,
            price_per_segment=self.price_per_segment,
            page_failed=self.page_failed,
        )

    def _tell_copies(self, campaign: Campaign) -> None:
        """
        Have the report of each file that was held as its duplicate say whether that was in vain.

        This comes before the campaign is closed: a crash in between would otherwise skip them.
        """
        texted_nobody = campaign.texted_nobody and not campaign.is_held_rightly
        for campaign_id in campaign.copies:
            copy = self.ledger.campaign(campaign_id)
            if copy is not None:
                told = partial(
                    Campaign.told_of, first=campaign.campaign_id, texted_nobody=texted_nobody
                )
                update(self.ledger, copy, told)

    def _receipts(self, campaign: Campaign, *, has_plan: bool) -> RowReceipts:
        return RowReceipts(
            KeptReceipts(objects=self.objects, campaign_id=campaign.campaign_id),
            campaign.looks,
            batches=campaign.counts.batches,
            are_awaited=campaign.looks.receipts_from > 0 or (has_plan and self.has_receipts),
            language=self.language,
        )

    def _write_rows(
        self, campaign: Campaign, totals: Totals, receipts: RowReceipts
    ) -> tuple[str, ...]:
        """
        Write what became of each row and add it up, in one pass so that both agree.

        Return the names of the files that have the rows.
        """
        entries = totals.of(self._entries(campaign))
        names: tuple[str, ...] = ()
        if campaign.plan:
            columns, rows = columns_and_rows(self.objects.lines(campaign.plan + ROWS))
            outcomes = RowOutcomes(campaign.campaign_id, entries)
            with result_files(
                columns,
                rows=campaign.counts.rows,
                language=self.language,
                open_file=partial(self._download, campaign),
                is_again=_may_have_a_report(campaign),
                has_receipts=receipts.are_known,
                has_opted_out=partial(self._has, campaign, OPTED_OUT),
                limits=self.limits,
            ) as files:
                count = 0
                for row, fate, receipt in fates_of_rows(
                    rows,
                    outcomes,
                    language=self.language,
                    judged_only=_unsent_code(campaign),
                    receipt_of=receipts.of,
                ):
                    files.add(row.row, row.cells, fate, receipt)
                    if row.rejected is not None:
                        totals.add_rejected(row.rejected)
                    count += 1
                if count != campaign.counts.rows:
                    raise PlanDamaged(f"{count} rows of {campaign.counts.rows} are left")
            names = files.names
        for _ in entries:  # add up those behind the last row's too
            pass
        if campaign.terms.is_test:
            totals.add_never_begun(_never_begun(campaign, totals), code=_unsent_code(campaign))
        return names

    def _without_rows(self, campaign: Campaign, totals: Totals) -> Campaign:
        """Add up what the ledger knows; recipients that are not in it were never sent to."""
        for _ in totals.of(with_parents_evidence(self.ledger.entries(campaign.campaign_id))):
            pass
        if never_begun := _never_begun(campaign, totals):
            is_refused = campaign.status is Status.REFUSED
            code = _unsent_code(campaign) if is_refused else campaign.halt_code or TOO_OLD
            totals.add_never_begun(never_begun, code=code)
        is_known = PLAN_GONE in campaign.problems
        return campaign if is_known else replace(campaign, problems=(*campaign.problems, PLAN_GONE))

    def _report(self, campaign: Campaign, name: str) -> AbstractContextManager[IO[bytes]]:
        return self.objects.new_object(report_folder(campaign.key, campaign.campaign_id) + name)

    def _download(self, campaign: Campaign, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file that people download, under a name by which they find it again."""
        key = report_folder(campaign.key, campaign.campaign_id) + name
        saved_as = download_name(campaign.key, campaign.campaign_id, name)
        return self.objects.new_object(key, saved_as=saved_as)

    def _has(self, campaign: Campaign, name: str) -> bool:
        """Say whether the report has a file of this name already."""
        try:
            return any(self.objects.lines(report_folder(campaign.key, campaign.campaign_id) + name))
        except ObjectGone:
            return False

    def _entries(self, campaign: Campaign) -> Iterator[BatchEntry]:
        """Yield the batches' entries; for a refused file, the entries they would have."""
        if not campaign.is_refused_with_plan:
            for entry in with_parents_evidence(self.ledger.entries(campaign.campaign_id)):
                if entry.state is State.UNKNOWN:
                    raise LaterForm
                yield entry
            return
        lines = self.objects.lines(campaign.plan + BATCHES)
        for batch in read_batches(lines, count=campaign.counts.batches):
            yield cancelled(batch, None, code=_unsent_code(campaign), at=campaign.finished_at)


def _add_receipts(receipts: RowReceipts, campaign: Campaign, totals: Totals) -> None:
    """Add up what is known of everyone who was sent to, if receipts are looked up."""
    if campaign.looks.receipts_from:
        receipts.read_rest()
        totals.receipts = receipts.counts(sent=campaign.counts.sent)
        totals.undelivered = receipts.causes


def _closed_as(campaign: Campaign, after: Campaign, stands: Campaign) -> Campaign:
    """
    Return the campaign closed, if it is still as it was reported.

    A lookup of receipts often notes its progress, which is in no report.
    """
    is_same_news = stands.looks.news == campaign.looks.news
    if is_same_news and _without_looks(stands) == _without_looks(campaign):
        looks = after.looks if stands == campaign else stands.looks
        return replace(after, looks=looks, revision=stands.revision + 1)
    return stands if stands.is_to_be_reported else stands.reopened()


def _without_looks(campaign: Campaign) -> Campaign:
    return replace(campaign, looks=NO_LOOKS, revision=0)


def _may_have_a_report(campaign: Campaign) -> bool:
    """Say whether an earlier report may have known less; a refused file's rows never change."""
    was_closed = campaign.status is not Status.REFUSED and campaign.finished_at > 0
    return was_closed or campaign.reopened_at > 0


def _unsent_code(campaign: Campaign) -> str:
    """Return why a refused file's plan is not sent, or the rows that a test leaves out."""
    if campaign.status is not Status.REFUSED:
        return TEST
    return PREVIEW if campaign.is_preview else WRONG_FILE


def _never_begun(campaign: Campaign, totals: Totals) -> int:
    """Count the accepted rows that no batch's entry covers."""
    return campaign.counts.accepted - sum(totals.rows[each] for each in ENDS)


def _closed(
    campaign: Campaign, totals: Totals, *, verify_at: float, receipts_from: float
) -> Campaign:
    counts = _with_ends(campaign.counts, totals)
    if campaign.status is Status.REFUSED:
        return campaign.reported(counts)
    stopped_by = campaign.halt_code or (TOO_OLD if TOO_OLD in totals.codes else "")
    is_tested = campaign.terms.is_test and not stopped_by
    return campaign.closed(
        counts,
        outcome="test" if is_tested else OUTCOMES.get(stopped_by, "halted"),
        reason=_test(counts, totals) if is_tested else Reason(stopped_by) if stopped_by else None,
        finished_at=totals.finished_at,
        verify_at=verify_at,
        receipts_from=receipts_from if counts.sent else 0,
    )


def _test(counts: Counts, totals: Totals) -> Reason:
    """Say what came of a test, and what would come of its file."""
    of_file = totals.codes[TEST]
    numbers = (counts.accepted - of_file, of_file, counts.duplicates, counts.rejected)
    return Reason("test", tuple(map(str, numbers)))


def _with_ends(counts: Counts, totals: Totals) -> Counts:
    return replace(
        counts,
        sent=totals.rows[State.SENT],
        refused=totals.rows[State.REFUSED],
        unconfirmed=totals.rows[State.UNCONFIRMED],
        cancelled=totals.rows[State.CANCELLED],
    )

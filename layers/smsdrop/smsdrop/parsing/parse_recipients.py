"""
Judge a dropped file, freeze its plan, and queue the plan's batches.

Each step may be cut short anywhere and done again by another run, or by two at once: the plan that
is committed first is the only one, and queueing goes on from what the queue has acknowledged. A
batch that is queued twice is sent once all the same; the ledger sees to that.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import IO, Protocol

from smsdrop.alibaba.template import Template
from smsdrop.batches.batch import MAX_RECIPIENTS
from smsdrop.batches.plan import BATCHES, ROWS, PlannedBatch, planned_batches
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.drops import FileGone, FileVersion, OpenFile, Orders, campaign_id, work_folder
from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import KEPT_SECONDS, PARSING_FAILED
from smsdrop.parsing.plan_builder import Rules, build_plan
from smsdrop.parsing.repeated_files import ContentGuard, ContentLedger, HashingReader
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.reasons import FileRefused, Reason

BATCHES_A_CHECKPOINT = 500

CHARACTERS_A_CHECKPOINT = 4_000_000
"""Ours: held in memory meanwhile, and queued again by the next run if this one dies."""


class Files(Protocol):
    """The bucket."""

    def open(self, version: FileVersion) -> AbstractContextManager[OpenFile]:
        """Raises `FileGone`."""
        ...

    def new_object(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """Give a stream to write; it becomes the object if no exception is raised."""
        ...

    def lines(self, key: str, *, first_byte: int = 0) -> Iterator[bytes]:
        """Yield the lines of an object from this byte on."""
        ...


class CampaignLedger(ContentLedger, Protocol):
    def open_campaigns(self) -> Iterable[Campaign]: ...

    def write_campaign(self, before: Campaign | None, after: Campaign) -> Campaign:
        """Write `after` if `before` still stands, and return what stands then."""
        ...


class Queue(Protocol):
    def send(self, messages: Sequence[str]) -> None:
        """Queue these batches; raises unless the queue has acknowledged every one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults(Rules):
    """What the stack says, of sending where a file does not, and of judging."""

    template_code: str = ""
    sign_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseRecipients:
    """The use case, with its ports."""

    files: Files
    ledger: CampaignLedger
    queue: Queue
    defaults: Defaults
    clock: Callable[[], float]
    fresh_token: Callable[[], str]
    template_check: TemplateCheck | None = None
    max_recipients: int = MAX_RECIPIENTS
    batches_a_checkpoint: int = BATCHES_A_CHECKPOINT

    def parse(self, version: FileVersion) -> Campaign | None:
        """Take the file as far as it goes, from wherever an earlier run left it."""
        try:
            with self.files.open(version) as file:
                campaign = self._campaign(version, file)
                if campaign.status is Status.PARSING:
                    campaign = self._judged(campaign, file)
        except FileGone:
            known = self._known(version)
            if known is None:
                return None
            campaign = known
        if campaign.status is Status.SENDING:
            campaign = self._queued(campaign)
        return campaign

    def give_up(self, version: FileVersion) -> Campaign | None:
        """
        End a file whose parsing has failed for good.

        Without a plan nothing was queued, and it is refused; else what is not sent is cancelled.
        """
        try:
            with self.files.open(version) as file:
                campaign: Campaign | None = self._campaign(version, file)
        except FileGone:
            campaign = self._known(version)
        while campaign is not None:
            after = _given_up(campaign, at=self.clock())
            if after == campaign:
                break
            campaign = self.ledger.write_campaign(campaign, after)
        return campaign

    def _known(self, version: FileVersion) -> Campaign | None:
        """Return the campaign of a file that is gone, if there is one that is not closed."""
        for campaign in self.ledger.open_campaigns():
            if (campaign.bucket, campaign.key, campaign.version_id) == (
                version.bucket,
                version.key,
                version.version_id,
            ):
                return campaign
        return None

    def _campaign(self, version: FileVersion, file: OpenFile) -> Campaign:
        now = self.clock()
        return self.ledger.write_campaign(
            None,
            Campaign(
                campaign_id=campaign_id(version, file.last_modified),
                status=Status.PARSING,
                bucket=version.bucket,
                key=version.key,
                version_id=version.version_id,
                size=file.size,
                started_at=now,
                expires_at=int(now) + KEPT_SECONDS,
            ),
        )

    def _judged(self, campaign: Campaign, file: OpenFile) -> Campaign:
        """Commit a plan, or the refusal of the file; if another run was first, its word stands."""
        body = HashingReader(file.body)
        try:
            orders = Orders.from_key(
                campaign.key,
                default_template_code=self.defaults.template_code,
                default_sign_name=self.defaults.sign_name,
            )
            told = self.template_check.of(orders.template_code) if self.template_check else None
            after = self._planned(campaign, orders, body, told)
            if not file.is_meant_again:
                after = self._unless_repeated(campaign, after, body.content_id(orders))
        except FileRefused as refusal:
            after = campaign.turned_away(refusal.reason, at=self.clock())
        return self.ledger.write_campaign(campaign, after)

    def _unless_repeated(self, campaign: Campaign, after: Campaign, content_id: str) -> Campaign:
        guard = ContentGuard(ledger=self.ledger, clock=self.clock)
        first = guard.first_with(content_id, campaign.campaign_id)
        if first == campaign.campaign_id:
            return after
        reason = Reason("duplicate_file", (first,))
        return campaign.turned_away(reason, at=self.clock(), outcome="duplicate_file")

    def _planned(
        self,
        campaign: Campaign,
        orders: Orders,
        body: HashingReader,
        told: Template | Reason | None,
    ) -> Campaign:
        plan = f"{work_folder(campaign.campaign_id)}{self.fresh_token()}/"
        with (
            open_recipient_file(body) as file,
            self.files.new_object(plan + BATCHES) as batches,
            self.files.new_object(plan + ROWS) as rows,
        ):
            tally = build_plan(
                file,
                PlanWriter(batches=batches, rows=rows),
                campaign_id=campaign.campaign_id,
                orders=orders,
                rules=self.defaults,
                template=told if isinstance(told, Template) else None,
                max_recipients=self.max_recipients,
                size=campaign.size,
            )
        problems = [told, *tally.problems] if isinstance(told, Reason) else tally.problems
        planned = campaign.changed(
            status=Status.SENDING,
            plan=plan,
            template_code=orders.template_code,
            sign_name=orders.sign_name,
            encoding=file.encoding,
            rows=tally.rows,
            accepted=tally.accepted,
            duplicates=tally.duplicates,
            rejected=tally.rejected,
            blank=tally.blank,
            batches=tally.batches,
            segments=tally.segments,
            problems=tuple(tuple(each.to_list()) for each in problems),
        )
        fault = self.defaults.fault(tally)
        return planned.turned_away(fault, at=self.clock()) if fault else planned

    def _queued(self, campaign: Campaign) -> Campaign:
        """Queue what the queue has not acknowledged yet, and move the checkpoint behind it."""
        if campaign.is_queued:
            return campaign
        lines = self.files.lines(campaign.plan + BATCHES, first_byte=campaign.queued_bytes)
        batches = planned_batches(lines, after=campaign.queued, first_byte=campaign.queued_bytes)
        while not campaign.halted and (some := self._next_few(batches)):
            self.queue.send([each.message for each in some])
            campaign = self._checkpoint(campaign, some[-1])
        return campaign

    def _next_few(self, batches: Iterator[PlannedBatch]) -> list[PlannedBatch]:
        some = []
        characters = 0
        for batch in islice(batches, self.batches_a_checkpoint):
            some.append(batch)
            characters += len(batch.message)
            if characters > CHARACTERS_A_CHECKPOINT:
                break
        return some

    def _checkpoint(self, campaign: Campaign, last: PlannedBatch) -> Campaign:
        """Move the checkpoint forward to this batch, whatever else has changed meanwhile."""
        while campaign.queued < last.position:
            campaign = self.ledger.write_campaign(
                campaign, campaign.changed(queued=last.position, queued_bytes=last.next_byte)
            )
        return campaign


def _given_up(campaign: Campaign, *, at: float) -> Campaign:
    if campaign.status is Status.PARSING:
        return campaign.turned_away(Reason("parsing_failed"), at=at)
    if campaign.status is Status.SENDING and not (campaign.is_queued or campaign.halted):
        return campaign.changed(halted=PARSING_FAILED)
    return campaign

"""
Judge a dropped file and commit its plan, or the refusal of the file.

May be cut short anywhere and done again by another run, or by two at once: what is committed first
is the only plan.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.batches.batch import MAX_RECIPIENTS
from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.drops import (
    DropPath,
    FileGone,
    FileUnreadable,
    FileVersion,
    OpenFile,
    work_folder,
)
from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.ledger.campaign import Campaign, Counts, Judgement, Status
from smsdrop.ledger.ports import ReadsCampaigns, Writes, update
from smsdrop.parsing.beginning import begin, open_campaign_of
from smsdrop.parsing.plan_builder import MOST_NAMED, FindHad, RowCounts, Rules, build_plan
from smsdrop.parsing.repeats.plan_log import Ahead, DroppedFile, Overtaken, PlanLog
from smsdrop.parsing.repeats.repeated_files import ContentIds, HashingReader, RepeatedFiles
from smsdrop.parsing.sign_check import SignCheck
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.ports import CurrentFiles, Drops, Objects
from smsdrop.reasons import FileRefused, Reason
from smsdrop.sending.withdrawing import Withdrawing

GONE = Reason("file_gone")
"""Of a campaign whose file was deleted before its plan stood."""


NOTHING_AHEAD = Ahead(last_place=0)


class ParsingLedger(ReadsCampaigns, Writes, Protocol): ...


class Bucket(Drops, CurrentFiles, Objects, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults(Rules):
    """What the stack says where a file's path does not, and how strictly files are judged."""

    template_code: str = ""
    sign_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """
    What judging has come to: a plan, and why nothing of it is sent, if so.

    `had_by` are campaigns that had some of its messages.
    """

    judgement: Judgement
    fault: Reason | None
    had_by: tuple[str, ...] = ()

    @property
    def is_repeated(self) -> bool:
        """Say whether nothing is left to send since others had it."""
        return bool(self.had_by) and not self.judgement.counts.accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """The use case, with its ports; without a `plan_log` no messages are compared."""

    bucket: Bucket
    ledger: ParsingLedger
    defaults: Defaults
    clock: Callable[[], float]
    fresh_token: Callable[[], str]
    withdrawing: Withdrawing
    template_check: TemplateCheck | None = None
    sign_check: SignCheck | None = None
    plan_log: PlanLog | None = None
    max_recipients: int = MAX_RECIPIENTS

    def plan(self, version: FileVersion) -> Campaign | None:
        """Return the file's campaign, judged; None if the file was deleted before it had one."""
        known: frozenset[str] = frozenset()
        while True:
            try:
                return self._plan(version, known)
            except Overtaken as overtaken:
                known |= overtaken.campaign_ids

    def _plan(self, version: FileVersion, known: frozenset[str]) -> Campaign | None:
        try:
            with self.bucket.open(version) as file:
                campaign = begin(self.ledger, version, file, at=self.clock())
                if campaign.status is Status.PARSING:
                    campaign = self._judge(campaign, file, known)
                return campaign
        except FileUnreadable as error:
            facts = self.bucket.facts(version)
            unread = begin(self.ledger, version, facts, at=self.clock())
            return self._refuse(unread, error.reason)
        except FileGone:
            open_one = open_campaign_of(self.ledger, version)
            return open_one and self._refuse(open_one, GONE)

    def _judge(self, campaign: Campaign, file: OpenFile, known: frozenset[str]) -> Campaign:
        """
        Commit a plan, or the refusal of the file; if another run was first, its word stands.

        `known` are campaigns that are known to have messages of the file. Raises `Overtaken`.
        """
        body = HashingReader(file.body)
        try:
            path = DropPath.from_key(
                campaign.key,
                default_template_code=self.defaults.template_code,
                default_sign_name=self.defaults.sign_name,
            )
            template = self.template_check.of(path.template_code) if self.template_check else None
            dropped = DroppedFile(campaign=campaign, path=path, again=file.again)
            ahead = self.plan_log.ahead_of(dropped, known) if self.plan_log else NOTHING_AHEAD
            if ahead.own and self.plan_log:
                return self.plan_log.complete(campaign, ahead.own)
            verdict = self._write_plan(dropped, body, template, ahead)
            first = campaign.campaign_id
            if verdict.fault is None:
                ids = body.content_ids(campaign.key, path, again=file.again)
                first = self._owner_of(ids, campaign)
            return self._settle(dropped, verdict, first, ahead)
        except FileRefused as refusal:
            return self._refuse(campaign, refusal.reason)

    def _settle(
        self, dropped: DroppedFile, verdict: _Verdict, first: str, ahead: Ahead
    ) -> Campaign:
        """Commit what was judged: of a plan that is to be sent, first its place in the log."""
        campaign, judgement = dropped.campaign, verdict.judgement
        is_own = verdict.fault is None and first == campaign.campaign_id
        if is_own:
            self._let_make_way(campaign, verdict.had_by)
        if is_own and verdict.is_repeated:
            if len(verdict.had_by) == 1:
                self._repeated_files().note_repeat(verdict.had_by[0], campaign)
        elif is_own and self.plan_log and judgement.counts.accepted:
            plan = self.plan_log.commit(dropped, ahead, judgement)
            if plan != judgement.plan:
                return self.plan_log.complete(campaign, plan)
        return self._commit(campaign, lambda each: self._judged(each, verdict, first))

    def _let_make_way(self, campaign: Campaign, had_by: tuple[str, ...]) -> None:
        """
        Withdraw those whose file is gone, or replaced by this one, before they have begun.

        Raises `Overtaken` then, since they have no messages of this file any more.
        """
        gone = [each for each in had_by if self.withdrawing.makes_way(each, campaign)]
        if gone:
            raise Overtaken(frozenset(gone))

    def _judged(self, campaign: Campaign, verdict: _Verdict, first: str) -> Campaign:
        now = self.clock()
        if first != campaign.campaign_id:
            return campaign.held_as_copy(first, at=now)
        if verdict.fault:
            return campaign.refused(verdict.fault, at=now, judgement=verdict.judgement)
        if verdict.is_repeated:
            named = verdict.had_by[:MOST_NAMED]
            return campaign.repeating(named, verdict.judgement, at=now)
        return campaign.planned(verdict.judgement, at=now)

    def _refuse(self, campaign: Campaign, reason: Reason) -> Campaign:
        return self._commit(campaign, lambda each: each.refused(reason, at=self.clock()))

    def _commit(self, campaign: Campaign, judged: Callable[[Campaign], Campaign]) -> Campaign:
        """Write what was judged, unless another run has done so; a cancel meanwhile stays."""
        return update(
            self.ledger,
            campaign,
            lambda each: judged(each) if each.status is Status.PARSING else each,
        )

    def _owner_of(self, ids: ContentIds, campaign: Campaign) -> str:
        return self._repeated_files().owner_of(ids, campaign.campaign_id)

    def _repeated_files(self) -> RepeatedFiles:
        return RepeatedFiles(ledger=self.ledger, clock=self.clock)

    def _find_had(self, dropped: DroppedFile, ahead: Ahead) -> FindHad | None:
        if self.plan_log is None or not ahead.compared:
            return None
        return partial(self.plan_log.messages_ahead, dropped, ahead)

    def _write_plan(
        self,
        dropped: DroppedFile,
        body: HashingReader,
        template: Template | Reason | None,
        ahead: Ahead,
    ) -> _Verdict:
        campaign, path = dropped.campaign, dropped.path
        plan = f"{work_folder(campaign.campaign_id)}{self.fresh_token()}/"
        known = template if isinstance(template, Template) else None
        unchecked = [template] if isinstance(template, Reason) else []
        with (
            open_recipient_file(body) as file,
            self.bucket.new_object(plan + BATCHES) as batches,
            self.bucket.new_object(plan + ROWS) as rows,
        ):
            counts = build_plan(
                file,
                PlanWriter(batches=batches, rows=rows),
                campaign_id=campaign.campaign_id,
                path=path,
                rules=self.defaults,
                template=known,
                max_recipients=self.max_recipients,
                size=campaign.size,
                find_had=self._find_had(dropped, ahead),
            )
            fault = self.defaults.fault(counts)
            of_signs = () if fault else self._check_sign_names(counts, known)
        judgement = Judgement(
            plan=plan,
            template_code=path.template_code,
            sign_name=path.sign_name,
            encoding=file.encoding,
            counts=Counts(
                rows=counts.rows,
                accepted=counts.accepted,
                duplicates=counts.duplicates,
                rejected=counts.rejected,
                blank=counts.blank,
                batches=counts.batches,
                segments=counts.segments,
            ),
            problems=(*dict.fromkeys([*unchecked, *of_signs, *counts.problems]),),
        )
        had_by = tuple(each for each, _ in counts.had.most_common())
        return _Verdict(judgement=judgement, fault=fault, had_by=had_by)

    def _check_sign_names(self, counts: RowCounts, template: Template | None) -> tuple[Reason, ...]:
        """Return the problems with the sign names; an international template needs no filing."""
        is_international = template is not None and template.kind is TemplateType.INTERNATIONAL
        if self.sign_check is None or is_international:
            return ()
        return self.sign_check.of(counts.sign_names)

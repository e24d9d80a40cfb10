"""
Judge a dropped file and commit its plan, or the refusal of the file.

May be interrupted anywhere and repeated by another run, or by two at once: what is committed first
is the only plan.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.batches.batch import MAX_RECIPIENTS
from smsdrop.batches.first_texts import keep_texts
from smsdrop.batches.plan import BATCHES, ROWS, batches_ahead
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.drop_path import DropPath
from smsdrop.drops import FileGone, FileUnreadable, FileVersion, OpenFile, work_folder
from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.ledger.campaign import Campaign, Judgement, Status
from smsdrop.ledger.gate import LISTS
from smsdrop.ledger.ports import ReadsCampaigns, Writes, update
from smsdrop.ledger.terms import Terms
from smsdrop.parsing.beginning import begin, open_campaign_of
from smsdrop.parsing.campaign_terms import StackTerms
from smsdrop.parsing.file_verdict import FileVerdict, judgement_of
from smsdrop.parsing.plan_builder import FindHad, RowCounts, Rules, build_plan
from smsdrop.parsing.repeats.ahead import Ahead, DroppedFile
from smsdrop.parsing.repeats.plan_log import Overtaken, PlanLog
from smsdrop.parsing.repeats.repeated_files import ContentIds, HashingReader, RepeatedFiles
from smsdrop.parsing.sign_check import SignCheck
from smsdrop.parsing.suppression.lists import LoadedLists, SuppressionLists
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.ports import CurrentFiles, Drops, Objects
from smsdrop.reasons import FileRefused, Reason, refused
from smsdrop.sending.suppression.standing import ListsUnusable
from smsdrop.sending.withdrawing import Withdrawing

GONE = Reason("file_gone")
"""Of a campaign whose file was deleted before its plan stood."""


NOTHING_AHEAD = Ahead()


class ParsingLedger(ReadsCampaigns, Writes, Protocol): ...


class Bucket(Drops, CurrentFiles, Objects, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults(Rules):
    """What the stack says where a file's path does not, and how strictly files are judged."""

    template_code: str = ""
    sign_name: str = ""
    terms: StackTerms = field(default_factory=StackTerms)
    test_numbers: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drop:
    """What is known of a file before its rows are read."""

    dropped: DroppedFile
    template: Template | None
    terms: Terms
    problems: tuple[Reason, ...]

    @property
    def is_promotion(self) -> bool | None:
        """Say whether its template is for promotions; None if that is not known."""
        return None if self.template is None else self.template.kind is TemplateType.PROMOTION


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """
    The use case, with its ports.

    Without a `plan_log` no messages are compared, and without `lists` nobody is suppressed.
    """

    bucket: Bucket
    ledger: ParsingLedger
    defaults: Defaults
    clock: Callable[[], float]
    fresh_token: Callable[[], str]
    withdrawing: Withdrawing
    template_check: TemplateCheck | None = None
    sign_check: SignCheck | None = None
    plan_log: PlanLog | None = None
    lists: SuppressionLists | None = None
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
        Commit a plan, or the refusal of the file; if another run was first, its result stands.

        `known` are campaigns that are known to have messages of the file. Raises `Overtaken`.
        """
        body = HashingReader(file.body)
        try:
            drop = self._drop_of(campaign, file)
            dropped = drop.dropped
            ahead = self._ahead_of(dropped, known)
            if ahead.own and self.plan_log:
                return self.plan_log.complete(campaign, ahead.own)
            if campaign.held_for and self._is_withdrawn(campaign):
                return self._commit(campaign, lambda each: each.withdrawn(at=self.clock()))
            verdict = self._write_plan(drop, body, ahead, self._lists_for(drop))
            first = campaign.campaign_id
            if verdict.fault is None and dropped.path.settings.is_to_be_sent:
                ids = body.content_ids(campaign.key, dropped.path, again=dropped.again)
                first = self._owner_of(ids, campaign)
            return self._settle(dropped, verdict, first, ahead)
        except FileRefused as refusal:
            return self._refuse(campaign, refusal.reason)
        except ListsUnusable as error:
            problems = error.problems
            waiting = self._commit(campaign, lambda each: each.not_judged(LISTS, problems))
            if waiting.halt_code:
                return self._refuse(waiting, Reason(waiting.halt_code))
            raise

    def _is_withdrawn(self, campaign: Campaign) -> bool:
        """
        Say whether a file that waits for lists is gone, or another has taken its place.

        The other is judged itself, and is the first of its content even if it is a copy.
        """
        return self.bucket.current_campaign_id(campaign.version) != campaign.campaign_id

    def _lists_for(self, drop: _Drop) -> LoadedLists | None:
        if self.lists is None:
            return None
        return self.lists.load(
            expected_rows=self.defaults.expected_rows(drop.dropped.campaign.size),
            is_promotion=drop.is_promotion,
        )

    def _ahead_of(self, dropped: DroppedFile, known: frozenset[str]) -> Ahead:
        """A test is compared with nothing: its texts go to others than the file's recipients."""
        if self.plan_log is None or dropped.path.settings.is_test:
            return NOTHING_AHEAD
        return self.plan_log.ahead_of(dropped, known)

    def _drop_of(self, campaign: Campaign, file: OpenFile) -> _Drop:
        """
        Read the path, ask about the template, and work out the terms; raises `FileRefused`.

        Times count from when the file was dropped, so that a file that is retried later is judged
        the same. A repetition word in the path comes before one in the metadata.
        """
        dropped_at = file.last_modified.timestamp()
        path = DropPath.from_key(
            campaign.key,
            default_template_code=self.defaults.template_code,
            default_sign_name=self.defaults.sign_name,
            dropped_at=dropped_at,
        )
        settings, stack = path.settings, self.defaults.terms
        if settings.is_test and not self.defaults.test_numbers:
            raise refused("test_numbers_missing", settings.folders["only"])
        asked = self.template_check.of(path.template_code) if self.template_check else None
        template = asked if isinstance(asked, Template) else None
        unchecked = (asked,) if isinstance(asked, Reason) else ()
        return _Drop(
            dropped=DroppedFile(campaign=campaign, path=path, again=settings.again or file.again),
            template=template,
            terms=stack.terms_of(settings, template, dropped_at=dropped_at),
            problems=(*unchecked, *stack.problems(settings, template)),
        )

    def _settle(
        self, dropped: DroppedFile, verdict: FileVerdict, first: str, ahead: Ahead
    ) -> Campaign:
        """Commit what was judged: for a plan to be sent, first its place in the log."""
        campaign, judgement = dropped.campaign, verdict.judgement
        if dropped.path.settings.is_test:
            return self._commit(campaign, lambda each: self._judged(each, verdict, first))
        is_own = verdict.fault is None and first == campaign.campaign_id
        if is_own and not verdict.previewed_by:
            self._let_make_way(campaign, verdict.had_by)
        if is_own and verdict.is_repeated and not verdict.previewed_by:
            if len(verdict.had_by) == 1:
                self._repeated_files().note_repeat(verdict.had_by[0], campaign)
        elif is_own and self.plan_log and judgement.counts.accepted:
            if verdict.previewed_by:
                self.plan_log.compare(dropped, ahead, judgement)
            elif (plan := self.plan_log.commit(dropped, ahead, judgement)) != judgement.plan:
                return self.plan_log.complete(campaign, plan)
        return self._commit(campaign, lambda each: self._judged(each, verdict, first))

    def _let_make_way(self, campaign: Campaign, had_by: tuple[str, ...]) -> None:
        """
        Withdraw campaigns whose file is gone, or replaced by this one, before they have begun.

        Raises `Overtaken` then, since they no longer have messages of this file.
        """
        gone = [each for each in had_by if self.withdrawing.makes_way(each, campaign)]
        if gone:
            raise Overtaken(frozenset(gone))

    def _judged(self, campaign: Campaign, verdict: FileVerdict, first: str) -> Campaign:
        return verdict.applied_to(campaign, first=first, at=self.clock())

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
        self, drop: _Drop, body: HashingReader, ahead: Ahead, lists: LoadedLists | None
    ) -> FileVerdict:
        campaign, path = drop.dropped.campaign, drop.dropped.path
        plan = f"{work_folder(campaign.campaign_id)}{self.fresh_token()}/"
        with (
            open_recipient_file(body, with_hidden_rows=path.settings.with_hidden_rows) as file,
            self.bucket.new_object(plan + BATCHES) as batches,
            self.bucket.new_object(plan + ROWS) as rows,
        ):
            counts = build_plan(
                file,
                PlanWriter(batches=batches, rows=rows),
                campaign_id=campaign.campaign_id,
                path=path,
                rules=self.defaults,
                template=drop.template,
                max_recipients=self.max_recipients,
                size=campaign.size,
                find_had=self._find_had(drop.dropped, ahead),
                seen=lists.seen if lists else None,
                test_numbers=self.defaults.test_numbers if path.settings.is_test else (),
            )
            fault = self.defaults.fault(counts)
            if path.settings.is_test and not (fault or counts.tested):
                raise refused("test_without_rows")
            of_signs = () if fault else self._check_sign_names(counts, drop.template)
        judgement = judgement_of(
            counts,
            path,
            plan=plan,
            encoding=file.encoding,
            terms=drop.terms,
            problems=[*drop.problems, *(lists.problems if lists else ()), *of_signs],
            suppressed_by=lists.versions if lists else (),
            is_no_promotion=drop.is_promotion is False,
        )
        return self._verdict(drop, judgement, counts, fault)

    def _verdict(
        self, drop: _Drop, judgement: Judgement, counts: RowCounts, fault: Reason | None
    ) -> FileVerdict:
        """Have a file of many texts wait for approval; keep the first texts to look at."""
        settings = drop.dropped.path.settings
        if self.defaults.terms.asks_for_approval(judgement.counts) and not settings.is_test:
            judgement = replace(judgement, terms=replace(drop.terms, needs_approval=True))
        judgement = self._with_canary(judgement)
        previewed_by = settings.folders["only"] if settings.is_preview else ""
        if counts.texts:
            keep_texts(judgement.plan, counts.texts, self.bucket)
        had_by = tuple(each for each, _ in counts.had.most_common())
        return FileVerdict(
            judgement=judgement, fault=fault, had_by=had_by, previewed_by=previewed_by
        )

    def _with_canary(self, judgement: Judgement) -> Judgement:
        """Say which batches go ahead; where all of them would, the file has no canary."""
        terms = judgement.terms
        if not terms.canary_recipients:
            return judgement
        lines = self.bucket.lines(judgement.plan + BATCHES)
        batches = batches_ahead(lines, terms.canary_recipients)
        if batches:
            terms = replace(terms, canary_batches=batches)
        else:
            terms = replace(terms, canary_recipients=0, canary_percent=0)
        return replace(judgement, terms=terms)

    def _check_sign_names(self, counts: RowCounts, template: Template | None) -> tuple[Reason, ...]:
        """Return the problems with the sign names; an international template needs no filing."""
        is_international = template is not None and template.kind is TemplateType.INTERNATIONAL
        if self.sign_check is None or is_international:
            return ()
        return self.sign_check.of(counts.sign_names)

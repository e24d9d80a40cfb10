"""
Append a plan to the log of its template, once it is compared with each plan before it.

The ledger has a log of committed plans for each template code. A plan is appended on the condition
that the next place is still free, and only if each plan before it is one that the file was judged
by, or shares no message with it. So of two files at the same moment one is the first, and neither
waits for the other:

    A is judged                 B is judged
    A takes place 1
                                B finds place 1 taken, and A has messages of it
                                B is judged again, by what A has
                                B takes place 2

A plan in the log is not undone, and the campaign's own write comes only after it. A parser that
judges a file by a plan whose campaign is still being parsed plans that campaign first, so that what
the file was judged by is what will be sent.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from smsdrop.batches.batch import nth_batch_id
from smsdrop.batches.plan import BATCHES
from smsdrop.ledger.campaign import LONGEST_INVOCATION_SECONDS, Campaign, Judgement, Status
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.ports import ReadsCampaigns, ReadsCommittedPlans, Writes, update
from smsdrop.ledger.terms import Terms, opening
from smsdrop.parsing.repeats.ahead import Ahead, DroppedFile, LogReader
from smsdrop.parsing.repeats.earlier_messages import EarlierMessages
from smsdrop.parsing.repeats.fingerprints import MOST_FINGERPRINTS, are_disjoint, fingerprints_of
from smsdrop.parsing.repeats.kept_judgement import keep_judgement, kept_judgement
from smsdrop.parsing.repeats.plan_messages import Messages, messages_of
from smsdrop.ports import ObjectGone, Objects
from smsdrop.reasons import Reason
from smsdrop.recipients.layout import Layout
from smsdrop.validation.seen.had_messages import HadMessages

BYTES_A_MESSAGE = 32
"""Our choice, for estimating whether a file will have few enough messages for fingerprints."""


class Overtaken(Exception):
    """These campaigns have messages of a plan that was not judged by them: judge the file again."""

    def __init__(self, campaign_ids: frozenset[str]) -> None:
        super().__init__(f"{len(campaign_ids)} campaigns have come first")
        self.campaign_ids = campaign_ids


class LogLedger(ReadsCampaigns, ReadsCommittedPlans, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLog:
    """
    The use case, with its ports.

    `repeat_seconds` is how long ago a campaign that is compared with may have begun, and
    `max_age_seconds` how long one may wait to be approved. A plan of up to `most_fingerprints`
    messages has their fingerprints in the log.
    """

    ledger: LogLedger
    objects: Objects
    earlier_messages: EarlierMessages
    clock: Callable[[], float]
    repeat_seconds: float
    max_age_seconds: float
    most_fingerprints: int = MOST_FINGERPRINTS

    def ahead_of(self, file: DroppedFile, known: frozenset[str]) -> Ahead:
        """
        Read the log; `known` are the campaigns that are known to have messages of the file.

        A small file is judged by those and by large plans, any other file by all plans.
        """
        is_small = file.campaign.size <= BYTES_A_MESSAGE * self.most_fingerprints
        ahead = self._reader.read(file)
        compared = tuple(
            each
            for each in ahead.others
            if each.committed_by in known or not (is_small and each.fingerprints)
        )
        others = tuple(each for each in ahead.others if each not in compared)
        return replace(ahead, compared=compared, others=others)

    def messages_ahead(
        self, file: DroppedFile, ahead: Ahead, layout: Layout
    ) -> tuple[HadMessages, list[Reason]]:
        """Return the messages that the file is judged by, and what could not be read of them."""
        return self.earlier_messages.of(
            self._campaigns(ahead.compared), layout, default_sign_name=file.path.sign_name
        )

    def compare(self, file: DroppedFile, ahead: Ahead, judgement: Judgement) -> None:
        """Raise `Overtaken` if a plan in the log has messages of this one; appends nothing."""
        self._check_apart(file, judgement, self._fingerprints(file, judgement), ahead.others)

    def commit(self, file: DroppedFile, ahead: Ahead, judgement: Judgement) -> str:
        """
        Append the plan, and return the one that is in the log now, perhaps another run's.

        Raises `Overtaken`.
        """
        keep_judgement(judgement, self.objects)
        fingerprints = self._fingerprints(file, judgement)
        while not ahead.own:
            self._check_apart(file, judgement, fingerprints, ahead.others)
            now = self.clock()
            mine = CommittedPlan(
                template_code=file.path.template_code,
                place=ahead.last_place + 1,
                committed_by=file.campaign.campaign_id,
                plan=judgement.plan,
                begins_by=self._begins_by(judgement.terms, now),
                committed_at=now,
                scheduled=ahead.scheduled(now - self.repeat_seconds),
                again=file.again,
                fingerprints=fingerprints,
                expires_at=int(now) + KEPT_SECONDS,
            )
            if self.ledger.write(None, mine) == mine:
                return judgement.plan
            ahead = self._reader.read(file, ahead)
        return ahead.own

    def complete(self, campaign: Campaign, plan: str) -> Campaign:
        """Plan a campaign whose plan is in the log; raises `ObjectGone`."""
        judgement = kept_judgement(plan, self.objects)

        def planned(each: Campaign) -> Campaign:
            is_parsing = each.status is Status.PARSING
            return each.planned(judgement, at=self.clock()) if is_parsing else each

        return update(self.ledger, campaign, planned)

    def _begins_by(self, terms: Terms, now: float) -> float:
        """
        Return when a campaign that is planned now begins at the latest, as far as its terms say.

        It may miss a window that is about to end, and then begins in the next. One that waits may
        begin some ticks late; its entry says when it did.
        """
        start_at = max(now, terms.start_at)
        if terms.needs_approval:
            return start_at + self.max_age_seconds
        first = opening(terms.windows, start_at) or start_at
        soon = start_at + LONGEST_INVOCATION_SECONDS
        later = opening(terms.windows, soon) or first
        begins_at = first if later == soon else max(first, later)
        return begins_at if begins_at == now else begins_at + LONGEST_INVOCATION_SECONDS

    @property
    def _reader(self) -> LogReader:
        return LogReader(ledger=self.ledger, clock=self.clock, repeat_seconds=self.repeat_seconds)

    def _check_apart(
        self,
        file: DroppedFile,
        judgement: Judgement,
        fingerprints: str,
        others: Iterable[CommittedPlan],
    ) -> None:
        """Raise `Overtaken` if one of the others has a message of this plan."""
        by_fingerprints = [each for each in others if fingerprints and each.fingerprints]
        by_messages = [each for each in others if not (fingerprints and each.fingerprints)]
        shared = frozenset(
            each.committed_by
            for each in by_fingerprints
            if not are_disjoint(fingerprints, each.fingerprints)
        )
        if by_messages:
            shared |= self.earlier_messages.sharing(
                self._campaigns(by_messages),
                self._messages(file, judgement),
                default_sign_name=file.path.sign_name,
            )
        if shared:
            raise Overtaken(shared)

    def _fingerprints(self, file: DroppedFile, judgement: Judgement) -> str:
        if judgement.counts.accepted > self.most_fingerprints:
            return ""
        return "".join(fingerprints_of(each.rows) for each in self._messages(file, judgement))

    def _messages(self, file: DroppedFile, judgement: Judgement) -> Iterator[Messages]:
        lines = enumerate(self.objects.lines(judgement.plan + BATCHES), start=1)
        campaign_id = file.campaign.campaign_id
        return messages_of((nth_batch_id(campaign_id, place), line) for place, line in lines)

    def _campaigns(self, plans: Iterable[CommittedPlan]) -> list[Campaign]:
        """
        Read the campaigns of plans that were sent recently, or may be; plan those not planned yet.

        One that waited for approval may have begun long before it had to.
        """
        since = self.clock() - self.repeat_seconds
        campaigns = []
        for each in plans:
            campaign = self.ledger.campaign(each.committed_by)
            if campaign is not None and campaign.status is Status.PARSING:
                try:
                    campaign = self.complete(campaign, each.plan)
                except ObjectGone:  # reported when its messages are read
                    campaign = replace(campaign, plan=each.plan)
            if campaign is None or campaign.status is Status.REFUSED:
                continue
            if not campaign.opened_at or campaign.opened_at > since:
                campaigns.append(campaign)
        return campaigns

"""
Read what earlier campaigns have sent or may send, which a file's rows are compared with.

A message counts as had unless it is known not to be sent: its batch was refused or cancelled, or
never begun by a campaign that was stopped. A message in doubt counts as had.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from smsdrop.batches.batch import Batch, nth_batch_id
from smsdrop.batches.plan import BATCHES, PlanDamaged, raising_if_damaged
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.ports import ReadsBatches
from smsdrop.ledger.splits import NO_MORE, leaves, split_trees, with_parents_evidence
from smsdrop.parsing.repeats.plan_messages import Messages, messages_of
from smsdrop.ports import ObjectGone, Objects
from smsdrop.reasons import Reason
from smsdrop.recipients.layout import Layout
from smsdrop.validation.seen.had_messages import HadMessages


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierMessages:
    """
    The use case, with its ports; at most `most` messages are held in memory.

    For `claim_seconds` after a campaign was stopped, a batch that was not begun may still be sent.
    """

    ledger: ReadsBatches
    objects: Objects
    sleep: Callable[[float], None]
    most: int
    claim_seconds: float

    def of(
        self, campaigns: Sequence[Campaign], layout: Layout, *, default_sign_name: str
    ) -> tuple[HadMessages, list[Reason]]:
        """Return the messages of the campaigns, the newest first, and what could not be read."""
        newest = campaigns[::-1]
        read = list(self._within_bounds(newest))
        had = HadMessages(
            layout,
            default_sign_name=default_sign_name,
            expected=sum(each.counts.accepted for each in read),
        )
        problems = []
        for campaign in read:
            had.add_campaign(campaign.campaign_id)
            try:
                self._add(campaign, had)
            except (ObjectGone, PlanDamaged):
                problems.append(Reason("repeats_plan_gone", (campaign.campaign_id,)))
        if len(read) < len(newest):
            problems.append(Reason("repeats_too_many", (newest[len(read)].campaign_id,)))
        return had, problems

    def _within_bounds(self, newest: Sequence[Campaign]) -> Iterator[Campaign]:
        total = 0
        for campaign in newest:
            total += campaign.counts.accepted
            if total > self.most:
                return
            yield campaign

    def sharing(
        self,
        campaigns: Sequence[Campaign],
        messages: Iterable[Messages],
        *,
        default_sign_name: str,
    ) -> frozenset[str]:
        """Return the ids of those campaigns that have some of these messages, all in one layout."""
        had, shared = None, set[str]()
        for some in messages:
            had = had or self.of(campaigns, some.layout, default_sign_name=default_sign_name)[0]
            found = had.find(
                some.rows, sign_names=some.sign_names, is_international=some.is_international
            )
            shared |= set(found.values())
        return frozenset(shared)

    def _add(self, campaign: Campaign, had: HadMessages) -> None:
        for some in messages_of(self._lines_had(campaign)):
            had.add(
                some.rows,
                layout=some.layout,
                sign_names=some.sign_names,
                is_international=some.is_international,
            )

    def _lines_had(self, campaign: Campaign) -> Iterator[tuple[str, bytes]]:
        """Yield the id and the line of each batch that was, or may be, sent."""
        is_stopped = bool(campaign.halt_code) and not _was_sent_whole(campaign)
        lines = enumerate(self.objects.lines(campaign.plan + BATCHES), start=1)
        trees = split_trees(with_parents_evidence(self._entries(campaign)))
        place, tree = next(trees, NO_MORE)
        count = 0
        for count, line in lines:
            while place < count:
                place, tree = next(trees, NO_MORE)
            batch_id = nth_batch_id(campaign.campaign_id, count)
            whole = tree.get(batch_id) if place == count else None
            if whole is not None and whole.state is State.SPLIT:
                for part, entry in leaves(tree, _batch_of(line)):
                    if self._is_had(entry, is_stopped=is_stopped):
                        yield part.batch_id, part.to_json().encode()
            elif self._is_had(whole, is_stopped=is_stopped):
                yield batch_id, line
        if count != campaign.counts.batches:
            raise PlanDamaged(f"{count} batches of {campaign.counts.batches} are left")

    def _entries(self, campaign: Campaign) -> Iterable[BatchEntry]:
        """Read the entries that may show that a message was not sent."""
        if _was_sent_whole(campaign):
            return ()
        if _is_being_stopped(campaign):
            self.sleep(self.claim_seconds)  # a batch not begun by then never will be
        return self.ledger.entries(campaign.campaign_id)

    def _is_had(self, entry: BatchEntry | None, *, is_stopped: bool) -> bool:
        if entry is None:
            return not is_stopped
        if entry.state is State.WAITING and is_stopped:
            return entry.may_have_texted
        return entry.state not in (State.REFUSED, State.CANCELLED) or entry.may_have_texted


def _was_sent_whole(campaign: Campaign) -> bool:
    """Say whether everybody was sent to, even if the campaign was stopped after that."""
    counts = campaign.counts
    return campaign.status is Status.CLOSED and counts.sent == counts.accepted


def _is_being_stopped(campaign: Campaign) -> bool:
    return bool(campaign.halt_code) and campaign.status not in (Status.CLOSING, Status.CLOSED)


def _batch_of(line: bytes) -> Batch:
    with raising_if_damaged():
        return Batch.from_json(line)

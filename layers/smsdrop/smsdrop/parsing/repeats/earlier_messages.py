"""
Read what earlier campaigns have sent or may send, which a file's rows are compared with.

A message counts as had unless it is known not to be sent: its batch was refused or cancelled, or
never begun by a campaign that was stopped. Who is in doubt has it.

Millions are read from the plans as they stand: the rows of a queue message are its last member,
and are split without being parsed. A batch that was split goes the slower way.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from smsdrop.batches.batch import Batch, nth_batch_id
from smsdrop.batches.forms import check_form
from smsdrop.batches.plan import BATCHES, PlanDamaged, raising_if_damaged
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.ports import ReadsBatches
from smsdrop.ledger.splits import NO_MORE, SplitTree, leaves, split_trees, with_parents_evidence
from smsdrop.ports import ObjectGone, Objects
from smsdrop.reasons import Reason
from smsdrop.recipients.layout import BETWEEN_ROWS, Layout, rows_of_texts
from smsdrop.validation.had_messages import HadMessages

ROWS_BEGIN = b',"rows":["'
ROWS_END = b'"]}'
"""No text in JSON can hold the first of these, since quotation marks are escaped in it."""


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

    def _add(self, campaign: Campaign, had: HadMessages) -> None:
        lines = enumerate(self.objects.lines(campaign.plan + BATCHES), start=1)
        trees = split_trees(with_parents_evidence(self._entries(campaign)))
        place, tree = next(trees, NO_MORE)
        count = 0
        for count, line in lines:
            while place < count:
                place, tree = next(trees, NO_MORE)
            self._add_batch(campaign, line, count, tree if place == count else {}, had)
        if count != campaign.counts.batches:
            raise PlanDamaged(f"{count} batches of {campaign.counts.batches} are left")

    def _entries(self, campaign: Campaign) -> Iterable[BatchEntry]:
        """Read the entries that may say of a message that it was not sent."""
        counts = campaign.counts
        if campaign.status is Status.CLOSED and counts.sent == counts.accepted:
            return ()
        if _is_being_stopped(campaign):
            self.sleep(self.claim_seconds)  # then what is not begun will never be
        return self.ledger.entries(campaign.campaign_id)

    def _add_batch(
        self, campaign: Campaign, line: bytes, place: int, tree: SplitTree, had: HadMessages
    ) -> None:
        is_stopped = bool(campaign.halt_code)
        batch_id = nth_batch_id(campaign.campaign_id, place)
        whole = tree.get(batch_id)
        if whole is not None and whole.state is State.SPLIT:
            for part, entry in leaves(tree, _batch_of(line)):
                if self._is_had(entry, is_stopped=is_stopped):
                    add_part(part, had)
        elif self._is_had(whole, is_stopped=is_stopped):
            add_line(line, batch_id, had)

    def _is_had(self, entry: BatchEntry | None, *, is_stopped: bool) -> bool:
        if entry is None:
            return not is_stopped
        if entry.state is State.WAITING and is_stopped:
            return entry.may_have_texted
        return entry.state not in (State.REFUSED, State.CANCELLED) or entry.may_have_texted


def _is_being_stopped(campaign: Campaign) -> bool:
    return bool(campaign.halt_code) and campaign.status not in (Status.CLOSING, Status.CLOSED)


def add_line(line: bytes, batch_id: str, had: HadMessages) -> None:
    """Add a queue message's rows without parsing them; one that is written otherwise, parsed."""
    head, begin, rest = line.rstrip(b"\n").partition(ROWS_BEGIN)
    if not (begin and rest.endswith(ROWS_END)):
        add_part(_batch_of(line), had)
        return
    common = head.replace(batch_id.encode(), b"")  # the same for nearly all of a plan
    layout, sign_names, is_international = _read_head(common + b"}")
    had.add(
        rest.removesuffix(ROWS_END).split(BETWEEN_ROWS),
        layout=layout,
        sign_names=sign_names,
        is_international=is_international,
    )


def add_part(batch: Batch, had: HadMessages) -> None:
    had.add(
        rows_of_texts(batch.rows),
        layout=batch.layout,
        sign_names=batch.sign_names,
        is_international=batch.is_international,
    )


@lru_cache(maxsize=1)
def _read_head(head: bytes) -> tuple[Layout, str | list[str], bool]:
    """Return layout, sign names and whether it is international; raises `LaterForm`."""
    with raising_if_damaged():
        members = json.loads(head)
        check_form(members)
        layout = Layout(
            phone_column=members["phone_column"], param_names=tuple(members["param_names"])
        )
        return layout, members["sign_name"], members.get("is_international", False)


def _batch_of(line: bytes) -> Batch:
    with raising_if_damaged():
        return Batch.from_json(line)

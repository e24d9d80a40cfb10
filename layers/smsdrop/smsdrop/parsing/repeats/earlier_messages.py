"""
Read what earlier campaigns have sent or may send, which a file's rows are compared with.

A message counts as had unless it is known not to be sent: its batch was refused or cancelled, or
never begun by a campaign that was stopped. Who is in doubt has it.

Millions are read from the plans as they stand: the rows of a queue message are its last member,
and are split without being parsed. A batch that was split goes the slower way.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

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
from smsdrop.validation.seen.had_messages import HadMessages

ROWS_BEGIN = b',"rows":["'
ROWS_END = b'"]}'
"""No text in JSON can hold the first of these, since quotation marks are escaped in it."""

MESSAGES_AT_ONCE = 20
"""Our choice: as many rows as a block of a file has."""


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
        gathered = _Gathered(had)
        count = 0
        for count, line in lines:
            while place < count:
                place, tree = next(trees, NO_MORE)
            self._add_batch(campaign, line, count, tree if place == count else {}, gathered)
        gathered.flush()
        if count != campaign.counts.batches:
            raise PlanDamaged(f"{count} batches of {campaign.counts.batches} are left")

    def _entries(self, campaign: Campaign) -> Iterable[BatchEntry]:
        """Read the entries that may say of a message that it was not sent."""
        if _was_sent_whole(campaign):
            return ()
        if _is_being_stopped(campaign):
            self.sleep(self.claim_seconds)  # then what is not begun will never be
        return self.ledger.entries(campaign.campaign_id)

    def _add_batch(
        self, campaign: Campaign, line: bytes, place: int, tree: SplitTree, gathered: "_Gathered"
    ) -> None:
        is_stopped = bool(campaign.halt_code) and not _was_sent_whole(campaign)
        batch_id = nth_batch_id(campaign.campaign_id, place)
        whole = tree.get(batch_id)
        if whole is not None and whole.state is State.SPLIT:
            for part, entry in leaves(tree, _batch_of(line)):
                if self._is_had(entry, is_stopped=is_stopped):
                    gathered.add_part(part)
        elif self._is_had(whole, is_stopped=is_stopped):
            gathered.add_line(line, batch_id)

    def _is_had(self, entry: BatchEntry | None, *, is_stopped: bool) -> bool:
        if entry is None:
            return not is_stopped
        if entry.state is State.WAITING and is_stopped:
            return entry.may_have_texted
        return entry.state not in (State.REFUSED, State.CANCELLED) or entry.may_have_texted


def _was_sent_whole(campaign: Campaign) -> bool:
    """Say whether everybody was sent to, be it before the campaign was stopped."""
    counts = campaign.counts
    return campaign.status is Status.CLOSED and counts.sent == counts.accepted


def _is_being_stopped(campaign: Campaign) -> bool:
    return bool(campaign.halt_code) and campaign.status not in (Status.CLOSING, Status.CLOSED)


@dataclass(slots=True)
class _Gathered:
    """Adds the rows of several queue messages at once, whose `common` members are the same."""

    had: HadMessages
    common: bytes = b""
    rows: list[bytes] = field(default_factory=list)
    """Joined, as each message has them."""

    def add_line(self, line: bytes, batch_id: str) -> None:
        """Add a message's rows without parsing them; one that is written otherwise, parsed."""
        head, begin, rest = line.rstrip(b"\n").partition(ROWS_BEGIN)
        if not (begin and rest.endswith(ROWS_END)):
            self.add_part(_batch_of(line))
            return
        common = head.replace(batch_id.encode(), b"")
        if common != self.common or len(self.rows) == MESSAGES_AT_ONCE:
            self.flush()
        self.common = common
        self.rows.append(rest[: -len(ROWS_END)])

    def add_part(self, batch: Batch) -> None:
        self.had.add(
            rows_of_texts(batch.rows),
            layout=batch.layout,
            sign_names=batch.sign_names,
            is_international=batch.is_international,
        )

    def flush(self) -> None:
        """Add what was gathered; raises `LaterForm`, or `PlanDamaged`."""
        if not self.rows:
            return
        rows = BETWEEN_ROWS.join(self.rows).split(BETWEEN_ROWS)
        with raising_if_damaged():
            members = json.loads(self.common + b"}")
            check_form(members)
            layout = Layout(
                phone_column=members["phone_column"], param_names=tuple(members["param_names"])
            )
            names, is_abroad = members["sign_name"], members.get("is_international", False)
        sign_names = names if isinstance(names, str) else names * len(self.rows)
        self.rows = []
        self.had.add(rows, layout=layout, sign_names=sign_names, is_international=is_abroad)


def _batch_of(line: bytes) -> Batch:
    with raising_if_damaged():
        return Batch.from_json(line)

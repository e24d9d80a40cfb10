"""Bugs to plant where a file is compared with those before it."""

from array import array
from collections.abc import Iterable, Sequence

from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Judgement
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.terms import Terms
from smsdrop.parsing.repeats.ahead import DroppedFile
from smsdrop.parsing.repeats.earlier_messages import EarlierMessages
from smsdrop.parsing.repeats.plan_log import PlanLog
from smsdrop.reasons import Reason
from smsdrop.recipients.layout import SEPARATOR_BYTE, Layout
from smsdrop.validation.seen.had_messages import HadMessages


class TakesCancelledForSent(EarlierMessages):
    """Treats all that was planned as sent, whatever became of it."""

    def _is_had(self, entry: BatchEntry | None, *, is_stopped: bool) -> bool:
        return True


class SendsDoubtAgain(EarlierMessages):
    """Treats only what the provider is known to have accepted as had."""

    def _is_had(self, entry: BatchEntry | None, *, is_stopped: bool) -> bool:
        is_had = super()._is_had(entry, is_stopped=is_stopped)
        return is_had and not (entry is not None and entry.state is State.SENDING)


class NumbersAlone(HadMessages):
    """Tells messages apart by their numbers."""

    def _keys(
        self, rows: Sequence[bytes], sign_names: str | Sequence[str], *, is_international: bool
    ) -> "array[int]":
        place = self._layout.phone_column
        numbers = [row.split(SEPARATOR_BYTE)[place] for row in rows]
        return super()._keys(numbers, sign_names, is_international=is_international)


class LeavesTheParamsOut(EarlierMessages):
    """Treats any two messages to the same number as the same."""

    def of(
        self, campaigns: Sequence[Campaign], layout: Layout, *, default_sign_name: str
    ) -> tuple[HadMessages, list[Reason]]:
        had = NumbersAlone(layout, default_sign_name=default_sign_name)
        for campaign in campaigns[::-1]:
            had.add_campaign(campaign.campaign_id)
            self._add(campaign, had)
        return had, []


class CommitsBehindAnyone(PlanLog):
    """Takes the next free place, even if another run came first."""

    def _check_apart(
        self,
        file: DroppedFile,
        judgement: Judgement,
        fingerprints: str,
        others: Iterable[CommittedPlan],
    ) -> None:
        pass


class CountsFromTheDrop(PlanLog):
    """Treats a campaign as begun once it is planned, though it waits for days."""

    def _begins_by(self, terms: Terms, now: float) -> float:
        return now

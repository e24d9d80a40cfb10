"""The result of judging a file, and what becomes of its campaign."""

from collections.abc import Sequence
from dataclasses import dataclass

from smsdrop.drop_path import DropPath
from smsdrop.ledger.campaign import PREVIEWED, Campaign, Counts, Judgement
from smsdrop.ledger.terms import Terms
from smsdrop.parsing.plan_builder import MOST_NAMED, RowCounts
from smsdrop.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVerdict:
    """
    A plan, and why nothing of it is sent, if so.

    `had_by` are campaigns that had some of its messages. `previewed_by` is the folder that asks for
    a preview only.
    """

    judgement: Judgement
    fault: Reason | None
    had_by: tuple[str, ...] = ()
    previewed_by: str = ""

    @property
    def is_repeated(self) -> bool:
        """Say whether nothing is left to send because others had it."""
        return bool(self.had_by) and not self.judgement.counts.accepted

    def applied_to(self, campaign: Campaign, *, first: str, at: float) -> Campaign:
        """Return the campaign, judged; `first` is the one that its content belongs to."""
        judgement = self.judgement
        if first != campaign.campaign_id:
            return campaign.held_as_copy(first, at=at)
        if self.fault:
            return campaign.refused(self.fault, at=at, judgement=judgement)
        if self.previewed_by:
            return campaign.refused(self._preview(), at=at, outcome=PREVIEWED, judgement=judgement)
        if self.is_repeated:
            return campaign.repeating(self.had_by[:MOST_NAMED], judgement, at=at)
        return campaign.planned(judgement, at=at)

    def _preview(self) -> Reason:
        counts = self.judgement.counts
        numbers = (counts.accepted, counts.duplicates, counts.rejected)
        return Reason("preview", (self.previewed_by, *map(str, numbers)))


def judgement_of(
    counts: RowCounts,
    path: DropPath,
    *,
    plan: str,
    encoding: str,
    terms: Terms,
    problems: Sequence[Reason],
    suppressed_by: tuple[tuple[str, str], ...] = (),
    is_no_promotion: bool = False,
) -> Judgement:
    """Put together what was found out about a file; each problem is reported once."""
    return Judgement(
        plan=plan,
        template_code=path.template_code,
        sign_name=path.sign_name,
        encoding=encoding,
        counts=Counts(
            rows=counts.rows + counts.tested,
            accepted=counts.accepted + counts.tested,
            duplicates=counts.duplicates,
            suppressed=counts.suppressed,
            rejected=counts.rejected,
            blank=counts.blank,
            batches=counts.batches,
            segments=counts.segments,
        ),
        terms=terms,
        problems=(*dict.fromkeys([*problems, *counts.problems]),),
        suppressed_by=suppressed_by,
        is_no_promotion=is_no_promotion,
    )

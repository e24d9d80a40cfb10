"""A campaign's entry in the ledger."""

from dataclasses import dataclass, replace
from enum import StrEnum, auto
from typing import Self

from smsdrop.reasons import Reason


class Status(StrEnum):
    """What a campaign is at."""

    PARSING = auto()
    SENDING = auto()
    CLOSED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """
    One version of one recipient file, and what became of it so far.

    `plan` is the prefix of the plan's objects, empty until one is committed. `queued` is the
    highest contiguous batch that the queue has acknowledged, and `queued_bytes` where the next
    one begins in the plan. `segments` is an estimate of what the accepted rows are billed as; it
    is 0 where the template's text is not known. The counts of rows by what became of them are
    known once it is closed. `halted` is the code that stopped the rest, the provider's or one of
    ours. `open` is set while the books are to be closed, or to be reported anew;
    `reopened_at` is when somebody last was about to add late evidence to them.
    """

    campaign_id: str
    status: Status
    bucket: str
    key: str
    version_id: str
    size: int
    started_at: float
    template_code: str = ""
    sign_name: str = ""
    encoding: str = ""
    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    blank: int = 0
    batches: int = 0
    segments: int = 0
    plan: str = ""
    queued: int = 0
    queued_bytes: int = 0
    sent: int = 0
    refused: int = 0
    unconfirmed: int = 0
    cancelled: int = 0
    halted: str = ""
    outcome: str = ""
    reason: tuple[str, ...] = ()
    problems: tuple[tuple[str, ...], ...] = ()
    finished_at: float = 0
    alarmed_at: float = 0
    reopened_at: float = 0
    open: str = "yes"
    revision: int = 1
    expires_at: int = 0

    @property
    def entry(self) -> str:
        return "campaign"

    @property
    def is_queued(self) -> bool:
        return self.queued == self.batches

    @property
    def is_refused_with_plan(self) -> bool:
        """Say whether its rows were judged, and then nothing of it was to be sent."""
        return self.status is Status.REFUSED and bool(self.plan) and not self.halted

    def changed(self, **changes: object) -> Self:
        """Return the entry as a later revision with these fields changed."""
        return replace(self, revision=self.revision + 1, **changes)  # type: ignore[arg-type]

    def turned_away(self, reason: Reason, *, at: float, outcome: str = "refused") -> Self:
        """Return the campaign whose file as a whole was not usable."""
        return self.changed(
            status=Status.REFUSED,
            outcome=outcome,
            reason=tuple(reason.to_list()),
            finished_at=at,
        )

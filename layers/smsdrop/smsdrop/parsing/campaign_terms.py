"""On what terms a file is sent: its path's settings, the stack's, and the hours for promotions."""

from dataclasses import dataclass
from math import inf

from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.drop_settings import DropSettings
from smsdrop.drop_times import beijing_text
from smsdrop.ledger.campaign import Counts
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.terms import DAY, Terms, opening
from smsdrop.reasons import Reason, refused

DAY_SECONDS = DAY.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class StackTerms:
    """
    The stack's settings for what a file leaves open.

    Files and plans are deleted after `retention_seconds`; a campaign ends `max_age_seconds` after
    its start. A file of more than `approve_above_texts` waits to be approved. `canary_recipients`
    go ahead, and the others follow if `canary_delivered_percent` were delivered, which only
    receipts can show.
    """

    promo_window: str = "0800-2000"
    approve_above_texts: float = inf
    max_age_seconds: float = 13 * DAY_SECONDS
    retention_seconds: float = 90 * DAY_SECONDS
    canary_recipients: int = 0
    canary_delivered_percent: float = 90
    has_receipts: bool = True

    def terms_of(
        self, settings: DropSettings, template: Template | None, *, dropped_at: float
    ) -> Terms:
        """Raises `FileRefused` for settings by which nothing would be sent, or not to its end."""
        self._check_start(settings, dropped_at)
        is_promotion = template is not None and template.kind is TemplateType.PROMOTION
        promo_window = self.promo_window if is_promotion else ""
        windows = tuple(dict.fromkeys(filter(None, (settings.window, promo_window))))
        opens_at = opening(windows, max(settings.start_at, dropped_at))
        if opens_at is None:
            raise refused("window_outside_promo", settings.folders["window"], promo_window)
        if settings.until_at and opens_at >= settings.until_at:
            raise refused("never_open", ", ".join(windows), settings.folders["until"])
        recipients_ahead = self._recipients_ahead(settings)
        return Terms(
            start_at=settings.start_at,
            until_at=settings.until_at,
            windows=windows,
            needs_approval=settings.needs_approval,
            is_test=settings.is_test,
            canary_recipients=recipients_ahead,
            canary_percent=self.canary_delivered_percent if recipients_ahead else 0,
        )

    def problems(self, settings: DropSettings, template: Template | None) -> tuple[Reason, ...]:
        """Warn that a template of unknown type may be sent at any hour."""
        if template is not None or settings.window:
            return ()
        return (Reason("hours_unchecked", (self.promo_window,)),)

    def _recipients_ahead(self, settings: DropSettings) -> int:
        """
        Return how many go ahead at least; in a test nobody does.

        Without receipts no one would ever know whether the others may follow.
        """
        recipients = settings.canary or self.canary_recipients
        if not recipients or settings.is_test:
            return 0
        if not self.has_receipts:
            by = settings.folders.get("canary", "CanaryRecipients")
            raise refused("canary_without_receipts", by)
        return recipients

    def asks_for_approval(self, counts: Counts) -> bool:
        """Say whether there are so many texts; if their length is not known, each counts as one."""
        return (counts.segments or counts.accepted) > self.approve_above_texts

    def _check_start(self, settings: DropSettings, dropped_at: float) -> None:
        """The file, its plan and its entry in the ledger must be there until its end."""
        kept_seconds = min(self.retention_seconds, KEPT_SECONDS)
        latest = dropped_at + kept_seconds - self.max_age_seconds
        if settings.start_at > latest:
            raise refused("start_too_late", settings.folders["start"], beijing_text(latest))

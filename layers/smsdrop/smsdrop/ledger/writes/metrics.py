"""What a write of the ledger adds to the metrics, once it stands."""

from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import STOPPED_BY_PEOPLE, SUPPRESSED
from smsdrop.ledger.ports import AnyEntry
from smsdrop.metrics import Measured, Metric
from smsdrop.receipts.looks import Looks

ENDS = {
    State.SENT: Metric.TEXTS_SENT,
    State.REFUSED: Metric.TEXTS_REFUSED,
    State.CANCELLED: Metric.TEXTS_CANCELLED,
    State.UNCONFIRMED: Metric.TEXTS_UNCONFIRMED,
}


def metrics_of_write(before: AnyEntry | None, after: AnyEntry) -> Measured:
    match after:
        case BatchEntry():
            return _of_batch(before if isinstance(before, BatchEntry) else None, after)
        case Campaign():
            return _of_campaign(before if isinstance(before, Campaign) else None, after)
    return {}


def _of_batch(before: BatchEntry | None, after: BatchEntry) -> Measured:
    measured: dict[Metric, float] = {}
    if after.state in ENDS and not (before and before.is_final):
        # Always both counts, or the graph of their ratio has holes.
        measured = {Metric.TEXTS_SENT: 0, Metric.TEXTS_REFUSED: 0}
        is_listed = after.code == SUPPRESSED  # which is no failure that anyone has to look into
        measured[Metric.ROWS_SUPPRESSED if is_listed else ENDS[after.state]] = after.recipients
    if before is None:
        return measured
    if after.sent_twice and not before.sent_twice:
        measured[Metric.TEXTS_SENT_TWICE] = after.recipients
    if after.absent > before.absent:
        measured[Metric.SETTLED_ABSENT] = 1
    if before.state is State.SENDING and _was_settled_as_sent(before, after):
        measured[Metric.SETTLED_FOUND] = 1
    return measured


def _was_settled_as_sent(before: BatchEntry, after: BatchEntry) -> bool:
    """The caller records its own answer before anyone may settle the attempt."""
    return after.state is State.SENT and after.ended_at >= before.settle_after


def _of_campaign(before: Campaign | None, after: Campaign) -> Measured:
    measured: dict[Metric, float] = {}
    if after.plan and not (before and before.plan):
        counts = after.counts
        rows = {
            Metric.ROWS_ACCEPTED: counts.accepted,
            Metric.ROWS_DUPLICATE: counts.duplicates,
            Metric.ROWS_SUPPRESSED: counts.suppressed,
            Metric.ROWS_REJECTED: counts.rejected,
        }
        measured |= {metric: count for metric, count in rows.items() if count}
    was_refused = before is not None and before.status is Status.REFUSED
    if after.status is Status.REFUSED and not was_refused:
        gave_up = after.reason is not None and after.reason.code == "parsing_failed"
        measured[Metric.FILES_GIVEN_UP if gave_up else Metric.FILES_REFUSED] = 1
        if after.outcome == "refused" and not gave_up:
            measured[Metric.CAMPAIGNS_REFUSED] = 1
    if after.halt_code and not (before and before.halt_code):
        was_meant = after.halt_code in STOPPED_BY_PEOPLE
        measured[Metric.CAMPAIGNS_CANCELLED if was_meant else Metric.CAMPAIGNS_HALTED] = 1
    if before is None:
        return measured
    if before.is_to_be_reported and not after.is_to_be_reported and not _is_for_receipts(before):
        measured[Metric.CAMPAIGNS_CLOSED] = 1
    return measured | _of_receipts(before.looks, after.looks)


def _is_for_receipts(before: Campaign) -> bool:
    """Say whether the campaign was closed before, so that this report is a rewrite."""
    return before.looks.receipts_from > 0


def _of_receipts(before: Looks, after: Looks) -> dict[Metric, float]:
    """Measure what a look has found; always both counts, or the graph of their share has holes."""
    if before.receipts_as_of == after.receipts_as_of:
        return {}
    return {
        Metric.TEXTS_DELIVERED: max(0, after.delivered - before.delivered),
        Metric.TEXTS_UNDELIVERED: max(0, after.undelivered - before.undelivered),
    }

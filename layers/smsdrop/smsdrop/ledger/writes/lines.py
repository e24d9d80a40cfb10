"""The log lines of a ledger write, once it stands: which turn a campaign has taken."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.entries import Pause
from smsdrop.ledger.ports import AnyEntry
from smsdrop.log_lines import LogLine, shown_key

Turn: TypeAlias = Callable[[Campaign, Campaign], bool]
"""Whether a campaign took this turn between the first entry and the second."""


def _comes_to(status: Status) -> Turn:
    return lambda before, after: before.status is not status and after.status is status


def _is_released(before: Campaign, after: Campaign) -> bool:
    was_held = before.status is Status.HELD and after.status is Status.SENDING
    return was_held or after.released > before.released


TURNS: dict[str, Turn] = {
    "campaign refused": _comes_to(Status.REFUSED),
    "campaign planned": _comes_to(Status.PLANNED),
    "campaign paused": lambda before, after: bool(after.paused_by and not before.paused_by),
    "campaign resumed": lambda before, after: bool(before.paused_by and not after.paused_by),
    "campaign approved": lambda before, after: bool(after.approved_by and not before.approved_by),
    "campaign held": lambda before, after: after.held_for not in ("", before.held_for),
    "campaign released": _is_released,
    "campaign halted": lambda before, after: bool(after.halt_code and not before.halt_code),
    "campaign closed": lambda before, after: (
        before.is_to_be_reported and not after.is_to_be_reported
    ),
    "campaign reopened": lambda before, after: (
        before.status is Status.CLOSED and after.status is Status.CLOSING
    ),
}

WARNINGS = ("campaign refused", "campaign halted", "sending paused")


def lines_of_write(before: AnyEntry | None, after: AnyEntry) -> Iterator[LogLine]:
    match before, after:
        case None, Campaign():
            yield _line("campaign begun", _fields(after))
        case Campaign(), Campaign():
            for message, is_taken in TURNS.items():
                if is_taken(before, after):
                    yield _line(message, _fields(after))
        case _, Pause():
            was_paused = isinstance(before, Pause) and before.paused
            if after.paused != was_paused:
                message = "sending paused" if after.paused else "sending resumed"
                yield _line(message, {"code": after.code})


def _line(message: str, fields: dict[str, object]) -> LogLine:
    return LogLine(
        message=message,
        fields={name: value for name, value in fields.items() if value != ""},
        is_warning=message in WARNINGS,
    )


def _fields(campaign: Campaign) -> dict[str, object]:
    """Return the same fields for each turn: a query shows those of the latest line."""
    counts = campaign.counts
    return {
        "campaign_id": campaign.campaign_id,
        "file": shown_key(campaign.key),
        "status": campaign.status,
        "outcome": campaign.outcome,
        "held_for": campaign.held_for,
        "reason": campaign.reason.code if campaign.reason else "",
        "code": campaign.halt_code,
        "rows": counts.rows,
        "accepted": counts.accepted,
        "duplicates": counts.duplicates,
        "suppressed": counts.suppressed,
        "rejected": counts.rejected,
        "batches": counts.batches,
        "released": campaign.released,
        "sent": counts.sent,
        "refused": counts.refused,
        "unconfirmed": counts.unconfirmed,
        "cancelled": counts.cancelled,
    }

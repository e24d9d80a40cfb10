"""What a person is shown of campaigns, orders and texts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from smsdrop.drop_times import beijing_second
from smsdrop.drops import DROP_PREFIX
from smsdrop.ledger.entries import Pause
from smsdrop_cli.finding import Found
from smsdrop_cli.progress import Progress
from smsdrop_cli.suppressing import Listed
from smsdrop_cli.times import beijing_of_iso, span

ROWS = ("rows", "accepted", "duplicates", "suppressed", "rejected", "blank")
FATES = ("sent", "refused", "unconfirmed", "cancelled", "pending")

DELIVERIES = {
    "delivered": "delivered",
    "undelivered": "undelivered",
    "pending": "pending",
    "no_receipt": "without a receipt",
}
"""What the carriers have said about texts, in words."""


def path_of(key: str) -> str:
    return key.removeprefix(DROP_PREFIX)


def state_of(progress: Progress) -> str:
    """Name the status, with the outcome or what holds it."""
    more = progress.outcome or progress.held_for
    return f"{progress.status} ({more})" if more and more != progress.status else progress.status


def campaigns_table(campaigns: Sequence[Progress], pause: Pause) -> Iterator[Any]:
    """Show a line for each campaign, and the pause of the stack above them."""
    if pause.paused:
        why = f"{pause.code}, by {pause.by}" if pause.by else pause.code
        yield f"Sending is paused for the whole stack since {beijing_second(pause.since)}: {why}."
    if not campaigns:
        yield "There is no campaign that runs, or has ended in these days."
        return
    table = Table("campaign", "file", "status", box=None, pad_edge=False)
    for name in ("accepted", "sent", "done", "left"):
        table.add_column(name, justify="right")
    for each in campaigns:
        table.add_row(
            each.campaign_id,
            path_of(each.file.get("key", "")),
            state_of(each),
            f"{each.accepted:,}",
            f"{each.sent:,}",
            f"{each.percent:g} %",
            span(each.seconds_left),
        )
    yield table


def campaign_table(progress: Progress, bucket: str) -> Iterator[Any]:
    """Show all that is known of one campaign."""
    table = Table.grid(padding=(0, 2))
    about = "about " if progress.is_estimate else ""
    rate = f"{progress.texts_a_minute:,.0f} texts a minute" if progress.texts_a_minute else ""
    left = span(progress.seconds_left)
    facts = {
        "campaign": progress.campaign_id,
        "file": path_of(progress.file.get("key", "")),
        "template": progress.template_code,
        "status": state_of(progress),
        "reason": progress.reason,
        "waits for": progress.waits_for,
        "rows": counts_line(progress, ROWS),
        "recipients": about + counts_line(progress, FATES),
        "deliveries": deliveries_line(progress.receipts),
        "done": f"{about}{progress.percent:g} %",
        "rate": rate + (f", {left} left" if left else ""),
        "began": beijing_of_iso(progress.started_at),
        "ended": beijing_of_iso(progress.finished_at),
        "report": f"s3://{bucket}/{progress.report}" if progress.report else "",
    }
    for name, value in facts.items():
        if value:
            table.add_row(name, value)
    yield table


def counts_line(progress: Progress, names: Iterable[str]) -> str:
    counts: Mapping[str, Any] = progress.to_json()
    return ", ".join(f"{counts[each]:,} {each}" for each in names if counts[each] or each == "sent")


def deliveries_line(receipts: Mapping[str, Any] | None) -> str:
    """Say who got the texts, as of when; empty until the carriers were asked."""
    if not receipts or not receipts["as_of"]:
        return ""
    told = [f"{receipts[name]:,} {word}" for name, word in DELIVERIES.items() if receipts[name]]
    when = "final" if receipts["final"] else f"as of {beijing_of_iso(receipts['as_of'])}"
    return f"{', '.join(told)} ({when})"


def gone_line(progress: Progress) -> str:
    """Say how many had been sent when an order stopped the rest."""
    line = f"{progress.sent:,} of {progress.accepted:,} had been sent by then"
    if progress.under_way:
        line += f"; {progress.under_way:,} more are in calls under way or in doubt"
    return f"{line}."


def order_lines(answer: Mapping[str, Any], progress: Progress | None) -> Iterator[str]:
    yield str(answer["answer"])
    if progress is not None:
        yield gone_line(progress)


def redrive_lines(taken: Mapping[str, int]) -> Iterator[str]:
    yield f"{taken['moved']} batches are queued again."
    if taken["left"]:
        yield f"{taken['left']} messages are no batches, and stay."


def delivery_of(found: Found) -> str:
    """Say whether the text arrived, with when or why not."""
    word = DELIVERIES.get(found.delivery, "")
    more = found.delivery_cause or beijing_of_iso(found.delivered_at)
    return f"{word}: {more}" if more else word


def listed_line(listed: Listed) -> str:
    """Say that a person is on a list, or that this cannot be known."""
    if listed.problem:
        return f"The list {listed.name} cannot be read: {listed.problem}"
    whom = "promotions" if listed.only_promotions else "all campaigns"
    since = beijing_of_iso(listed.since)
    when = f"since {since}" if listed.is_own else f"in the version of {since}"
    return f"The number is on the list {listed.name}, for {whom}, {when}."


def found_table(found: Found) -> Iterator[Any]:
    table = Table.grid(padding=(0, 2))
    facts = {
        "number": found.phone_number,
        "status": found.status + (f": {found.reason}" if found.reason else ""),
        "sent": beijing_of_iso(found.sent_at),
        "delivery": delivery_of(found),
        "campaign": found.campaign_id,
        "file": path_of(found.file),
        "template": found.template_code,
        "sign name": found.sign_name,
        "params": ", ".join(f"{name}={value}" for name, value in found.params.items()),
        "batch": found.batch_id,
        "BizId": found.biz_id,
    }
    for name, value in facts.items():
        if value:
            table.add_row(name, value)
    yield table
    yield ""

"""What carriers have said of a campaign's texts, on pages: a bar, a table, a line."""

from collections.abc import Mapping
from typing import Any

from smsdrop.drop_times import beijing_text
from smsdrop.pages.charts import bar
from smsdrop.pages.html import shown, table, tag
from smsdrop.pages.style import DELIVERY_COLOURS
from smsdrop.pages.words import Words
from smsdrop.receipts.looks import ReceiptCounts


def deliveries(receipts: ReceiptCounts | None, words: Words) -> str:
    """Show who got the texts, and as of when that is known; nothing if no one was texted."""
    if receipts is None:
        return ""
    counts = _named(receipts.delivered, receipts.undelivered, receipts.pending, receipts.no_receipt)
    if not (total := sum(counts.values())):
        return ""
    rows = [
        (_dot(name) + shown(words[name]), f"{count:,}", _percent(count, total))
        for name, count in counts.items()
        if count
    ]
    note = tag("p", shown(_as_of(receipts, words)), "small")
    return bar(counts, DELIVERY_COLOURS) + table(rows, css="fates") + note


def delivery_line(receipts: Mapping[str, Any] | None, words: Words) -> str:
    """Say the same in one line, from `status.json`; empty until something is known."""
    if not receipts or not receipts["as_of"]:
        return ""
    names = ("delivered", "undelivered", "pending", "no_receipt")
    counts = _named(*(receipts[name] for name in names))
    total = sum(counts.values())
    share = _percent(counts["delivered"], total) if total else ""
    told = [f"{words[name]} {count:,}" for name, count in counts.items() if count]
    return " · ".join(filter(None, [f"{words['delivery']} {share}".strip(), *told]))


def _named(delivered: int, undelivered: int, pending: int, no_receipt: int) -> dict[str, int]:
    return dict(zip(DELIVERY_COLOURS, (delivered, undelivered, pending, no_receipt), strict=True))


def _dot(name: str) -> str:
    return f'<span class="dot" style="background:{DELIVERY_COLOURS[name]}"></span>'


def _percent(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %"


def _as_of(receipts: ReceiptCounts, words: Words) -> str:
    at = beijing_text(receipts.as_of)
    if receipts.final:
        return words["receipts_final"].format(at) if at else words["receipts_none"]
    return words["receipts_so_far"].format(at) if at else words["receipts_to_come"]

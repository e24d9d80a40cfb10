"""A campaign as reports show it, before its end and after it."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from smsdrop.drop_times import beijing_text, iso_text
from smsdrop.ledger.campaign import Campaign, Counts
from smsdrop.ledger.terms import NO_TERMS, Terms
from smsdrop.reasons import Reason
from smsdrop.receipts.looks import ReceiptCounts

PERSONS = ("dropped_by", "paused_by", "approved_by")
"""Fields of a campaign that name who did something with it; those that are set are shown."""


def file_shown(campaign: Campaign) -> dict[str, Any]:
    """Return which file it is, and how it was read."""
    return {
        "file": {
            "bucket": campaign.bucket,
            "key": campaign.key,
            "version_id": campaign.version_id,
            "size": campaign.size,
        },
        "template_code": campaign.template_code,
        "sign_name": campaign.sign_name,
        "encoding": campaign.encoding,
    }


def rows_shown(counts: Counts) -> dict[str, Any]:
    """Return the number of rows by verdict."""
    return {
        "rows": counts.rows,
        "accepted": counts.accepted,
        "duplicates": counts.duplicates,
        "suppressed": counts.suppressed,
        "rejected": counts.rejected,
        "blank": counts.blank,
    }


def lists_shown(campaign: Campaign) -> dict[str, Any]:
    """Return the suppression lists that its rows were judged by."""
    lists = [{"list": name, "version_id": version} for name, version in campaign.suppressed_by]
    return {"suppressed_by": lists}


def segments_shown(counts: Counts, price_per_segment: Decimal | None) -> dict[str, Any]:
    """Return what the accepted rows are billed as, with the price if the stack has one."""
    segments = {"segments": counts.known_segments}
    if price_per_segment is None:
        return segments
    return {**segments, "price": counts.price(price_per_segment)}


def receipts_shown(
    counts: ReceiptCounts | None, undelivered: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Return what became of the texts that were sent, and why some were not delivered."""
    if counts is None:
        return {}
    shown = {"receipts": asdict(counts) | {"as_of": iso_text(counts.as_of)}}
    return shown if undelivered is None else shown | {"undelivered_codes": dict(undelivered)}


def problems_of(campaign: Campaign) -> tuple[Reason, ...]:
    """Return what people should know of it, also why receipts could not be looked up."""
    code = campaign.looks.receipts_problem
    refused = (Reason("receipts_refused", (code,)),) if code else ()
    return (*campaign.all_problems, *refused)


def persons_shown(campaign: Campaign) -> dict[str, Any]:
    return {each: name for each in PERSONS if (name := getattr(campaign, each))}


def settings_shown(terms: Terms) -> dict[str, Any]:
    """Return what holds a campaign back, if anything, as people write it: times are Beijing's."""
    if terms == NO_TERMS:
        return {}
    settings = {
        "start": beijing_text(terms.start_at),
        "until": beijing_text(terms.until_at),
        "window": ", ".join(terms.windows),
        "approve": "yes" if terms.needs_approval else "no",
    }
    if terms.canary_recipients:
        settings["canary"] = str(terms.canary_recipients)
    return {"settings": settings | {"only": "test"} if terms.is_test else settings}


def canary_shown(campaign: Campaign) -> dict[str, Any]:
    """Return what became of the canary's recipients, if there are any."""
    canary = campaign.canary
    if not campaign.terms.canary_batches:
        return {}
    shown = {
        "recipients": canary.canary_tried,
        "delivered": canary.canary_delivered,
        "undelivered": canary.canary_undelivered,
        "unanswered": canary.unanswered,
        "word": canary.canary_word,
        "problem": canary.canary_problem,
        "resumed_by": canary.canary_resumed_by,
        "as_of": iso_text(canary.canary_as_of),
    }
    return {"canary": shown}

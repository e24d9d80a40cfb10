"""
What one person was sent: the batches of all plans, searched for a phone number.

A plan has each number in one spelling, as dialled, next to all that is sent to it; so its bytes are
searched, and only a batch that holds the digits is parsed. The ledger says what became of that
batch, even while the campaign runs.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from smsdrop.batches.batch import Batch, part_id, position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.closing.results.row_receipts import cause_text
from smsdrop.drop_times import iso_text
from smsdrop.drops import WORK_PREFIX
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.splits import with_parents_evidence
from smsdrop.operations.orders import CAMPAIGN_ID
from smsdrop.ports import ObjectGone
from smsdrop.reasons import Reason
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.part import part_of_position
from smsdrop.receipts.receipt import Delivery, Receipt
from smsdrop_cli.deployment.stack import Stack

PENDING = "pending"

OTHER_NUMBERS = re.compile(r"(?<![0-9])(?:86)?(1[3-9][0-9]{5})([0-9]{4})(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    A text that a person was sent, or was to be sent.

    `delivery` is what the carrier has said about it, empty if it is not asked.
    """

    campaign_id: str
    file: str
    phone_number: str
    status: str
    reason: str
    sent_at: str
    template_code: str
    sign_name: str
    params: dict[str, str]
    batch_id: str
    biz_id: str
    delivery: str = ""
    delivery_code: str = ""
    delivery_cause: str = ""
    delivered_at: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def texts_to(stack: Stack, number: str, *, days: int, now: float) -> Iterator[Found]:
    """Yield what campaigns of the last days had for the number, the latest campaign first."""
    for campaign_id in reversed(_planned(stack, since=now - timedelta(days=days).total_seconds())):
        campaign = stack.ledger.campaign(campaign_id)
        if campaign is not None and campaign.plan and not campaign.is_refused_with_plan:
            yield from _in_plan(stack, campaign, number)


def _planned(stack: Stack, *, since: float) -> list[str]:
    """Return the campaigns that have plans and were dropped since then, the oldest first."""
    after = f"{datetime.fromtimestamp(since, UTC):%Y%m%dT%H%M%SZ}"
    pages = stack.clients.s3.get_paginator("list_objects_v2").paginate(
        Bucket=stack.bucket, Prefix=WORK_PREFIX, Delimiter="/", StartAfter=f"{WORK_PREFIX}{after}"
    )
    folders = (each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ()))
    names = (each.removeprefix(WORK_PREFIX).strip("/") for each in folders)
    return sorted(each for each in names if CAMPAIGN_ID.fullmatch(each) and each >= after)


def _in_plan(stack: Stack, campaign: Campaign, number: str) -> Iterator[Found]:
    try:
        for line in stack.objects.lines(f"{campaign.plan}{BATCHES}"):
            if number.encode() in line:
                yield from _in_batch(stack, campaign, Batch.from_json(line), number)
    except ObjectGone:
        return  # plans are kept for as long as reports are, and entries longer


def _in_batch(stack: Stack, campaign: Campaign, batch: Batch, number: str) -> Iterator[Found]:
    numbers, params = batch.columns()
    for index, each in enumerate(numbers):
        if each == number:
            values = {
                name: masked(column[index], but=number)
                for name, column in zip(batch.layout.param_names, params, strict=True)
            }
            entry = entry_of(stack, batch.batch_id, index)
            yield _found(stack, campaign, batch, index, values=values, entry=entry)


def _found(
    stack: Stack,
    campaign: Campaign,
    batch: Batch,
    index: int,
    *,
    values: dict[str, str],
    entry: BatchEntry | None,
) -> Found:
    state, code = fate(campaign, entry)
    return Found(
        campaign_id=campaign.campaign_id,
        file=campaign.key,
        phone_number=batch.phone_numbers[index],
        status=state,
        reason=Reason(code).text(stack.language) if code else "",
        sent_at=iso_text(entry.ended_at) if entry and entry.state is State.SENT else "",
        template_code=batch.template_code,
        sign_name=batch.sign_names[index],
        params=values,
        batch_id=entry.batch_id if entry else batch.batch_id,
        biz_id=entry.biz_id if entry else "",
        **(_delivery(stack, campaign, batch, index) if state == State.SENT else {}),
    )


def _delivery(stack: Stack, campaign: Campaign, batch: Batch, index: int) -> dict[str, str]:
    """Return what is known of the receipt, if receipts of the campaign are looked up."""
    if not campaign.looks.receipts_from:
        return {}
    position = position_of(batch.batch_id)
    kept = KeptReceipts(objects=stack.objects, campaign_id=campaign.campaign_id)
    receipt = kept.part(part_of_position(position)).of((position, index))
    return _told(receipt, is_final=campaign.looks.is_final, language=stack.language)


def _told(receipt: Receipt, *, is_final: bool, language: str) -> dict[str, str]:
    if receipt.delivery is Delivery.PENDING:
        return {"delivery": "no_receipt" if is_final else PENDING}
    if receipt.delivery is Delivery.FAILED:
        return {
            "delivery": "undelivered",
            "delivery_code": receipt.code,
            "delivery_cause": cause_text(receipt.code, language),
        }
    return {
        "delivery": "delivered",
        "delivery_code": receipt.code,
        "delivered_at": iso_text(receipt.received_at),
    }


def entry_of(stack: Stack, batch_id: str, index: int) -> BatchEntry | None:
    """Return the ledger's entry for a recipient of a batch, in whatever part they ended up."""
    way: list[BatchEntry] = []
    while entry := stack.ledger.batch(batch_id):
        way.append(entry)
        if entry.state is not State.SPLIT:
            return list(with_parents_evidence(way))[-1]
        parts = entry.split.parts(entry.recipients)
        number = next(number for number, places in enumerate(parts) if index in places)
        index = parts[number].index(index)
        batch_id = part_id(batch_id, number)
    return None


def fate(campaign: Campaign, entry: BatchEntry | None) -> tuple[str, str]:
    """Say what became of a recipient, and by which code if something went wrong."""
    if entry is not None and entry.is_final:
        if entry.sent_twice:
            return entry.state, "sent_twice"
        return entry.state, "" if entry.state is State.SENT else entry.code
    if campaign.halt_code:
        return State.CANCELLED if entry is None else PENDING, campaign.halt_code
    return PENDING, ""


def masked(text: str, *, but: str) -> str:
    """Hide all but the last four digits of the phone numbers in a text, except for this one."""

    def hidden(match: re.Match[str]) -> str:
        return match[0] if match[1] + match[2] == but else f"*******{match[2]}"

    return OTHER_NUMBERS.sub(hidden, text)

"""Recipients, batches, campaigns and a key pair for tests to begin with."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch, nth_batch_id
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.recipients.layout import SEPARATOR, Layout
from tests.support.gateway_caller import ACCESS_KEY_ID, SECRET
from tests.support.recipients import Recipient

KEY = AccessKey(key_id=ACCESS_KEY_ID, secret=SECRET)
CAMPAIGN_ID = "20260102T030405Z-0123456789abcdef"
NOW = 1_767_322_800.25
"""Eleven in the morning in Beijing on 2 January 2026, and a bit."""


def phone_numbers(count: int) -> tuple[str, ...]:
    return tuple(f"138{each:08d}" for each in range(count))


def recipients(count: int, *, extend_code: str = "", params: Any = ("张三",)) -> list[Recipient]:
    return [
        Recipient(
            phone_number=each, sign_name="云通信", extend_code=extend_code, params=tuple(params)
        )
        for each in phone_numbers(count)
    ]


def layout(*param_names: str) -> Layout:
    return Layout(phone_column=0, param_names=param_names)


def rows_of(*columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(SEPARATOR.join, zip(*columns, strict=True)))


def params_of(batch: Batch) -> tuple[tuple[str, ...], ...]:
    """Return them column by column."""
    _, columns = batch.columns()
    return tuple(map(tuple, columns))


def batch_of(size: int, *, position: int = 1, **changes: Any) -> Batch:
    batch = Batch(
        batch_id=nth_batch_id(CAMPAIGN_ID, position),
        template_code="SMS_154950909",
        layout=layout("name"),
        rows=rows_of(phone_numbers(size), [f"张三{each}" for each in range(size)]),
        sign_names=("云通信",) * size,
    )
    return replace(batch, **changes)


VERSION = FileVersion(bucket="files", key="incoming/SMS_154950909/云通信/july.csv", version_id="v1")


def campaign(**changes: Any) -> Campaign:
    """Return a campaign that is being sent."""
    begun = Campaign.begun(CAMPAIGN_ID, VERSION, size=1000, at=NOW)
    return replace(begun, **{"status": Status.SENDING, **changes})


def changed(campaign: Campaign, **changes: Any) -> Campaign:
    """Return a later revision of the campaign, whatever its table of moves says."""
    return replace(campaign, revision=campaign.revision + 1, **changes)

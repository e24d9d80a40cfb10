"""
What `QuerySendDetails` lists for one phone number.

Source: Dysmsapi 2017-05-25, `QuerySendDetails`. `OutId` is optional in its rows, and `TotalCount`
counts attempts to submit a text, not all of which need be listed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

from smsdrop.drops import BEIJING

WRITTEN = "%Y-%m-%d %H:%M:%S"

WAITS, FAILED, DELIVERED = 1, 2, 3

SEND_STATUSES = {str(each): each for each in (WAITS, FAILED, DELIVERED)}
"""What `SendStatus` may be: the carrier has not said, the text has not arrived, or it has."""

CODE = re.compile(r"(?!.*[0-9]{7})[A-Za-z0-9_.:-]{1,64}")
"""Our choice: what a code may look like. Carriers have their own; none is a phone number."""


def beijing_date(time: float) -> date:
    return datetime.fromtimestamp(time, BEIJING).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDetail:
    """
    One row; times are in seconds since 1970, None if they cannot be read.

    `status` is one of `SEND_STATUSES`, `code` is the carrier's word for it.
    """

    out_id: str
    template_code: str
    sent_at: float | None
    status: int = 0
    code: str = ""
    received_at: float | None = None

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            out_id=str(row.get("OutId") or ""),
            template_code=str(row.get("TemplateCode") or ""),
            sent_at=_seconds(str(row.get("SendDate") or "")),
            status=SEND_STATUSES.get(str(row.get("SendStatus")), 0),
            code=_code(str(row.get("ErrCode") or "")),
            received_at=_seconds(str(row.get("ReceiveDate") or "")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is listed for a number; not complete if the provider counts more than it lists."""

    rows: tuple[SendDetail, ...] = ()
    is_complete: bool = True

    def __add__(self, other: "Listing") -> "Listing":
        return Listing(
            rows=self.rows + other.rows, is_complete=self.is_complete and other.is_complete
        )


class LookupFailed(Exception):
    """The provider did not say what it sent, or not all of it; ask again later."""


class LookupThrottled(LookupFailed):
    """The provider takes no more lookups for now."""


class LookupRefused(LookupFailed):
    """The provider refuses the question itself, so that asking again will hardly help."""


class LookupForbidden(LookupFailed):
    """The key pair may not ask."""


def _code(text: str) -> str:
    """Return the code, or nothing for a text that looks like none: it may hold a number."""
    return text if CODE.fullmatch(text) else ""


def _seconds(text: str) -> float | None:
    try:
        moment = datetime.strptime(text, WRITTEN).replace(tzinfo=BEIJING)
    except ValueError:
        return None
    return moment.astimezone(UTC).timestamp()

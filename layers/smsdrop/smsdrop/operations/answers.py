"""What is written back to a person about an order."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smsdrop.drops import BEIJING, REPORT_PREFIX
from smsdrop.ledger.campaign import Campaign
from smsdrop.ledger.entries import Pause
from smsdrop.operations.effects import FOLLOWED
from smsdrop.operations.orders import ORDERS, Order
from smsdrop.reason_texts import BETWEEN_SENTENCES
from smsdrop.reasons import Reason

ANSWER_PREFIX = f"{REPORT_PREFIX}orders/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What became of an order given at a time; the first of `said` decides whether it was followed.

    A campaign's progress is how much of it has been queued: at most that much has been sent.
    """

    order: Order
    at: float
    said: tuple[Reason, ...]
    campaign: Campaign | None = None
    pause: Pause | None = None

    @property
    def is_followed(self) -> bool:
        return self.said[0].code in FOLLOWED

    @property
    def name(self) -> str:
        """The order's name, if there is such an order: anything else in a key is not logged."""
        return self.order.name if self.order.name in ORDERS else "unknown"

    @property
    def key(self) -> str:
        """The answer's key: the same for the same order, however often its event comes."""
        given = datetime.fromtimestamp(self.at, BEIJING)
        time = f"{given:%Y-%m-%d %H%M%S}.{given.microsecond // 1000:03d}"
        return f"{ANSWER_PREFIX}{time} {self.name} {self.order.mark}.json"

    def fields(self, language: str) -> dict[str, Any]:
        """Return the answer as it is shown; it has `error` if the order was not followed."""
        text = BETWEEN_SENTENCES[language].join(each.text(language) for each in self.said)
        return {
            "time": f"{datetime.fromtimestamp(self.at, BEIJING):%Y-%m-%d %H:%M:%S}",
            "order": self.order.name,
            "what": self.order.what,
            "by": self.order.by,
            "answer" if self.is_followed else "error": text,
            "code": self.said[0].code,
            **(_progress(self.campaign) if self.campaign else {}),
            **({"paused": self.pause.paused} if self.pause else {}),
        }

    def to_json(self, language: str) -> bytes:
        return json.dumps(self.fields(language), ensure_ascii=False, indent=2).encode() + b"\n"


def _progress(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign_id": campaign.campaign_id,
        "file": campaign.key,
        "status": campaign.status,
        "outcome": campaign.outcome,
        "halted": campaign.halt_code,
        "accepted": campaign.counts.accepted,
        "batches": campaign.counts.batches,
        "released": campaign.released,
        "queued": campaign.queued,
    }

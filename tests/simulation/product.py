"""The use cases as a run of the simulation has them: the real ones, or with a bug planted."""

from dataclasses import dataclass
from math import inf

from smsdrop.closing.close_campaigns import CloseCampaigns
from smsdrop.operations.pausing import Pausing
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.sending.rate_limit import Pace
from smsdrop.sending.send_batch import SendBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    parse_recipients: type[ParseRecipients] = ParseRecipients
    send_batch: type[SendBatch] = SendBatch
    close_campaigns: type[CloseCampaigns] = CloseCampaigns
    pausing: type[Pausing] = Pausing
    pace: type[Pace] = Pace
    deletes_first: bool = False
    """Whether a message is deleted before it is dealt with, rather than after."""


REAL = Product()


SENDERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a deployment sets."""

    template_code: str = "SMS_1"
    sign_name: str = "云通信"
    max_recipients: int = 2
    max_attempts: int = 5
    settle_after_seconds: float = 120
    calls_per_second: float = inf
    senders: int = SENDERS

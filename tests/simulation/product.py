"""The use cases as a run of the simulation has them: the real ones, or with a bug planted."""

from dataclasses import dataclass
from math import inf

from smsdrop.closing.advance import Advance
from smsdrop.closing.close import Close
from smsdrop.closing.know_account import KnowAccount
from smsdrop.closing.receipts.look_at_canary import LookAtCanary
from smsdrop.closing.receipts.look_at_part import LookAtPart
from smsdrop.closing.receipts.look_up_receipts import LookUpReceipts
from smsdrop.closing.repair import Repair
from smsdrop.closing.seen.write_index import WriteIndex
from smsdrop.closing.seen.write_pages import WritePages
from smsdrop.closing.tick import Tick
from smsdrop.closing.verify import VerifyAbsences
from smsdrop.ledger.leases import Leases
from smsdrop.operations.pausing import Pausing
from smsdrop.parsing.plan_file import PlanFile
from smsdrop.parsing.repeats.earlier_messages import EarlierMessages
from smsdrop.parsing.repeats.plan_log import PlanLog
from smsdrop.parsing.retry_parsing import RetryParsing
from smsdrop.parsing.suppression.lists import SuppressionLists
from smsdrop.sending.queue_plan import QueuePlan
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.recording import Recording
from smsdrop.sending.send_batch import SendBatch
from smsdrop.sending.settling import Settling
from smsdrop.sending.suppression.listed_since import ListedSince
from smsdrop.sending.withdrawing import Withdrawing
from smsdrop.telling.tell import Tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    plan_file: type[PlanFile] = PlanFile
    plan_log: type[PlanLog] = PlanLog
    earlier_messages: type[EarlierMessages] = EarlierMessages
    suppression_lists: type[SuppressionLists] = SuppressionLists
    listed_since: type[ListedSince] = ListedSince
    retry_parsing: type[RetryParsing] = RetryParsing
    queue_plan: type[QueuePlan] = QueuePlan
    send_batch: type[SendBatch] = SendBatch
    settling: type[Settling] = Settling
    recording: type[Recording] = Recording
    rate_limiter: type[RateLimiter] = RateLimiter
    tick: type[Tick] = Tick
    advance: type[Advance] = Advance
    repair: type[Repair] = Repair
    verify_absences: type[VerifyAbsences] = VerifyAbsences
    close: type[Close] = Close
    write_pages: type[WritePages] = WritePages
    write_index: type[WriteIndex] = WriteIndex
    know_account: type[KnowAccount] = KnowAccount
    look_up_receipts: type[LookUpReceipts] = LookUpReceipts
    look_at_part: type[LookAtPart] = LookAtPart
    tell: type[Tell] = Tell
    leases: type[Leases] = Leases
    withdrawing: type[Withdrawing] = Withdrawing
    pausing: type[Pausing] = Pausing
    look_at_canary: type[LookAtCanary] = LookAtCanary
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
    lookups_per_second: float = 5
    senders: int = SENDERS

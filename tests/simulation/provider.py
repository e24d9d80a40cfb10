"""The SMS provider as it is on a bad day; it remembers the truth."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from math import inf

from smsdrop.alibaba.answers import NO_ANSWER, NOT_CONNECTED, Answer, LookupFailed, Meaning
from smsdrop.alibaba.signing import AccessKey
from smsdrop.alibaba.template import Review, Template, TemplateType
from smsdrop.batches.batch import Batch, campaign_of
from smsdrop.sending.lookups import beijing_date
from tests.simulation.faults import Dice
from tests.simulation.scheduler import Scheduler, current_process

CONNECT_SECONDS = 3
CALL_SECONDS = 16
"""The longest a call takes: connecting, writing and waiting for the answer."""

LATE_SECONDS = (20, 100)
TOO_LATE_SECONDS = (185, 260)
"""
How late rows are listed: within the shortest settling time, and after the longest.

Later than twice the settling time nobody looks any more, so that is not simulated.
"""


INVALID_KEY = Answer(code="InvalidAccessKeyId.NotFound", status=404)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that a sender made, whether it arrived or not."""

    batch: Batch
    out_id: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """
    One text on the air; `listed_at` is when `QuerySendDetails` begins to list it.

    `is_excusable` says that this is too late for anybody to have known of it in time.
    """

    phone_number: str
    out_id: str
    sent_at: float
    listed_at: float
    is_excusable: bool

    @property
    def campaign_id(self) -> str:
        return campaign_of(self.out_id.rpartition("-")[0])


@dataclass(slots=True)
class Accepted:
    """A call that was accepted, with its recipients, refused ones too."""

    out_id: str
    phone_numbers: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class SimulatedProvider:
    """
    Judges calls as they arrive; the first are given `first_answers`, and nobody is texted.

    `account_fault` holds for all calls until a person mends it, and begins where texts would exceed
    the `balance`. `refused_codes` holds the answers to template codes that are refused from the
    start, `refused_templates` those to campaigns whose template was refused at some time.
    """

    scheduler: Scheduler
    dice: Dice
    key: AccessKey
    first_answers: list[Answer] = field(default_factory=list)
    balance: float = inf
    account_fault: str = ""
    is_cut_off: bool = False
    refused_codes: dict[str, str] = field(default_factory=dict)
    refused_templates: dict[str, str] = field(default_factory=dict)
    bad_numbers: set[str] = field(default_factory=set)
    over_limit: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    shown: set[tuple[object, str]] = field(default_factory=set)
    _rows: dict[str, list[Text]] = field(default_factory=lambda: defaultdict(list))

    def send(self, batch: Batch, *, out_id: str, key: AccessKey) -> Answer:
        call = Call(batch=batch, out_id=out_id, at=self.scheduler.now)
        self.calls.append(call)
        if self.is_cut_off or self.dice.strikes("never connected"):
            self.scheduler.sleep(CONNECT_SECONDS)
            return Answer(code=NOT_CONNECTED)
        if self.dice.strikes("request lost"):
            self.scheduler.sleep(CALL_SECONDS)
            return Answer(code=NO_ANSWER)
        if self.dice.strikes("request arrives after the sender left"):
            self.scheduler.at(call.at + CALL_SECONDS + 5, partial(self._arrived, call, key))
            self.scheduler.sleep(CALL_SECONDS)
            return Answer(code=NO_ANSWER)
        self.scheduler.sleep(self.dice.pause())
        answer = self._arrived(call, key)
        self.scheduler.sleep(self.dice.pause())
        return answer

    def _arrived(self, call: Call, key: AccessKey) -> Answer:
        refusal = self._refusal(call, key)
        if refusal is not None:
            return refusal
        self._accept(call)
        if self.dice.first_of(("answer lost", "garbage after accepting")):
            return Answer(code=NO_ANSWER)
        if self.dice.strikes("503 after accepting"):
            return Answer(code="ServiceUnavailable", status=503)
        biz_id = f"{len(self.calls)}^0"
        if self.dice.strikes("refusal that carries a BizId"):
            return Answer(code="isv.BUSINESS_LIMIT_CONTROL", biz_id=biz_id)
        return Answer(code="OK", biz_id=biz_id, request_id=f"R{len(self.calls)}")

    def _refusal(self, call: Call, key: AccessKey) -> Answer | None:
        """Return the first reason not to accept the call, in the order of a gateway's checks."""
        if self.first_answers:
            return self._first_answer(call.batch)
        if self.dice.strikes("503 without accepting"):
            return Answer(code="ServiceUnavailable", status=503)
        if key != self.key:
            return INVALID_KEY
        if self.dice.strikes("throttled"):
            return Answer(code="Throttling.User", status=400)
        batch = call.batch
        code = self._accounts_fault(batch) or self._campaigns_fault(batch)
        code = code or self._recipients_fault(batch)
        return Answer(code=code) if code else None

    def _first_answer(self, batch: Batch) -> Answer:
        answer = self.first_answers.pop(0)
        if answer.meaning is Meaning.CAMPAIGN:
            self.refused_templates[batch.campaign_id] = answer.code
        return answer

    def _accounts_fault(self, batch: Batch) -> str:
        is_broke = len(self.texts) + len(batch) > self.balance
        if is_broke or (not self.account_fault and self.dice.strikes("account fault")):
            self.account_fault = "isv.AMOUNT_NOT_ENOUGH"
        return self.account_fault

    def _recipients_fault(self, batch: Batch) -> str:
        if self.bad_numbers.intersection(batch.phone_numbers):
            return "isv.MOBILE_NUMBER_ILLEGAL"
        if self.over_limit.intersection(batch.phone_numbers):
            return "isv.BUSINESS_LIMIT_CONTROL"
        return "isv.BUSINESS_LIMIT_CONTROL" if self.dice.strikes("refusal that passes") else ""

    def mend_account(self) -> None:
        self.account_fault = ""
        self.balance = inf

    def _campaigns_fault(self, batch: Batch) -> str:
        refused = self.refused_codes.get(batch.template_code)
        if refused:
            self.refused_templates.setdefault(batch.campaign_id, refused)
        if self.dice.strikes("template refused"):
            self.refused_templates.setdefault(batch.campaign_id, "isv.SMS_TEMPLATE_ILLEGAL")
        if self.dice.strikes("unknown code"):
            self.refused_templates.setdefault(batch.campaign_id, "isv.NEVER_HEARD_OF")
        return self.refused_templates.get(batch.campaign_id, "")

    def _accept(self, call: Call) -> None:
        """Text everyone, but for those who are refused alone: these are never listed."""
        now = self.scheduler.now
        lag = self._lag()
        phone_numbers = call.batch.phone_numbers
        self.accepted.append(Accepted(call.out_id, phone_numbers))
        for phone_number in phone_numbers:
            if self.dice.strikes("number refused alone"):
                continue
            text = Text(
                phone_number=phone_number,
                out_id=call.out_id,
                sent_at=now,
                listed_at=max(now, call.at + lag),
                is_excusable=lag >= TOO_LATE_SECONDS[0],
            )
            self.texts.append(text)
            self._rows[phone_number].append(text)

    def _lag(self) -> float:
        if self.dice.strikes("rows listed after the settling time"):
            return self.dice.between(*TOO_LATE_SECONDS)
        if self.dice.strikes("rows listed late"):
            return self.dice.between(*LATE_SECONDS)
        return 0

    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Tell of a template; all are approved until they are refused in the midst of sending."""
        if self.is_cut_off or self.dice.strikes("lookup fails"):
            return Answer(code=NO_ANSWER)
        if key != self.key:
            return INVALID_KEY
        return Template(
            code=code,
            review=Review.APPROVED,
            kind=TemplateType.NOTIFICATION,
            content="Hello ${name}",
        )

    def out_ids(self, phone_number: str, *, on: date, key: AccessKey) -> Collection[str]:
        if self.is_cut_off or key != self.key or self.dice.strikes("lookup fails"):
            raise LookupFailed("no answer")
        now = self.scheduler.now
        listed = [
            each.out_id
            for each in self._rows[phone_number]
            if each.listed_at <= now and beijing_date(each.sent_at) == on
        ]
        process = current_process()
        self.shown.update((process, out_id) for out_id in listed)
        return listed

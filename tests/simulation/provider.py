"""The SMS provider as it is on a bad day; it remembers the truth."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from math import inf
from typing import NamedTuple

from smsdrop.alibaba.answers import CLOCK_WAS_WRONG, NO_ANSWER, NOT_CONNECTED, Answer, Meaning
from smsdrop.alibaba.send_details import (
    DELIVERED,
    Listing,
    LookupFailed,
    LookupRefused,
    LookupThrottled,
    SendDetail,
    beijing_date,
)
from smsdrop.alibaba.sign import Sign
from smsdrop.alibaba.signing import AccessKey
from smsdrop.alibaba.template import Review, Template, TemplateType
from smsdrop.batches.batch import Batch, campaign_of
from tests.simulation.carrier import SimulatedCarrier
from tests.simulation.faults import Dice
from tests.simulation.scheduler import CLOSER, Process, Scheduler, current_process

CONNECT_SECONDS = 3
CALL_SECONDS = 16
"""The longest a call takes: connecting, writing and waiting for the answer."""

LATE_SECONDS = (20, 100)
TOO_LATE_SECONDS = (185, 260)
"""
How late rows are listed: within the shortest settling time, and after the longest.

After twice the settling time, only receipts are looked up.
"""

AFTER_ALL_SECONDS = (400, 5000)
"""How late rows are listed that the last look at what was absent does not find."""


NAMELESS = "rows without an OutId"
UNLISTED = "rows counted but not listed"

NAMELESS_ROW = SendDetail(
    out_id="", template_code="", sent_at=None, status=DELIVERED, code="DELIVERED"
)
"""What a lookup says of a text without its OutId: a receipt, but nobody knows for what."""

PROXY_PAGE = Answer.read(413, b"<html>413 Request Entity Too Large</html>")

SLOW_LOOKUP_SECONDS = 65
"""When every lookup is slow, for good: no delivery has time to ask about two recipients."""

CLOSERS_LOOKUPS = 10
"""A closer has so many under way at a time; here they run one by one, each for its share."""

LONG_LOOKUP_SECONDS = (5, 60)
"""A call's whole time and more: two of them, and the next minute's closer is there."""

ACCOUNT_ID = "1968132000120001"
ANOTHER_ACCOUNT_ID = "1968132000120002"

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

    `is_excusable` says that this is too late to have been known in time.
    """

    phone_number: str
    out_id: str
    template_code: str
    sent_at: float
    listed_at: float
    is_excusable: bool
    account_id: str = ACCOUNT_ID
    biz_id: str = ""
    message: tuple[str, ...] = ()
    """Its sign name, and its params by name."""
    flaw: str = ""
    """What is wrong with its row, if anything."""

    @property
    def campaign_id(self) -> str:
        return campaign_of(self.out_id.rpartition("-")[0])

    @property
    def is_for_receipts_alone(self) -> bool:
        """Say whether it is listed so late that only receipts can show it."""
        return self.listed_at - self.sent_at > TOO_LATE_SECONDS[1]


@dataclass(slots=True)
class Accepted:
    """A call that was accepted, with its recipients, refused ones too."""

    out_id: str
    phone_numbers: tuple[str, ...]


class Rotation(NamedTuple):
    """When a key pair was replaced, by which, and the account of the new one."""

    at: float
    key_id: str
    account_id: str


@dataclass(slots=True, kw_only=True)
class SimulatedProvider:
    """
    Judges calls as they arrive; the first are given `first_answers`, and nobody is texted.
    If the first is `lost_for` so many seconds, it texts everyone, its answer is lost, and it is
    listed only then.

    `account_fault` holds for all calls until a person fixes it, and begins when texts would exceed
    the `balance`. `was_cut_off` says that nothing could be sent for long. Lookups of
    `unknown_numbers` are refused for good, and a lookup could not tell everything about `doubtful`
    ones. `refused_codes` holds the answers to template codes that are refused from the start,
    `refused_templates` those to campaigns whose template was refused at some time.
    For calls to more than `most_recipients` the proxy on the way is too narrow.
    """

    scheduler: Scheduler
    dice: Dice
    carrier: SimulatedCarrier
    key: AccessKey
    account_id: str = ACCOUNT_ID
    first_answers: list[Answer] = field(default_factory=list)
    lost_for: float = 0
    balance: float = inf
    account_fault: str = ""
    is_cut_off: bool = False
    is_slow: bool = False
    was_cut_off: bool = False
    most_recipients: float = inf
    refused_codes: dict[str, str] = field(default_factory=dict)
    refused_templates: dict[str, str] = field(default_factory=dict)
    bad_numbers: set[str] = field(default_factory=set)
    over_limit: set[str] = field(default_factory=set)
    unknown_numbers: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    lookups: Counter[str] = field(default_factory=Counter)
    calls: list[Call] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    shown: set[tuple[object, str]] = field(default_factory=set)
    rotations: list[Rotation] = field(default_factory=list)
    closers: dict[Process, list[float]] = field(default_factory=dict)
    """When each closer asked first, and when last."""
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
        if self.lost_for:
            self._text(call, call.batch.phone_numbers, lag=self.lost_for)
            self.lost_for = 0
            return Answer(code=NO_ANSWER)
        refusal = self._refusal(call, key)
        if refusal is not None:
            return refusal
        if len(call.batch) > 1 and self.dice.strikes("refusal that texted the others"):
            self._text(call, call.batch.phone_numbers[1:], lag=0)
            return Answer(code="isv.MOBILE_NUMBER_ILLEGAL")
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
        if len(call.batch) > self.most_recipients:
            return PROXY_PAGE
        if self.dice.strikes("503 without accepting"):
            return Answer(code="ServiceUnavailable", status=503)
        if key != self.key:
            return INVALID_KEY
        if self.dice.strikes("clock of a sandbox wrong"):
            return Answer(code=CLOCK_WAS_WRONG, status=400)
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
        """Text everyone except those refused alone, who are never listed."""
        phone_numbers = [
            each
            for each in call.batch.phone_numbers
            if not self.dice.strikes("number refused alone")
        ]
        self._text(call, phone_numbers, lag=self._lag())

    def _text(self, call: Call, phone_numbers: Sequence[str], *, lag: float) -> None:
        now = self.scheduler.now
        self.accepted.append(Accepted(call.out_id, call.batch.phone_numbers))
        messages = messages_of(call.batch)
        for phone_number in phone_numbers:
            text = Text(
                phone_number=phone_number,
                out_id=call.out_id,
                template_code=call.batch.template_code,
                account_id=self.account_id,
                biz_id=f"{len(self.calls)}^0",
                message=messages[phone_number],
                sent_at=now,
                listed_at=max(now, call.at + lag),
                flaw=self.dice.first_of((NAMELESS, UNLISTED)),
                is_excusable=lag >= TOO_LATE_SECONDS[0],
            )
            self.texts.append(text)
            self._rows[phone_number].append(text)
            self.carrier.take(text.out_id, phone_number, at=now)

    def _lag(self) -> float:
        if self.carrier.dice.strikes("rows listed after the last look at what was absent"):
            return self.carrier.dice.between(*AFTER_ALL_SECONDS)
        if self.dice.strikes("rows listed after the settling time"):
            return self.dice.between(*TOO_LATE_SECONDS)
        if self.dice.strikes("rows listed late"):
            return self.dice.between(*LATE_SECONDS)
        return 0

    def rotate(self, account_id: str) -> None:
        """Replace the valid key pair by another."""
        self.key = AccessKey(key_id=f"{self.key.key_id}x", secret=self.key.secret)
        self.account_id = account_id
        self.rotations.append(Rotation(self.scheduler.now, self.key.key_id, account_id))

    def account(self, *, key: AccessKey) -> str | Answer:
        if self.is_cut_off or self.dice.strikes("account cannot be asked"):
            return Answer(code=NO_ANSWER)
        return self.account_id if key == self.key else INVALID_KEY

    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        """Describe a template; all are approved until refused in the middle of sending."""
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

    def older_template(self, code: str, *, key: AccessKey) -> Template | Answer:
        return self.template(code, key=key)

    def sign(self, name: str, *, key: AccessKey) -> Sign | Answer:
        """Describe a sign name; all are approved, and filed with every carrier."""
        if self.is_cut_off or self.dice.strikes("lookup fails"):
            return Answer(code=NO_ANSWER)
        return Sign(name=name, review=Review.APPROVED) if key == self.key else INVALID_KEY

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> list[Listing | LookupFailed]:
        """Answer side by side; the numbers of a step share the time that it takes."""
        self._note_closer()
        is_closer = current_process().name == CLOSER
        if self.is_slow:
            self.scheduler.sleep(SLOW_LOOKUP_SECONDS / (CLOSERS_LOOKUPS if is_closer else 1))
        elif self.dice.strikes("lookups take long"):
            seconds = LONG_LOOKUP_SECONDS if is_closer else (1, 25)
            self.scheduler.sleep(self.dice.between(*seconds))
            self._note_closer()
        return [self._listing(each, dates, key) for each in phone_numbers]

    def _listing(
        self, phone_number: str, dates: Collection[date], key: AccessKey
    ) -> Listing | LookupFailed:
        if self.dice.strikes("lookup throttled"):
            return LookupThrottled("Throttling.User")
        self.lookups[phone_number] += 1
        if self.is_cut_off or key != self.key or self.dice.strikes("lookup fails"):
            return LookupFailed("no answer")
        if phone_number in self.unknown_numbers:
            self.doubtful.add(phone_number)
            return LookupRefused("isv.INVALID_PARAMETERS")
        listed = self._listed(phone_number, dates)
        if any(each.flaw for each in listed):
            self.doubtful.add(phone_number)
        process = current_process()
        self.shown.update((process, each.out_id) for each in listed if not each.flaw)
        rows = [each for each in listed if each.flaw != UNLISTED]
        return Listing(
            rows=tuple(
                SendDetail(
                    out_id="" if each.flaw else each.out_id,
                    template_code=each.template_code,
                    sent_at=each.sent_at,
                )
                for each in rows
            ),
            is_complete=len(rows) == len(listed),
        )

    def receipts(
        self, phone_number: str, *, dates: Collection[date], biz_id: str, key: AccessKey
    ) -> Listing | LookupFailed:
        failure = self.carrier.failure(phone_number)
        if failure is not None:
            return failure
        if self.is_cut_off or key != self.key:
            return LookupFailed("no answer")
        if phone_number in self.unknown_numbers:
            return LookupRefused("isv.INVALID_PARAMETERS")
        listed = [
            each
            for each in self._listed(phone_number, dates)
            if biz_id in ("", each.biz_id) and each.flaw != UNLISTED
        ]
        named = [each.out_id for each in listed if not each.flaw]
        answers = self.carrier.answer(phone_number, named)
        return Listing(
            rows=tuple(
                replace(each, template_code=text.template_code, sent_at=text.sent_at)
                for text in listed
                for each in answers.get(text.out_id, (NAMELESS_ROW,))
            )
        )

    def _listed(self, phone_number: str, dates: Collection[date]) -> list[Text]:
        now = self.scheduler.now
        return [
            each
            for each in self._rows[phone_number]
            if each.listed_at <= now
            and each.account_id == self.account_id
            and beijing_date(each.sent_at) in dates
        ]

    def _note_closer(self) -> None:
        process = current_process()
        if process.name == CLOSER:
            now = self.scheduler.now
            self.closers.setdefault(process, [now, now])[1] = now


def messages_of(batch: Batch) -> dict[str, tuple[str, ...]]:
    """Return what each number is sent: the sign name, and the params by name."""
    phone_numbers, params = batch.columns()
    names = [f"{name}=" for name in batch.layout.param_names]
    rows = zip(*params, strict=True) if params else [()] * len(batch)
    return {
        number: (sign_name, *sorted(map("".join, zip(names, row, strict=True))))
        for number, sign_name, row in zip(phone_numbers, batch.sign_names, rows, strict=True)
    }

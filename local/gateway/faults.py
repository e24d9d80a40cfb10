"""
Faults: errors that the stand-in makes on purpose.

A fault says which requests it selects and what happens to them. If several faults select
a request, only the first applies. Faults apply only to requests that were admitted
(signature, time stamp, nonce); the nonce of such a request is used up.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from random import Random
from secrets import randbelow
from typing import Any, Self

from .answers import Answer, Refusal
from .phone_numbers import bare
from .request_log import LoggedRequest

SEND = "SendBatchSms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """
    Which requests are selected, and what happens to them.

    The fields from `action` to `times` are selectors; a request must fit all that are given.
    `numbers` and `every` refer to the request's number, which counts from 1 for each action.
    `rate` is a probability, drawn with `seed` for each request that fits the other selectors.
    The fields after `times` change what happens; the defaults come from the kind or the code.
    """

    kind: str
    action: str = SEND
    numbers: tuple[int, ...] = ()
    every: int | None = None
    phone_number: str | None = None
    rate: float | None = None
    seed: int = 0
    times: int | None = None

    lag_before_seconds: float = 0
    lag_after_seconds: float | None = None
    accepts: bool | None = None
    code: str | None = None
    message: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    with_biz_id: bool = False
    body: str = "<html><body>502 Bad Gateway</body></html>"

    def __post_init__(self) -> None:
        if self.kind not in FAULT_KINDS:
            raise ValueError(
                f"no such kind of fault: {self.kind}; there are {', '.join(FAULT_KINDS)}"
            )
        if self.kind == "answer" and self.code is None:
            raise ValueError("an answer needs its code")

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        return cls(**{**fields, "numbers": tuple(fields.get("numbers", ()))})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def selects(self, request: LoggedRequest, phone_numbers: Iterable[str]) -> bool:
        return (
            self.action in (request.action, "*")
            and (not self.numbers or request.number in self.numbers)
            and (self.every is None or request.number % self.every == 0)
            and (self.phone_number is None or self.names_one_of(phone_numbers))
        )

    def names_one_of(self, phone_numbers: Iterable[str]) -> bool:
        number = self.phone_number or ""
        return (bare(number) or number) in phone_numbers

    def accepts_the_call(self) -> bool:
        """Return whether the call is carried out, so that its SMS are sent."""
        return FAULT_KINDS[self.kind].accepts if self.accepts is None else self.accepts

    def lag_after(self) -> float:
        usual = FAULT_KINDS[self.kind].lag_after_seconds
        return usual if self.lag_after_seconds is None else self.lag_after_seconds

    def answer_given(self, own: Answer | None) -> Answer | None:
        """Return the answer in place of the gateway's `own`; None cuts the connection."""
        given = FAULT_KINDS[self.kind].gives(self, own)
        return given and replace(given, headers={**given.headers, **self.headers})


def own_answer(fault: Fault, own: Answer | None) -> Answer | None:
    return own


def coded_answer(fault: Fault, own: Answer | None) -> Answer:
    code = fault.code or FAULT_KINDS[fault.kind].code
    if fault.with_biz_id:
        biz_id = own.biz_id if own and own.biz_id else new_biz_id()
        return Refusal(code, fault.message, fault.status).answer(biz_id=biz_id)
    return Refusal(code, fault.message, fault.status).answer()


def garbage(fault: Fault, own: Answer | None) -> Answer:
    return Answer(code="not JSON", body=fault.body, status=fault.status or 200)


def nothing(fault: Fault, own: Answer | None) -> None:
    """Give no answer: the connection is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultKind:
    """Whether the call is carried out, and which answer the caller gets."""

    accepts: bool
    gives: Callable[[Fault, Answer | None], Answer | None]
    code: str = ""
    lag_after_seconds: float = 0


FAULT_KINDS: dict[str, FaultKind] = {
    # Slow, or slower than any caller waits for.
    "lag": FaultKind(accepts=True, gives=own_answer),
    "lose_answer": FaultKind(accepts=True, gives=own_answer, lag_after_seconds=90),
    # Refused, with a code that says so.
    "throttle": FaultKind(accepts=False, gives=coded_answer, code="Throttling.User"),
    "unavailable": FaultKind(accepts=False, gives=coded_answer, code="ServiceUnavailable"),
    "answer": FaultKind(accepts=False, gives=coded_answer),
    # The caller can not know whether the SMS were sent.
    "garbage": FaultKind(accepts=False, gives=garbage),
    "drop_before": FaultKind(accepts=False, gives=nothing),
    "drop_after": FaultKind(accepts=True, gives=nothing),
}


@dataclass(slots=True, kw_only=True)
class ActiveFault:
    """A fault that was added, and how often it applied."""

    fault: Fault
    applied: int = 0
    random: Random

    def applies_to(self, request: LoggedRequest, phone_numbers: Iterable[str]) -> bool:
        if not self.fault.selects(request, phone_numbers):
            return False
        if self.fault.times is not None and self.applied >= self.fault.times:
            return False
        return self.fault.rate is None or self.random.random() < self.fault.rate


class Faults:
    """The active faults, in the order they were added."""

    def __init__(self) -> None:
        self._active: list[ActiveFault] = []

    def add(self, fault: Fault) -> None:
        random = Random(fault.seed)  # noqa: S311 - the same seed must give the same draws
        self._active.append(ActiveFault(fault=fault, random=random))

    def clear(self) -> None:
        self._active.clear()

    def choose(self, request: LoggedRequest, phone_numbers: Iterable[str]) -> Fault | None:
        for each in self._active:
            if each.applies_to(request, phone_numbers):
                each.applied += 1
                return each.fault
        return None

    def to_json(self) -> list[dict[str, Any]]:
        return [each.fault.to_json() | {"applied": each.applied} for each in self._active]


def new_biz_id() -> str:
    """Return an id that looks like the real ones."""
    return f"{randbelow(9 * 10**17) + 10**17}^0"

"""ParseRecipients among its fakes, files to drop, and what may happen in between."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Self

from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.parsing.plan_file import Defaults
from tests.support import use_cases
from tests.support.fakes import FakeCloser, FakeFiles, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW, phone_numbers

KEY = "incoming/SMS_154950909/云通信/july.csv"
BATCHES_PER_CHECKPOINT = 10
COMMIT_OF_THE_PLAN = 3
"""
Which of a run's writes appends the plan to the log of its template. Before it, the campaign
begins, and claims the place of its bytes.
"""


class Killed(BaseException):
    """The sandbox is gone."""


def killed() -> None:
    raise Killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    files: FakeFiles
    ledger: FakeLedger
    queue: FakeQueue
    closer: FakeCloser
    use_case: ParseRecipients

    @classmethod
    def new(cls) -> Self:
        files, ledger, queue, closer = FakeFiles(), FakeLedger(), FakeQueue(), FakeCloser()
        use_case = use_cases.parse_recipients(
            files,
            ledger,
            queue,
            defaults=Defaults(sign_name="默认", max_rejected_percent=100),
            clock=Clock(NOW),
            batches_per_checkpoint=BATCHES_PER_CHECKPOINT,
            closer=closer,
        )
        return cls(files=files, ledger=ledger, queue=queue, closer=closer, use_case=use_case)

    def parse(self, version: FileVersion) -> Campaign:
        campaign = self.use_case.parse(version)
        assert campaign is not None
        return campaign

    def texted_by_whoever_receives(self) -> Counter[str]:
        """Who gets how many texts if each batch id is sent once."""
        batches = {each.batch_id: each for each in self.queue.batches}
        return Counter(number for each in batches.values() for number in each.phone_numbers)


def july(rows: int) -> bytes:
    lines = [f"{number},张三\n" for number in phone_numbers(rows)]
    return ("手机号,name\n" + "".join(lines)).encode()


def on_call(number: int, happens: Callable[[], None]) -> Callable[[object], None]:
    """Let it happen at the call with this number, and only then."""
    calls = count(1)

    def hook(_: object) -> None:
        if next(calls) == number:
            happens()

    return hook


def with_defaults(use_case: ParseRecipients, **defaults: Any) -> ParseRecipients:
    """Return the use case as another deployment has it."""
    plan_file = replace(use_case.plan_file, defaults=Defaults(**defaults))
    return replace(use_case, plan_file=plan_file)

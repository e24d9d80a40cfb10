"""Judge a file's rows, all of them, and freeze what was decided into a plan."""

from collections import Counter
from dataclasses import dataclass, field

from smsdrop.alibaba.template import Template
from smsdrop.batches.batch import MAX_RECIPIENTS
from smsdrop.batches.batcher import Batcher
from smsdrop.batches.plan_writer import Fate, PlanWriter
from smsdrop.drops import DropPath
from smsdrop.files.recipient_file import RecipientFile
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.header import read_header
from smsdrop.recipients.recipient import Duplicate, Recipient, Recipients
from smsdrop.recipients.rows import in_blocks
from smsdrop.validation.template_columns import fitted
from smsdrop.validation.validator import Judge, Judged

USUAL_BYTES_A_ROW = 30
"""Of a file with a number, a name and little else."""

MAX_BLANK_ROWS = 2_000_000
"""Ours: a sheet of Excel that is blank to its end has half as many."""


@dataclass(slots=True)
class Tally:
    """What the rows came to; `rows = accepted + duplicates + rejected`, blank ones apart."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    blank: int = 0
    batches: int = 0
    segments: int = 0
    problems: list[Reason] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.accepted + self.duplicates + self.rejected

    def count(self, judged: Judged) -> None:
        others = Counter(map(type, judged.others.values()))
        self.accepted += len(judged.recipients) + others[Recipient]
        self.duplicates += others[Duplicate]
        self.rejected += others[Reason]
        self.blank += others[type(None)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How strictly a file is judged."""

    allow_empty_params: bool = False
    check_values: bool = True
    international: bool = False
    max_rows: int = 10_000_000
    max_rejected_percent: float = 20

    def check_size(self, tally: Tally) -> None:
        """Raise `FileRefused` once there are more rows than a file may have."""
        if tally.rows > self.max_rows:
            raise FileRefused(Reason("too_many_rows", (str(self.max_rows),)))
        if tally.blank > MAX_BLANK_ROWS:
            raise FileRefused(Reason("too_many_blank_rows", (str(MAX_BLANK_ROWS),)))

    def fault(self, tally: Tally) -> Reason | None:
        """Say why nothing of the file is sent, though it could be read: it is the wrong one."""
        if tally.rejected * 100 <= tally.rows * self.max_rejected_percent:
            return None
        numbers = (tally.rejected, tally.rows, f"{self.max_rejected_percent:g}")
        return Reason("too_many_rejected", tuple(map(str, numbers)))


def freeze(
    file: RecipientFile,
    plan: PlanWriter,
    *,
    campaign_id: str,
    orders: DropPath,
    rules: Rules,
    template: Template | None = None,
    max_recipients: int = MAX_RECIPIENTS,
    size: int = 0,
) -> Tally:
    """
    Write the plan of a file's rows; its `size` in bytes says about how many they will be.

    Raises `FileRefused` when the file as a whole is not usable; what was written is void then.
    """
    tally = Tally(blank=file.blank)
    fit = fitted(read_header(file.header), template, check_values=rules.check_values)
    plan.columns(fit.header.columns)
    judge = Judge(
        fit.header,
        default_sign_name=orders.sign_name,
        allow_empty_params=rules.allow_empty_params,
        international=rules.international,
        param_rules=fit.param_rules,
        expected_rows=min(size // USUAL_BYTES_A_ROW, rules.max_rows),
    )
    batcher = Batcher(
        campaign_id=campaign_id,
        template_code=orders.template_code,
        layout=fit.header.layout,
        max_recipients=max_recipients,
    )
    for block in in_blocks(file.rows):
        judged = judge.judge(block)
        tally.count(judged)
        rules.check_size(tally)
        tally.segments += fit.segments(judged.recipients)
        batches = batcher.add(judged.recipients)
        fates: dict[int, Fate] = {}
        for index, outcome in judged.others.items():
            if isinstance(outcome, Recipient):
                abroad = Recipients.of(outcome, fit.header.layout)
                tally.segments += fit.segments(abroad)
                [(fates[index], _)] = batcher.add(abroad)
            else:
                fates[index] = outcome
        plan.rows(block, batches, fates)
        tally.batches += plan.batches(batcher.ready())
    tally.batches += plan.batches(batcher.rest())
    tally.problems += [*file.problems(), *fit.problems, *judge.problems()]
    if not tally.rows:
        raise FileRefused(Reason("no_recipients"))
    return tally

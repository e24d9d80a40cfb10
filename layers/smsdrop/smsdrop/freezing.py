"""Judge a file's rows, all of them, and freeze what was decided into a plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from smsdrop.batch import MAX_RECIPIENTS, Batcher
from smsdrop.campaign import Orders
from smsdrop.header import read_header
from smsdrop.judging import Duplicate, Judge, Outcome, Recipient
from smsdrop.plan import PlanWriter
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipient_file import RecipientFile
from smsdrop.rows import Row, UnreadableRow
from smsdrop.template import Template
from smsdrop.template_fit import fitted

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How strictly a file is judged."""

    allow_empty_params: bool = False
    check_values: bool = True
    international: bool = False
    max_rows: int = 10_000_000
    max_rejected_percent: float = 20

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
    orders: Orders,
    rules: Rules,
    template: Template | None = None,
    max_recipients: int = MAX_RECIPIENTS,
) -> Tally:
    """
    Write the plan of a file's rows.

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
    )
    batcher = Batcher(
        campaign_id=campaign_id,
        template_code=orders.template_code,
        param_names=tuple(name for _, name in fit.header.params),
        max_recipients=max_recipients,
    )
    for row, cells, recipient in _accepted(file.rows, judge, plan, tally, max_rows=rules.max_rows):
        tally.accepted += 1
        tally.segments += fit.segments(recipient.sign_name, recipient.params)
        plan.accepted(row, cells, batcher.add(recipient))
        for batch in batcher.ready():
            tally.batches += 1
            plan.batch(batch)
    for batch in batcher.rest():
        tally.batches += 1
        plan.batch(batch)
    tally.problems += [*file.problems(), *fit.problems, *judge.problems()]
    if not tally.rows:
        raise FileRefused(Reason("no_recipients"))
    return tally


def _accepted(
    rows: Iterable[Row], judge: Judge, plan: PlanWriter, tally: Tally, *, max_rows: int
) -> Iterator[tuple[int, list[str], Recipient]]:
    """Yield the rows that can be sent to, and write down what became of the others."""
    room = max_rows
    for row, given in rows:
        cells, outcome = _judged(row, given, judge)
        if outcome is None:
            tally.blank += 1
            if tally.blank > MAX_BLANK_ROWS:
                raise FileRefused(Reason("too_many_blank_rows", (str(MAX_BLANK_ROWS),)))
            continue
        room -= 1
        if room < 0:
            raise FileRefused(Reason("too_many_rows", (str(max_rows),)))
        match outcome:
            case Duplicate() as duplicate:
                tally.duplicates += 1
                plan.duplicate(row, cells, duplicate)
            case Reason() as reason:
                tally.rejected += 1
                plan.rejected(row, cells, reason)
            case recipient:
                yield row, cells, recipient


def _judged(row: int, cells: list[str] | UnreadableRow, judge: Judge) -> tuple[list[str], Outcome]:
    if isinstance(cells, UnreadableRow):
        return cells.cells, cells.reason
    return cells, judge.judge(row, cells) if cells else None

"""Judge a file's rows, all of them, and freeze what was decided into a plan."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from smsdrop.batch import MAX_RECIPIENTS, Batcher
from smsdrop.campaign import Orders
from smsdrop.header import read_header
from smsdrop.judging import Duplicate, Judge
from smsdrop.plan import PlanWriter
from smsdrop.reasons import FileRefused, Reason
from smsdrop.template import Template
from smsdrop.template_fit import fitted


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


def freeze(
    rows: Iterator[tuple[int, list[str]]],
    plan: PlanWriter,
    *,
    campaign_id: str,
    orders: Orders,
    allow_empty_params: bool,
    template: Template | None = None,
    check_values: bool = True,
    max_recipients: int = MAX_RECIPIENTS,
) -> Tally:
    """
    Write the plan of these numbered rows, the first of which that is not blank is the header.

    Raises `FileRefused` when the file as a whole is not usable; what was written is void then.
    """
    tally = Tally()
    fit = fitted(read_header(_first_row(rows, tally)), template, check_values=check_values)
    header = fit.header
    plan.columns(header.columns)
    judge = Judge(
        header,
        default_sign_name=orders.sign_name,
        allow_empty_params=allow_empty_params,
        param_rules=fit.param_rules,
    )
    batcher = Batcher(
        campaign_id=campaign_id,
        template_code=orders.template_code,
        param_names=tuple(name for _, name in header.params),
        max_recipients=max_recipients,
    )
    for row, cells in rows:
        match judge.judge(row, cells):
            case None:
                tally.blank += 1
            case Duplicate() as duplicate:
                tally.duplicates += 1
                plan.duplicate(row, cells, duplicate)
            case Reason() as reason:
                tally.rejected += 1
                plan.rejected(row, cells, reason)
            case recipient:
                tally.accepted += 1
                tally.segments += fit.segments(recipient.sign_name, recipient.params)
                plan.accepted(row, cells, batcher.add(recipient))
                for batch in batcher.ready():
                    tally.batches += 1
                    plan.batch(batch)
    for batch in batcher.rest():
        tally.batches += 1
        plan.batch(batch)
    tally.problems += [*fit.problems, *judge.problems()]
    if not tally.rows:
        raise FileRefused(Reason("no_recipients"))
    return tally


def _first_row(rows: Iterator[tuple[int, list[str]]], tally: Tally) -> list[str]:
    for _, cells in rows:
        if any(cell.strip() for cell in cells):
            return cells
        tally.blank += 1
    raise FileRefused(Reason("no_recipients"))

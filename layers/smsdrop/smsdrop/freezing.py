"""Judge a file's rows, all of them, and freeze what was decided into a plan."""

from collections.abc import Iterator
from dataclasses import dataclass

from smsdrop.batch import Batcher
from smsdrop.campaign import Orders
from smsdrop.header import read_header
from smsdrop.judging import Duplicate, Judge
from smsdrop.plan import PlanWriter
from smsdrop.reasons import FileRefused, Reason


@dataclass(slots=True)
class Tally:
    """What the rows came to; `rows = accepted + duplicates + rejected`, blank ones apart."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    blank: int = 0
    batches: int = 0

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
) -> Tally:
    """
    Write the plan of these numbered rows, the first of which that is not blank is the header.

    Raises `FileRefused` when the file as a whole is not usable; what was written is void then.
    """
    tally = Tally()
    header = read_header(_first_row(rows, tally))
    plan.columns(header.columns)
    judge = Judge(
        header,
        default_sign_name=orders.sign_name,
        allow_empty_params=allow_empty_params,
    )
    batcher = Batcher(
        campaign_id=campaign_id,
        template_code=orders.template_code,
        param_names=tuple(name for _, name in header.params),
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
                plan.accepted(row, cells, batcher.add(recipient))
                for batch in batcher.ready():
                    tally.batches += 1
                    plan.batch(batch)
    for batch in batcher.rest():
        tally.batches += 1
        plan.batch(batch)
    if not tally.rows:
        raise FileRefused(Reason("no_recipients"))
    return tally


def _first_row(rows: Iterator[tuple[int, list[str]]], tally: Tally) -> list[str]:
    for _, cells in rows:
        if any(cell.strip() for cell in cells):
            return cells
        tally.blank += 1
    raise FileRefused(Reason("no_recipients"))

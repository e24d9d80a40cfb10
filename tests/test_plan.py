"""What a plan keeps of a judged file, and how queueing reads it from any checkpoint."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.batch import Batch
from smsdrop.judging import Duplicate
from smsdrop.plan import PlannedRow, PlanWriter, columns_and_rows, planned_batches
from smsdrop.reasons import Reason
from tests.samples import batch_of

cells = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4)


def written(batches: list[Batch]) -> list[bytes]:
    stream = BytesIO()
    writer = PlanWriter(batches=stream, rows=BytesIO())
    for each in batches:
        writer.batch(each)
    return stream.getvalue().splitlines(keepends=True)


@pytest.fixture
def batches() -> list[Batch]:
    return [batch_of(size, position=size, sign_names=("云\n😀",) * size) for size in range(1, 8)]


def test_batches_come_back_as_they_were_written(batches: list[Batch]) -> None:
    planned = list(planned_batches(written(batches), first_byte=0))

    assert [Batch.from_json(each.message) for each in planned] == batches
    assert [each.batch_id for each in planned] == [each.batch_id for each in batches]


@pytest.mark.parametrize("done", range(8))
def test_from_any_checkpoint_the_rest_follows(batches: list[Batch], done: int) -> None:
    lines = written(batches)
    plan = b"".join(lines)
    checkpoints = [0, *(each.next_byte for each in planned_batches(lines, first_byte=0))]

    rest = planned_batches(
        plan[checkpoints[done] :].splitlines(keepends=True), first_byte=checkpoints[done]
    )

    assert [(Batch.from_json(each.message), each.next_byte) for each in rest] == list(
        zip(batches[done:], checkpoints[done + 1 :], strict=True)
    )
    assert checkpoints[-1] == len(plan)


@given(columns=cells, row=cells, number=st.integers(min_value=1))
def test_every_row_comes_back_with_its_own_cells_and_its_fate(
    columns: list[str], row: list[str], number: int
) -> None:
    stream = BytesIO()
    writer = PlanWriter(batches=BytesIO(), rows=stream)
    writer.columns(tuple(columns))
    writer.accepted(number, row, 7)
    writer.duplicate(number + 1, row, Duplicate(number))
    writer.rejected(number + 2, row, Reason("phone_length", ("10",)))

    names, rows = columns_and_rows(iter(stream.getvalue().splitlines(keepends=True)))

    assert names == columns
    assert list(rows) == [
        PlannedRow(cells=row, position=7, duplicate_of=None, rejected=None),
        PlannedRow(cells=row, position=None, duplicate_of=number, rejected=None),
        PlannedRow(
            cells=row, position=None, duplicate_of=None, rejected=Reason("phone_length", ("10",))
        ),
    ]

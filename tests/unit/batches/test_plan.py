"""What a plan keeps of a file, and how queueing reads it from any checkpoint."""

from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.batches.batch import Batch, position_of
from smsdrop.batches.plan import (
    PlanDamaged,
    PlannedRow,
    batches_ahead,
    columns_and_rows,
    planned_batches,
    read_batches,
)
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.files.text.csv_split import split_block
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block
from tests.support.samples import batch_of

cells = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4)


def written(batches: list[Batch]) -> list[bytes]:
    stream = BytesIO()
    writer = PlanWriter(batches=stream, rows=BytesIO())
    for each in batches:
        writer.batches([each.to_json().encode()])
    return stream.getvalue().splitlines(keepends=True)


@pytest.fixture
def batches() -> list[Batch]:
    return [batch_of(size, position=size, sign_names=("云\n😀",) * size) for size in range(1, 8)]


def test_batches_come_back_as_they_were_written(batches: list[Batch]) -> None:
    planned = list(planned_batches(written(batches), after=0, first_byte=0))

    assert [Batch.from_json(each.message) for each in planned] == batches
    assert [each.position for each in planned] == [position_of(each.batch_id) for each in batches]


@pytest.mark.parametrize("done", range(8))
def test_from_any_checkpoint_the_rest_follows(batches: list[Batch], done: int) -> None:
    lines = written(batches)
    plan = b"".join(lines)
    checkpoints = [0, *(each.next_byte for each in planned_batches(lines, after=0, first_byte=0))]

    rest = planned_batches(
        plan[checkpoints[done] :].splitlines(keepends=True),
        after=done,
        first_byte=checkpoints[done],
    )

    assert [(Batch.from_json(each.message), each.next_byte) for each in rest] == list(
        zip(batches[done:], checkpoints[done + 1 :], strict=True)
    )
    assert checkpoints[-1] == len(plan)


@given(
    columns=cells,
    rows=st.lists(cells, min_size=5, max_size=5),
    first_row=st.integers(min_value=1),
)
def test_every_row_comes_back_with_its_cells_and_what_became_of_it(
    columns: list[str], rows: list[list[str]], first_row: int
) -> None:
    width = max(1, *map(len, rows))
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    stream = BytesIO()
    writer = PlanWriter(batches=BytesIO(), rows=stream)
    writer.columns(tuple(columns))
    too_short = Reason("phone_length", ("10",))

    writer.rows(
        Block(first_row, list(zip(*rows, strict=True))),
        [(7, 1)],
        international=[(0, 9)],
        duplicates={2: 1},
        rejected={3: too_short},
        blank=[4],
    )
    for start, text in ((5, "1,a\r\n2,\r\n3,张\r\n"), (8, "4,\\\n")):
        block = split_block(text.encode(), first_row=first_row + start, delimiter=",", width=2)
        assert block is not None
        writer.rows(block, [(7, 1), (8, 2)], international=(), duplicates={}, rejected={}, blank=())

    names, planned = columns_and_rows(iter(stream.getvalue().splitlines(keepends=True)))
    assert names == columns
    assert list(planned) == [
        PlannedRow(row=first_row, cells=rows[0], position=9),
        PlannedRow(row=first_row + 1, cells=rows[1], position=7),
        PlannedRow(row=first_row + 2, cells=rows[2], duplicate_of=1),
        PlannedRow(row=first_row + 3, cells=rows[3], rejected=too_short),
        PlannedRow(row=first_row + 5, cells=["1", "a"], position=7),
        PlannedRow(row=first_row + 6, cells=["2", ""], position=8),
        PlannedRow(row=first_row + 7, cells=["3", "张"], position=8),
        PlannedRow(row=first_row + 8, cells=["4", "\\"], position=7),
    ]


def test_the_batches_of_a_whole_plan_are_read_in_order(batches: list[Batch]) -> None:
    assert list(read_batches(written(batches), count=len(batches))) == batches


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda lines: lines[:-1], id="the end is missing"),
        pytest.param(lambda lines: [*lines, lines[0]], id="there is more"),
        pytest.param(lambda lines: [*lines[:-1], lines[-1][:20]], id="a line is cut short"),
        pytest.param(lambda lines: [*lines[:-1], b"[]\n"], id="a line is another thing"),
        pytest.param(lambda lines: [*lines[:-1], b"\xff\n"], id="a line is no text"),
    ],
)
def test_a_plan_that_was_changed_is_noticed(
    batches: list[Batch], damaged: Callable[[list[bytes]], list[bytes]]
) -> None:
    with pytest.raises(PlanDamaged):
        list(read_batches(damaged(written(batches)), count=len(batches)))


@pytest.mark.parametrize(
    "lines", [[], [b"{"], [b'["a"]\n', b"{}\n"], [b'["a"]\n', b'{"first_row": 2'], [b"\xff"]]
)
def test_rows_that_were_changed_are_noticed(lines: list[bytes]) -> None:
    with pytest.raises(PlanDamaged):
        list(columns_and_rows(iter(lines))[1])


@pytest.mark.parametrize(
    ("recipients", "ahead"),
    [
        pytest.param(1, 1, id="one batch at the least"),
        pytest.param(2, 2, id="one more than the first holds"),
        pytest.param(3, 2, id="as many as the first two hold"),
        pytest.param(4, 3, id="one more than those"),
        pytest.param(21, 6, id="all but the last"),
        pytest.param(22, 0, id="the last is needed, and nobody follows"),
        pytest.param(1000, 0, id="more than the file has"),
    ],
)
def test_as_many_batches_go_ahead_as_hold_the_recipients(
    batches: list[Batch], recipients: int, ahead: int
) -> None:
    assert batches_ahead(written(batches), recipients) == ahead
    assert batches_ahead([], recipients) == 0

"""Freezing a file: every row gets one fate, and the counts balance."""

from collections.abc import Iterable, Iterator
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.batches.batch import MAX_RECIPIENTS, Batch, position_of
from smsdrop.batches.plan import PlannedRow, columns_and_rows
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.drop_path import DropPath
from smsdrop.files.recipient_file import RecipientFile, under_header
from smsdrop.files.rows import BLOCK_ROWS, Row, in_blocks
from smsdrop.parsing.plan_builder import RowCounts, Rules, build_plan
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.blocks import Block
from tests.support.samples import CAMPAIGN_ID, phone_numbers

HEADER = ["phone", "extend_code", "name"]

RULES = Rules()

ABROAD = [f"+1415555267{digit}" for digit in range(10)]

Rows = list[list[str]]


class Read:
    """A reading of these rows."""

    encoding = "utf-8"

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows

    def blocks(self) -> Iterator[Block]:
        return in_blocks(self._rows)

    def problems(self) -> list[Reason]:
        return []


def file_of(rows: Iterable[Row]) -> RecipientFile:
    return under_header(Read(rows))


class Built:
    """The plan of these rows, the first of which is the header."""

    def __init__(self, rows: Rows, rules: Rules = RULES) -> None:
        batches, planned_rows = BytesIO(), BytesIO()
        self.counts: RowCounts = build_plan(
            file_of(enumerate(rows, start=1)),
            PlanWriter(batches=batches, rows=planned_rows),
            campaign_id=CAMPAIGN_ID,
            path=DropPath(template_code="SMS_9", sign_name="云通信"),
            rules=rules,
        )
        self.batches = [Batch.from_json(each) for each in batches.getvalue().splitlines()]
        lines = iter(planned_rows.getvalue().splitlines(keepends=True))
        self.columns, fates = columns_and_rows(lines)
        self.rows: list[PlannedRow] = list(fates)


def row(number: str, *, extend_code: str = "", name: str = "张三") -> list[str]:
    return [number, extend_code, name]


def test_each_row_is_planned_as_it_should_be() -> None:
    first, second = phone_numbers(2)

    built = Built(
        [
            [],
            HEADER,
            row(first),
            [],
            row("oops"),
            row(f"+86 {first}"),
            row(second, extend_code="7"),
            ["", "", ""],
        ]
    )

    assert built.counts == RowCounts(
        accepted=2, duplicates=1, rejected=1, blank=3, batches=2, sign_names={"云通信": None}
    )
    assert built.counts.rows == 4
    assert built.columns == HEADER
    fates = [(each.position, each.duplicate_of, bool(each.rejected)) for each in built.rows]
    assert fates == [(1, None, False), (None, None, True), (None, 3, False), (2, None, False)]


def test_a_row_abroad_is_planned_in_a_batch_of_its_own() -> None:
    first, second = phone_numbers(2)

    built = Built([HEADER, row(first), row(ABROAD[0]), row(second)], Rules(international=True))

    assert [each.position for each in built.rows] == [1, 2, 1]
    assert [len(each) for each in built.batches] == [2, 1]
    assert [each.is_international for each in built.batches] == [False, True]


@given(
    st.lists(
        st.builds(
            row,
            st.sampled_from([*phone_numbers(250), *ABROAD, "oops", "", "1380013800"]),
            extend_code=st.sampled_from(["", "", "7", "x"]),
            name=st.sampled_from(["张三", "张三", ""]),
        ),
        min_size=1,
        max_size=300,
    )
)
def test_the_rows_balance_whatever_is_in_the_file(rows: Rows) -> None:
    try:
        built = Built([HEADER, *rows], Rules(international=True))
    except FileRefused:
        assert not any("".join(each).strip() for each in rows)
        return

    counts = built.counts
    assert counts.rows + counts.blank == len(rows)
    assert len(built.rows) == counts.rows
    assert sum(len(each) for each in built.batches) == counts.accepted
    assert len(built.batches) == counts.batches
    assert [position_of(each.batch_id) for each in built.batches] == [*range(1, counts.batches + 1)]


def test_the_rows_of_a_batch_are_in_its_order() -> None:
    numbers = phone_numbers(2 * MAX_RECIPIENTS + 1)
    built = Built([HEADER, *(row(each, extend_code="7" * (each[-1] < "4")) for each in numbers)])

    for batch in built.batches:
        position = position_of(batch.batch_id)
        mine = [each.cells[0] for each in built.rows if each.position == position]
        assert mine == list(batch.phone_numbers)


def test_a_file_of_nothing_but_rejected_rows_has_a_plan_without_batches() -> None:
    built = Built([HEADER, row("oops")])

    assert built.batches == []
    assert built.counts == RowCounts(rejected=1)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="nothing"),
        pytest.param([[], [""], ["  "]], id="blank lines"),
        pytest.param([HEADER], id="only a header"),
        pytest.param([HEADER, [], [""]], id="a header and blank lines"),
        pytest.param([["colour"], ["red"]], id="no column of phone numbers"),
    ],
)
def test_a_file_that_can_text_no_one_is_refused_as_a_whole(rows: Rows) -> None:
    with pytest.raises(FileRefused):
        Built(rows)


def test_batches_are_written_while_the_file_is_still_being_read() -> None:
    """A million rows must cost a block or two of memory."""
    stream = BytesIO()
    plan = PlanWriter(batches=stream, rows=BytesIO())
    numbers = phone_numbers(2 * BLOCK_ROWS + 2)
    seen = []

    def rows() -> Iterator[tuple[int, list[str]]]:
        yield 1, HEADER
        for position, number in enumerate(numbers, start=2):
            seen.append(stream.getvalue().count(b"\n"))
            yield position, row(number)

    build_plan(
        file_of(rows()),
        plan,
        campaign_id=CAMPAIGN_ID,
        path=DropPath(template_code="SMS_9", sign_name="云通信"),
        rules=RULES,
    )

    written = BLOCK_ROWS // MAX_RECIPIENTS
    assert seen[0] == 0
    assert written - 1 == seen[BLOCK_ROWS + 1] < seen[-1] < 2 * written

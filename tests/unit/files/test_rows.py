"""Rows that are read one by one, gathered into blocks."""

from collections.abc import Iterator

import pytest

from smsdrop.files.rows import BLOCK_CHARACTERS, BLOCK_ROWS, Row, UnreadableRow, in_blocks
from smsdrop.reasons import FileRefused, Reason

BROKEN = Reason("json_line_broken")


def firsts_and_lengths(rows: list[Row]) -> list[tuple[int, int]]:
    return [(block.first_row, len(block)) for block in in_blocks(rows)]


@pytest.mark.parametrize(
    ("rows", "blocks"),
    [
        pytest.param([], [], id="none"),
        pytest.param([(2, ["1"]), (3, ["2"])], [(2, 2)], id="that follow one another"),
        pytest.param([(2, ["1"]), (4, ["2"])], [(2, 1), (4, 1)], id="one left out"),
        pytest.param([(2, ["1"]), (3, ["1", "2"])], [(2, 1), (3, 1)], id="of other widths"),
        pytest.param(
            [(2, ["1"]), (3, UnreadableRow(cells=[], reason=BROKEN)), (4, ["2"])],
            [(2, 1), (3, 1), (4, 1)],
            id="one unreadable",
        ),
        pytest.param(
            [(row, ["1"]) for row in range(BLOCK_ROWS + 1)],
            [(0, BLOCK_ROWS), (BLOCK_ROWS, 1)],
            id="many",
        ),
        pytest.param(
            [(row, ["x" * BLOCK_CHARACTERS]) for row in range(3)],
            [(0, 1), (1, 1), (2, 1)],
            id="long ones",
        ),
        pytest.param(
            [(row, [""] * BLOCK_CHARACTERS) for row in range(2)],
            [(0, 1), (1, 1)],
            id="of many empty cells",
        ),
    ],
)
def test_rows_share_a_block(rows: list[Row], blocks: list[tuple[int, int]]) -> None:
    assert firsts_and_lengths(rows) == blocks


def test_a_row_keeps_its_number_its_cells_and_its_fault() -> None:
    unreadable = UnreadableRow(cells=["?"], reason=BROKEN)

    blocks = list(in_blocks([(2, ["1", "a"]), (3, ["2", "b"]), (4, unreadable), (5, [])]))

    assert [row for block in blocks for row in block.rows()] == [
        (2, ["1", "a"]),
        (3, ["2", "b"]),
        (4, ["?"]),
        (5, [""]),
    ]
    assert [block.fault for block in blocks] == [None, BROKEN, None]


def test_the_rows_before_a_refusal_are_given_first() -> None:
    def rows() -> Iterator[Row]:
        yield 1, ["phone"]
        yield 2, ["1"]
        raise FileRefused(Reason("not_text", ("3",)))

    blocks = in_blocks(rows())

    assert list(next(blocks).rows()) == [(1, ["phone"]), (2, ["1"])]
    with pytest.raises(FileRefused):
        next(blocks)

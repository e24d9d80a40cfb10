"""Rows that come one by one, gathered into blocks."""

import pytest

from smsdrop.reasons import Reason
from smsdrop.recipients.rows import (
    BLOCK_CHARACTERS,
    BLOCK_ROWS,
    Block,
    Row,
    UnreadableRow,
    in_blocks,
)

BROKEN = Reason("json_line_broken")


def firsts_and_lengths(rows: list[Row | Block]) -> list[tuple[int, int]]:
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
            [(2, ["1"]), Block(3, [["2", "3"]]), (5, ["4"])],
            [(2, 1), (3, 2), (5, 1)],
            id="a block among them",
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
def test_rows_share_a_block(rows: list[Row | Block], blocks: list[tuple[int, int]]) -> None:
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

"""Blocks of rows, made of columns or of the lines of a text."""

import pytest

from smsdrop.files.text.csv_split import split_block
from smsdrop.reasons import Reason
from smsdrop.recipients.blocks import Block, RowBlock

BROKEN = Reason("json_line_broken")


def of_columns() -> Block:
    return Block(2, [["1", "2", "3"], ["a", "b,b", ""]])


def of_rows() -> Block:
    return RowBlock(2, [["1", "a"], ["2", "b,b"], ["3", ""]])


def of_lines() -> Block:
    block = split_block(b'1,a\r\n2,"b,b"\r\n3,\r\n', first_row=2, delimiter=",", width=2)
    assert block is not None
    return block


@pytest.fixture(params=[of_columns, of_rows, of_lines])
def block(request: pytest.FixtureRequest) -> Block:
    made: Block = request.param()
    return made


def test_a_block_has_numbered_rows(block: Block) -> None:
    assert len(block) == 3
    assert list(block.rows()) == [(2, ["1", "a"]), (3, ["2", "b,b"]), (4, ["3", ""])]
    assert block.cells(1) == ["2", "b,b"]


def test_a_block_has_columns_of_all_rows_and_of_some(block: Block) -> None:
    assert [list(column) for column in block.columns] == [["1", "2", "3"], ["a", "b,b", ""]]
    assert [list(column) for column in block.some([0, 2])] == [["1", "3"], ["a", ""]]


def test_the_rest_of_a_block_keeps_the_numbers_of_its_rows(block: Block) -> None:
    assert list(block.after(1).rows()) == [(3, ["2", "b,b"]), (4, ["3", ""])]
    assert len(block.after(3)) == 0
    assert block.after(0) is block


def test_the_rest_of_a_faulty_block_is_faulty() -> None:
    assert Block(2, [["1", "2"]], BROKEN).after(1).fault == BROKEN
    assert RowBlock(2, [["1"], ["2"]], BROKEN).after(1).fault == BROKEN

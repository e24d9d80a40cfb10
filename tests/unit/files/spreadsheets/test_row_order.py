"""Rows from the last to the first."""

import pytest

from smsdrop.files.spreadsheets.row_order import (
    MAX_CHARACTERS,
    MAX_PEEKED,
    highest,
    in_order,
    peeked,
)
from smsdrop.reasons import FileRefused
from tests.support.workbooks import cell, rows_of, workbook

ROWS = [(3, ["b"]), (2, ["a"]), (1, [" "])]


@pytest.mark.parametrize(
    ("numbers", "expected"), [([1, 2, 1], False), ([2, 1], True), ([1], False), ([], False)]
)
def test_the_first_two_filled_rows_tell_their_order(numbers: list[int], expected: bool) -> None:
    rows = [(9, [""]), *((number, ["a"]) for number in numbers)]

    is_upside_down, again = peeked(iter(rows))

    assert is_upside_down == expected
    assert list(again) == rows


def test_no_more_than_some_blank_rows_are_looked_at() -> None:
    rows = iter([(row, [""]) for row in range(MAX_PEEKED + 1)])

    is_upside_down, _ = peeked(rows)

    assert not is_upside_down
    assert next(rows) == (MAX_PEEKED, [""])


def test_the_highest_row_that_is_filled_is_the_header() -> None:
    assert highest(ROWS) == ["a"]


def test_rows_are_put_in_order() -> None:
    assert list(in_order(ROWS)) == ROWS[::-1]


def test_rows_that_are_too_many_to_hold_are_refused() -> None:
    with pytest.raises(FileRefused, match="out of order"):
        list(in_order((row, ["x" * 1000]) for row in range(MAX_CHARACTERS // 1000, 0, -1)))


def test_a_workbook_that_is_upside_down_is_read() -> None:
    """Its numbers by the header, which comes last."""
    rows = [
        f'<row r="3" hidden="0">{cell("A3", "13900139000")}{cell("B3", "0.5")}</row>',
        '<row r="2"><c r="A2" s="1"><v>13800138000</v></c><c r="B2" s="1"><v>0.25</v></c></row>',
        f'<row r="1">{cell("A1", "phone", "str")}{cell("B1", "rate", "str")}</row>',
    ]
    styles = '<styleSheet><cellXfs><xf/><xf numFmtId="9"/></cellXfs></styleSheet>'

    assert rows_of(workbook("".join(rows), styles=styles)) == {
        1: ["phone", "rate"],
        2: ["13800138000", "25%"],
        3: ["13900139000", "0.5"],
    }


def test_hidden_rows_of_such_a_workbook_count_once() -> None:
    rows = [
        f'<row r="3" hidden="1">{cell("A3", "13900139000")}</row>',
        f'<row r="2">{cell("A2", "13800138000")}</row>',
        f'<row r="1">{cell("A1", "phone", "str")}</row>',
    ]

    with pytest.raises(FileRefused) as refused:
        rows_of(workbook("".join(rows)))

    assert refused.value.reason.details == ("1",)

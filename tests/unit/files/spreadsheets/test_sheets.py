"""Rows and columns of a sheet."""

from collections.abc import Iterator

import pytest

from smsdrop.files.spreadsheets.sheets import (
    MAX_SHEET_ROWS,
    SheetReading,
    SheetRow,
    column_of,
    with_gaps,
)
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.header import MAX_COLUMNS
from tests.support.blocks import rows_of


def test_cells_that_are_left_out_are_empty() -> None:
    row = SheetRow()

    row.put(1, "a")
    row.put(3, "b")

    assert row.taken() == ["", "a", "", "b"]
    assert row.taken() == []


def test_a_sheet_has_no_more_columns_than_excel() -> None:
    row = SheetRow()
    row.put(MAX_COLUMNS - 1, "a")

    with pytest.raises(FileRefused) as refused:
        row.put(MAX_COLUMNS, "b")

    assert refused.value.reason.code == "too_many_columns"


def test_a_text_that_many_cells_share_counts_each_time() -> None:
    row = SheetRow(room=1000)
    for _ in range(10):
        row.put(0, "x" * 100)
        row.taken()
    row.put(0, "x")

    with pytest.raises(FileRefused, match="more than"):
        row.taken()


@pytest.mark.parametrize(
    ("rows", "filled"),
    [
        pytest.param([(1, ["a"]), (2, ["b"])], [(1, ["a"]), (2, ["b"])], id="none"),
        pytest.param(
            [(2, ["a"]), (4, ["b"])], [(1, []), (2, ["a"]), (3, []), (4, ["b"])], id="two"
        ),
        pytest.param([(1, ["a"]), (2, [""]), (3, [])], [(1, ["a"])], id="blank ones at the end"),
        pytest.param([(1, ["a", "b"]), (2, ["c"])], [(1, ["a", "b"]), (2, ["c", ""])], id="cells"),
        pytest.param([(2, ["a"]), (1, [""])], [(1, []), (2, ["a"])], id="a blank one too late"),
    ],
)
def test_gaps_between_rows_are_filled(
    rows: list[tuple[int, list[str]]], filled: list[tuple[int, list[str]]]
) -> None:
    assert list(with_gaps(rows)) == filled


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param([1, 2, 2], id="repeated"),
        pytest.param([1, 3, 2], id="falling"),
        pytest.param([0, 1], id="from zero"),
        pytest.param([-1, 1], id="negative"),
    ],
)
def test_rows_whose_numbers_do_not_grow_refuse_the_file(numbers: list[int]) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        list(with_gaps([(number, ["a"]) for number in numbers]))


def test_a_row_beyond_excels_last_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        list(with_gaps([(MAX_SHEET_ROWS + 1, ["a"])]))

    assert refused.value.reason.code == "too_many_rows"


@pytest.mark.parametrize(
    ("reference", "column"),
    [("A1", 0), ("Z9", 25), ("AA1", 26), ("XFD7", 16383), ("", 5), ("7", 5)],
)
def test_a_cell_names_its_column(reference: str, column: int) -> None:
    assert column_of(reference, otherwise=5) == column


@pytest.mark.parametrize("reference", ["a1", "é1", "ABCD1"])
def test_a_reference_that_is_none_refuses_the_file(reference: str) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        column_of(reference, otherwise=0)


class Sheet(SheetReading):
    def rows(self) -> Iterator[tuple[int, list[str]]]:
        yield 2, ["a"]


def test_a_sheet_is_given_in_blocks() -> None:
    blocks = Sheet("xlsx").blocks()

    assert list(rows_of(blocks)) == [(1, [""]), (2, ["a"])]


def test_other_sheets_and_hidden_rows_are_problems() -> None:
    sheet = Sheet("xlsx")
    assert sheet.problems() == []

    sheet.sheet, sheet.other_sheets, sheet.hidden_rows = "July", 2, 3

    assert sheet.problems() == [
        Reason("other_sheets", ("July", "2")),
        Reason("hidden_rows", ("3",)),
    ]

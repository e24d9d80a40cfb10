"""Rows and columns of a sheet."""

from collections.abc import Iterator

import pytest

from smsdrop.files.spreadsheets.columns import Columns
from smsdrop.files.spreadsheets.sheets import (
    MAX_SHEET_ROWS,
    MAX_UNNAMED_TOLD,
    SheetReading,
    SheetRow,
    column_of,
    with_gaps,
)
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.header import MAX_COLUMNS
from tests.support.blocks import rows_of


def test_cells_that_are_left_out_are_empty() -> None:
    row = SheetRow(Columns())

    row.put(1, "a")
    row.put(3, "b")

    assert row.taken() == ["", "a", "", "b"]
    assert row.taken() == []


def test_a_sheet_has_no_more_columns_than_excel() -> None:
    row = SheetRow(Columns())
    row.put(MAX_COLUMNS - 1, "a")

    with pytest.raises(FileRefused) as refused:
        row.put(MAX_COLUMNS, "b")

    assert refused.value.reason.code == "too_many_columns"


def test_a_text_that_many_cells_share_counts_each_time() -> None:
    row = SheetRow(Columns(), room=1000)
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


@pytest.mark.parametrize("second", [1, 2])
def test_rows_that_go_back_are_refused(second: int) -> None:
    with pytest.raises(FileRefused) as refused:
        list(with_gaps([(2, ["a"]), (second, ["b"])]))

    assert refused.value.reason == Reason("rows_disordered", (str(second), "2"))


def test_cells_may_come_in_any_order_but_only_once() -> None:
    row = SheetRow(Columns())
    row.put(1, "b")
    row.put(0, "a")

    with pytest.raises(FileRefused, match="damaged"):
        row.put(1, "c")

    assert row.taken() == ["a", "b"]


@pytest.mark.parametrize("number", [0, -1])
def test_a_row_before_the_first_refuses_the_file(number: int) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        list(with_gaps([(number, ["a"])]))


def test_a_row_beyond_excels_last_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        list(with_gaps([(MAX_SHEET_ROWS + 1, ["a"])]))

    assert refused.value.reason.code == "too_many_rows"


@pytest.mark.parametrize(
    ("reference", "column"),
    [
        ("A1", 0),
        ("Z9", 25),
        ("AA1", 26),
        ("XFD7", 16383),
        ("", 5),
        ("7", 5),
        ("ab3", 27),
        ("$C$3", 2),
    ],
)
def test_a_cell_names_its_column(reference: str, column: int) -> None:
    assert column_of(reference, otherwise=5) == column


@pytest.mark.parametrize("reference", ["é1", "ABCD1", "A:1"])
def test_a_reference_that_is_none_refuses_the_file(reference: str) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        column_of(reference, otherwise=0)


class Sheet(SheetReading):
    """Rows read from some file; some are hidden."""

    def __init__(
        self, *rows: list[str], hidden: tuple[int, ...] = (), with_hidden_rows: bool = False
    ) -> None:
        super().__init__("xlsx", with_hidden_rows=with_hidden_rows)
        self._rows = rows
        self._hidden = hidden

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        for number, cells in enumerate(self._rows, start=2):
            if number == 2:
                self.columns.learn(cells)
            if number in self._hidden:
                self.count_hidden(cells)
            yield number, list(cells)


def test_a_sheet_is_given_in_blocks() -> None:
    assert list(rows_of(Sheet(["a"]).blocks())) == [(1, [""]), (2, ["a"])]


def test_other_sheets_are_a_problem() -> None:
    sheet = Sheet()
    assert sheet.problems() == []

    sheet.sheet, sheet.other_sheets = "July", ("August", "September")

    assert sheet.problems() == [Reason("other_sheets", ("July", "2"))]


def test_a_sheet_with_hidden_rows_is_refused_with_their_count() -> None:
    sheet = Sheet(["phone"], ["1"], [""], ["2"], ["3"], hidden=(3, 4, 5))

    with pytest.raises(FileRefused) as refused:
        list(sheet.blocks())

    assert refused.value.reason == Reason("rows_hidden", ("2",))


def test_hidden_rows_that_are_meant_are_read_and_told() -> None:
    sheet = Sheet(["phone"], ["1"], hidden=(3,), with_hidden_rows=True)

    assert list(rows_of(sheet.blocks()))[-1] == (3, ["1"])
    assert sheet.problems() == [Reason("hidden_rows", ("1",))]


def test_a_blank_row_that_is_hidden_is_no_matter() -> None:
    sheet = Sheet(["phone"], ["1"], [" "], hidden=(4,))

    assert len(list(rows_of(sheet.blocks()))) == 4
    assert sheet.problems() == []


def test_what_stands_right_of_the_header_is_ignored_and_told() -> None:
    sheet = Sheet(["phone", "name"], ["1", "a", "VIP", "", "x"], ["2", "b", " "], ["3", "c", "VIP"])

    assert list(rows_of(sheet.blocks()))[2:] == [(3, ["1", "a"]), (4, ["2", "b"]), (5, ["3", "c"])]
    assert sheet.problems() == [
        Reason("nameless_column", ("C", "2")),
        Reason("nameless_column", ("E", "1")),
    ]


def test_of_very_many_columns_without_a_name_only_some_are_told() -> None:
    sheet = Sheet(["phone"], [str(column) for column in range(100)])

    list(sheet.blocks())

    assert len(sheet.problems()) == MAX_UNNAMED_TOLD


def test_without_a_header_no_cell_is_left_out() -> None:
    sheet = Sheet(["13800138000"], ["13900139000", "a"])

    assert list(rows_of(sheet.blocks()))[-1] == (3, ["13900139000", "a"])

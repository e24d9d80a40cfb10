"""Cells that a spreadsheet would make something else of."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smsdrop.closing.results.cells import as_typed, disarmed, is_harmless, marked
from smsdrop.files.text.csv_rows import without_text_marks
from smsdrop.recipients.characters import FORMULA_BEGINNINGS
from smsdrop.validation.report_columns import DISARMED

CHANGED = [
    *("007", "00", "+8613800138000", "8613800138000", "1.39E+10", "1e5", "12E3", "-5", "1.50"),
    *("1,234.50", "1-2", "1/2", "2026-12-01", "2026/12/1", "10:00", "5%", "MAR1", "3月5日"),
    *("2026年12月1日", "￥5", "１３８", "(5)", "013800138000"),
]


@pytest.mark.parametrize("cell", [*CHANGED, "138 0013 8000", " 7", "Dec 1", "10:00 AM"])
def test_what_a_spreadsheet_takes_for_a_number_or_a_date_is_marked_as_text(cell: str) -> None:
    assert marked(cell) == as_typed(cell) == f'="{cell}"'


@pytest.mark.parametrize(
    "cell", ["", "0", "5", "13800138000", "张三", "李4", "A1B2", "Li Lei", "e", "满100减20", "a=1"]
)
def test_any_other_cell_is_as_it_was(cell: str) -> None:
    assert marked(cell) == as_typed(cell) == disarmed(cell) == cell


@pytest.mark.parametrize("beginning", FORMULA_BEGINNINGS)
def test_what_a_spreadsheet_would_run_is_disarmed(beginning: str) -> None:
    assert disarmed(f"{beginning}a") == f"'{beginning}a"
    assert disarmed(beginning).startswith(DISARMED)


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("a")', "@a", "-1+1", "＝1"])
def test_where_cells_are_to_be_mended_what_would_be_run_is_text(cell: str) -> None:
    assert as_typed(cell) == '="' + cell.replace('"', '""') + '"'


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(without_text_marks))
def test_a_mark_is_taken_off_again_when_the_cell_is_dropped(cell: str) -> None:
    assert without_text_marks(as_typed(cell)) == cell
    assert without_text_marks(marked(cell)) == cell


@given(st.text(st.sampled_from("0123456789+-=aE张１ "), max_size=13))
@example("13800138000")
def test_what_is_quickly_found_harmless_is_so(cell: str) -> None:
    assert not is_harmless(cell) or marked(cell) == as_typed(cell) == disarmed(cell) == cell


def test_what_is_in_most_rows_is_found_harmless() -> None:
    assert all(map(is_harmless, ("13800138000", "张三", "0", "Li")))


def test_no_text_is_so_long_that_excel_refuses_the_mark() -> None:
    longest = max(len(as_typed("1" * 250)), len(as_typed("=" + '"' * 120)))

    assert longest <= len('=""') + 255
    assert as_typed("1" * 251) == "1" * 251

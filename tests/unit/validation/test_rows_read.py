"""A column of numbers as it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.reasons import Reason
from smsdrop.recipients.phone_numbers import lacks_digits, read_phone_number
from smsdrop.validation.rows_read import read_numbers

CELLS = [
    *[
        "13800138000",
        "+86 138-0013-8000",
        "1.3800138E10",
        "1.38E+10",
        "1.3912345678E+10",
        "",
        "张三",
    ],
    *["1-380-555-0102", "1 (380) 555-0102", "138 0013 8000", "１３８００１３８０００", "########"],
    *[
        "张三",
        "13800138000\n13900139000",
        "+852 9123 4567",
        "'13800138000",
        '="13800138000"',
        "x" * 100,
    ],
]


def test_numbers_reasons_and_what_lacks_digits_are_told_by_index() -> None:
    assert read_numbers(["1.3800138E10", "13900139000", "1.38E+10", ""]) == (
        ["13800138000", "13900139000", "", ""],
        {2: Reason("phone_digits_lost"), 3: Reason("phone_missing")},
        [0, 2],
    )


@given(st.lists(st.sampled_from(CELLS) | st.text(max_size=14), min_size=1))
def test_a_column_reads_as_its_cells_alone(cells: list[str]) -> None:
    numbers, reasons, rounded = read_numbers(cells)

    for index, cell in enumerate(cells):
        alone = read_phone_number(cell)
        assert (reasons[index] if index in reasons else numbers[index]) == alone
        assert (index in rounded) == lacks_digits(cell)


@pytest.mark.parametrize("cells", [["1-380-555-0102"] * 3, ["张三"], ["1.38E+10"] * 2])
def test_a_column_without_a_number_has_none(cells: list[str]) -> None:
    assert read_numbers(cells)[0] == [""] * len(cells)

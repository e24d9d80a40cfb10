"""Rows as they stand in a queue message."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.recipients.layout import (
    SEPARATOR,
    Layout,
    array_of_rows,
    joined_rows,
    rows_of_texts,
    texts_of_rows,
)

NUMBERS = ["13800138000", "13900139000"]


@pytest.mark.parametrize(
    ("phone_column", "row"),
    [
        pytest.param(0, "13800138000|a|b", id="first"),
        pytest.param(1, "a|13800138000|b", id="amid"),
        pytest.param(2, "a|b|13800138000", id="last"),
    ],
)
def test_the_phone_number_stands_among_the_params(phone_column: int, row: str) -> None:
    layout = Layout(phone_column=phone_column, param_names=("x", "y"))

    rows = layout.rows(NUMBERS, [["a", "c"], ["b", "d"]])

    assert rows[0].decode() == row.replace("|", SEPARATOR)
    assert layout.columns(texts_of_rows(rows)) == (NUMBERS, [["a", "c"], ["b", "d"]])


def test_a_row_without_params_is_a_phone_number() -> None:
    layout = Layout(phone_column=0, param_names=())

    assert layout.rows(NUMBERS, []) == [b"13800138000", b"13900139000"]


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(texts, min_size=1))
def test_any_text_comes_back_from_its_row(values: list[str]) -> None:
    rows = rows_of_texts(values)

    assert texts_of_rows(rows) == values
    assert json.loads(array_of_rows(rows)) == values


def test_rows_may_be_joined_in_parts() -> None:
    rows = rows_of_texts(["a", '"', "张", ""])

    assert array_of_rows([joined_rows(rows[:2]), joined_rows(rows[2:])]) == array_of_rows(rows)

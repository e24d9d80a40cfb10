"""JSON that is put together is JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.json_text import array_of, lines_to_json, object_of, strings_to_json

texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\n\t,张'))


@given(st.lists(texts))
def test_strings_come_back(strings: list[str]) -> None:
    assert json.loads(strings_to_json(strings)) == strings


@given(texts)
def test_lines_come_back(lines: str) -> None:
    assert json.loads(lines_to_json(lines)) == lines


@pytest.mark.parametrize("lines", ["a\nb\n", 'a"b\n', "a\\b\n", "a\tb\n", "\n\n", ""])
def test_what_needs_an_escape_gets_it(lines: str) -> None:
    assert json.loads(lines_to_json(lines)) == lines


@given(st.dictionaries(texts, st.lists(st.lists(texts))))
def test_values_that_are_json_stay_what_they_are(
    values: dict[str, list[list[str]]],
) -> None:
    written = {name: array_of(map(strings_to_json, columns)) for name, columns in values.items()}

    assert json.loads(object_of(written)) == values

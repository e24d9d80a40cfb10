"""JSON that is put together is JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.json_text import array_of, contents_of_strings, object_of, strings_to_json

texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\n\t,张'))


@given(st.lists(texts))
def test_strings_come_back(strings: list[str]) -> None:
    assert json.loads(strings_to_json(strings)) == strings


@pytest.mark.parametrize("string", ["a\nb", 'a"b', "a\\b", "a\tb", "a\0b", "", "张"])
def test_what_needs_an_escape_gets_it(string: str) -> None:
    for written in contents_of_strings([string, "b"]), contents_of_strings([string]):
        assert json.loads(b'"%b"' % written[0]) == string


@given(st.lists(texts))
def test_contents_of_strings_come_back(strings: list[str]) -> None:
    assert [json.loads(b'"%b"' % each) for each in contents_of_strings(strings)] == strings


def test_half_a_letter_is_written_for_others_to_reject() -> None:
    assert contents_of_strings(["\ud800", "a"]) == [b"\xed\xa0\x80", b"a"]
    assert contents_of_strings(['"\ud800']) == [b'\\"\xed\xa0\x80']


@given(st.dictionaries(texts, st.lists(st.lists(texts))))
def test_values_that_are_json_stay_what_they_are(
    values: dict[str, list[list[str]]],
) -> None:
    written = {name: array_of(map(strings_to_json, columns)) for name, columns in values.items()}

    assert json.loads(object_of(written)) == values

"""The pages say the same in both languages."""

import re

import pytest

from smsdrop.pages.words import PAIRS, duration, words_of


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_have_the_same_gaps(name: str) -> None:
    english, chinese = PAIRS[name]

    assert re.findall(r"\{.*?\}", english) == re.findall(r"\{.*?\}", chinese)
    assert english != chinese


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "1 s"),
        (99, "99 s"),
        (100, "2 min"),
        (5_940, "99 min"),
        (5_970, "1.7 h"),
        (86_400, "24.0 h"),
    ],
)
def test_a_duration_is_said_in_the_unit_that_one_would_use(seconds: int, text: str) -> None:
    assert duration(seconds, words_of("en")) == text

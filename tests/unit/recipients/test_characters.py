"""Characters that are invisible, wide or cannot be sent."""

import pytest

from smsdrop.recipients.characters import (
    INVISIBLE,
    PRINTABLE_BLANKS,
    UNSENDABLE,
    is_blank,
    plain_table,
)


@pytest.mark.parametrize(
    ("cells", "blank"),
    [
        pytest.param([], True, id="no cell"),
        pytest.param(["", " ", "\t"], True, id="white space"),
        pytest.param(["\u3000", "\ufeff", "\u200b"], True, id="wide space and invisible marks"),
        pytest.param(["\u200d", "\u2060\u00ad", "\u202e"], True, id="joiners and marks"),
        pytest.param(["\u3164", "\u2800", "\ufe0f"], True, id="fillers that count as letters"),
        pytest.param(["", "0"], False, id="a digit"),
        pytest.param(["", "　。"], False, id="a full stop"),
    ],
)
def test_a_row_is_blank_if_a_person_sees_nothing(cells: list[str], blank: bool) -> None:
    assert is_blank(cells) == blank


def test_a_plain_text_is_narrow_and_has_nothing_to_drop() -> None:
    assert " （１３８）－00\u200b１３\u3000".translate(plain_table("-()")) == "1380013"


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x85", "\ud83d", "\ufffe"])
def test_control_characters_cannot_be_sent(character: str) -> None:
    assert UNSENDABLE.search(f"a{character}b")


@pytest.mark.parametrize("character", ["\t", "\n", "\r", " ", "张", "😀", "\u200b"])
def test_tabs_line_breaks_and_letters_can_be_sent(character: str) -> None:
    assert not UNSENDABLE.search(f"a{character}b")


def test_what_is_invisible_counts_as_printable_in_few_cases_which_are_listed() -> None:
    assert {each for each in INVISIBLE if each.isprintable()} == set(PRINTABLE_BLANKS)

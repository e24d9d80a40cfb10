"""Letters are as few as they can be, and none is longer than every chat takes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from smsdrop.telling.letters import MOST_BYTES, Letter, cut, letters_of
from smsdrop.telling.notices import Notice

TEXTS = st.text(st.characters(codec="utf-8"), max_size=2000)


def notice(text: str) -> Notice:
    return Notice(campaign_id="c", code="closed", text=text)


@given(st.lists(TEXTS, max_size=20))
def test_every_notice_is_in_one_letter_and_no_letter_is_too_long(texts: list[str]) -> None:
    notices = [notice(each) for each in texts]

    letters = list(letters_of(notices))

    assert [each for letter in letters for each in letter.notices] == notices
    assert all(letter.notices and len(letter.text.encode()) <= MOST_BYTES for letter in letters)
    assert all(
        len((one.text + two.notices[0].text).encode()) + 4 > MOST_BYTES
        for one, two in pairwise(letters)
    )


@given(TEXTS, st.integers(3, 3000))
def test_a_cut_text_is_whole_characters_of_its_beginning(text: str, most: int) -> None:
    shown = cut(text, most)

    assert len(shown.encode()) <= most
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


def test_a_notice_that_is_too_long_by_itself_is_cut_between_characters() -> None:
    long = Letter(notices=(notice("长" * 2000),))

    assert long.text == "长" * ((MOST_BYTES - 3) // 3) + "…"


def test_notices_stand_apart() -> None:
    assert Letter(notices=(notice("a\nb"), notice("c"))).text == "a\nb\n\nc"

"""Each code's sentence, with the code behind it."""

import re

import pytest

from smsdrop.alibaba import answers
from smsdrop.code_texts import CODE_TEXTS, code_text
from smsdrop.ledger import codes
from smsdrop.reasons import Reason

OURS = {
    value
    for module in (answers, codes)
    for value in vars(module).values()
    if isinstance(value, str) and re.match(r"smsdrop\.[A-Z]", value)
}

BARE = ("isp.", "Missing", "Invalid")
"""Families whose remaining codes are too mixed for one sentence."""


@pytest.mark.parametrize("code", sorted(set(answers.MEANINGS) - {"OK"} | OURS))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_that_means_something_says_so_in_both_languages(
    code: str, language: str
) -> None:
    text = Reason(code).text(language)

    assert text != code
    assert text.endswith({"en": f". ({code})", "zh": f"。（{code}）"}[language])


@pytest.mark.parametrize("family", sorted(set(answers.FAMILIES) - set(BARE)))
def test_every_family_of_codes_says_something(family: str) -> None:
    assert code_text(f"{family}New", "zh").endswith(f"（{family}New）")


def test_a_code_with_a_sentence_of_its_own_does_not_take_its_familys() -> None:
    assert code_text("isp.RAM_PERMISSION_DENY", "en") != code_text("isp.SYSTEM_ERROR", "en")
    assert code_text("Throttling.User", "en") == code_text("Throttling", "en").replace(
        "(Throttling)", "(Throttling.User)"
    )


@pytest.mark.parametrize("code", ["isv.NEW_CODE", "isp.NEW", "MissingPhoneNumberJson", ""])
def test_an_unknown_code_stands_for_itself(code: str) -> None:
    assert code_text(code, "zh") == ""
    assert Reason(code).text("zh") == code


@pytest.mark.parametrize("code", CODE_TEXTS)
def test_every_code_has_a_chinese_and_an_english_sentence(code: str) -> None:
    texts = CODE_TEXTS[code]

    assert set(texts) == {"en", "zh"}
    assert texts["en"].endswith(".")
    assert texts["zh"].endswith("。")
    assert texts["en"].replace("★", "").isascii()


def test_the_keys_that_cannot_be_read_are_among_ours() -> None:
    assert code_text("smsdrop.NoKeys", "en")

"""The language of a format's locale."""

import pytest

from smsdrop.files.spreadsheets.formats.languages import has_eras, language_number, language_of
from smsdrop.files.spreadsheets.formats.sections import CannotBeShown


@pytest.mark.parametrize(
    ("locale", "month"),
    [
        ("", "July"),
        ("409", "July"),
        ("0c09", "July"),
        ("804", "七月"),
        ("1010804", "七月"),
        ("zh-hk", "七月"),
        ("zh-cn,1", "七月"),
        ("xx", None),
        ("411", None),
    ],
)
def test_a_locale_has_its_names(locale: str, month: str | None) -> None:
    language = language_of(locale)

    assert (language and language.months[6]) == month


@pytest.mark.parametrize("locale", ["1e000804", "130000", "2060401"])
def test_other_numerals_and_calendars_are_not_known(locale: str) -> None:
    with pytest.raises(CannotBeShown):
        language_number(locale)


@pytest.mark.parametrize(("locale", "expected"), [("404", True), ("ja-jp", True), ("804", False)])
def test_some_countries_count_years_by_eras(locale: str, expected: bool) -> None:
    assert has_eras(locale) == expected

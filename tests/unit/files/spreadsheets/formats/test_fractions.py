"""Fractions, as Excel shows them."""

from fractions import Fraction

import pytest

from smsdrop.files.spreadsheets.formats.fractions import nearest
from smsdrop.files.spreadsheets.formats.sections import CannotBeShown
from smsdrop.files.spreadsheets.formats.shown import as_shown


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("0.5", "# ?/?", "1/2"),
        ("1.5", "# ?/?", "1 1/2"),
        ("1.2", "# ?/?", "1 1/5"),
        ("2", "# ?/?", "2"),
        ("0", "# ?/?", "0"),
        ("1.99", "# ?/?", "2"),
        ("-1.5", "# ?/?", "-1 1/2"),
        ("0.3333333333", "# ??/??", "1/3"),
        ("3.14159265", "?/?", "22/7"),
        ("1.26", "# ?/8", "1 2/8"),
        ("1.5", '# ?/?" 斤"', "1 1/2 斤"),
        ("-1.5", "# ?/?;(# ?/?)", "(1 1/2)"),
    ],
)
def test_a_number_is_shown_as_a_fraction(number: str, code: str, shown: str) -> None:
    assert as_shown(number, code) == shown


@pytest.mark.parametrize(
    "code", ["#/", '# ?/?"1/2"', "[DBNum2]# ?/?", "# ?/??????", "0.0/0", "?%/?"]
)
def test_what_is_no_fraction_is_not_guessed(code: str) -> None:
    with pytest.raises(CannotBeShown):
        as_shown("0.5", code)


def test_the_nearest_fraction_has_few_digits() -> None:
    assert nearest(Fraction("0.618"), 2, 0) == (55, 89)
    assert nearest(Fraction("0.618"), 0, 4) == (2, 4)
